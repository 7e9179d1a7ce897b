"""bureau: credits that the client has with other lenders, as the credit bureau reports them."""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import ndtr

from credit_scoring.synthetic_data.chunks import Chunk
from credit_scoring.synthetic_data.clients import Clients
from credit_scoring.synthetic_data.credits import (
    AGE_BINS_DAYS,
    Groups,
    Mask,
    bin_of,
    draw_given,
    follow,
    joined,
    kinds_of,
    lean,
    owners,
    paired,
)
from credit_scoring.synthetic_data.marginals import Floats
from credit_scoring.synthetic_data.profile import as_printed, marginal

FIRST_ID, LAST_ID = 5_000_000, 6_843_457
_STATUS = ("Closed", "Active", "Sold", "Bad debt")
COMMON_CREDITS = ("Consumer credit", "Credit card", "Mortgage", "Car loan", "Microloan")
_OVERDUE_SHARE = 0.0066
_AMOUNT_STEP = 4.5
_DIGITS_STEP = 0.045

Columns = dict[str, NDArray[Any]]


def bureau(chunk: Chunk, clients: Clients) -> pl.DataFrame:
    """The bureau credits of the clients of a chunk, grouped by client."""
    random = chunk.random("bureau")
    owner = owners(clients.bureau_credits)
    count = len(owner)
    is_test = clients.is_test[owner]
    kinds = kinds_of("bureau", "CREDIT_ACTIVE", _STATUS)
    debt_habit = clients.habits["debt"][owner]
    kind = kinds.draw(follow(debt_habit, 0.35, random), is_test)
    columns: Columns = {
        "SK_ID_CURR": clients.identifiers[owner],
        "SK_ID_BUREAU": chunk.identifiers(count, FIRST_ID, LAST_ID),
        **{name: labels[kind] for name, labels in kinds.labels.items()},
        "CREDIT_CURRENCY": marginal("bureau", "CREDIT_CURRENCY").at(random.random(count)),
    }
    groups = _groups(columns, is_test)
    columns |= _dates(groups, clients.habits["hunger for credit"][owner], random)
    columns |= _amounts(groups, debt_habit, clients.latent["AMT_INCOME_TOTAL"][owner], random)
    columns |= _overdue(columns, groups, clients.habits["late payments"][owner], random)
    return as_printed("bureau", columns)


def _groups(columns: Columns, is_test: Mask) -> dict[str, Groups]:
    """The groups on which dates and amounts depend."""
    state = np.where(columns["CREDIT_ACTIVE"] == "Bad debt", "Sold", columns["CREDIT_ACTIVE"])
    kind = np.where(np.isin(columns["CREDIT_TYPE"], COMMON_CREDITS), columns["CREDIT_TYPE"], "Other")
    return {
        "state": joined([state]),
        "group": joined([state, kind]),
        "by_part": joined([state, kind, np.where(is_test, "test", "train")]),
    }


def _draw(column: str, group: Groups, rank: Floats, random: np.random.Generator) -> Floats:
    return np.asarray(draw_given("bureau", column, group, random, rank), dtype=np.float64)


def _dates(groups: dict[str, Groups], hunger: Floats, random: np.random.Generator) -> Columns:
    count = len(hunger)
    opened = np.minimum(
        np.round(_draw("DAYS_CREDIT", groups["group"], follow(hunger, 0.25, random), random)), 0
    )
    age = np.maximum(-opened, 1)
    by_age = paired(*groups["state"], bin_of(age, AGE_BINS_DAYS), len(AGE_BINS_DAYS) + 1)
    life = random.random(count)
    closed = opened + _draw("LIFE", by_age, life, random) * age
    # Reports end when a credit ends, so the longer it lived the later the last update.
    update = opened + _draw("UPDATE", by_age, ndtr(lean(life * 3.4 - 1.7, 0.9, random)), random) * age
    return {
        "DAYS_CREDIT": opened,
        "DAYS_CREDIT_ENDDATE": np.round(
            opened + _draw("TERM", groups["group"], random.random(count), random)
        ),
        "DAYS_ENDDATE_FACT": np.minimum(np.round(closed), 0.0),
        "DAYS_CREDIT_UPDATE": np.minimum(np.round(update), -1),
    }


def _amounts(
    groups: dict[str, Groups], debt_habit: Floats, income: Floats, random: np.random.Generator
) -> Columns:
    count = len(income)
    amount = _draw("AMT_CREDIT_SUM", groups["group"], follow(income, 0.35, random), random)
    debt = amount * _draw("DEBT", groups["by_part"], follow(debt_habit, 0.45, random), random)
    instalment = amount * _draw("INSTALMENT", groups["by_part"], random.random(count), random)
    limit = _draw("LIMIT", groups["by_part"], random.random(count), random)
    return {
        "AMT_CREDIT_SUM": _stepped(amount, _AMOUNT_STEP),
        "AMT_CREDIT_SUM_DEBT": _stepped(debt, _DIGITS_STEP),
        "AMT_CREDIT_SUM_LIMIT": _stepped(limit, _DIGITS_STEP),
        "AMT_ANNUITY": _stepped(instalment, _AMOUNT_STEP),
    }


def _overdue(
    columns: Columns, groups: dict[str, Groups], late: Floats, random: np.random.Generator
) -> Columns:
    count = len(late)
    overdue = (columns["CREDIT_ACTIVE"] != "Closed") & (follow(late, 0.6, random) > 1.0 - _OVERDUE_SHARE)
    days = np.clip(np.ceil(random.pareto(0.8, count) * 20), 1, 2792)
    amount = columns["AMT_CREDIT_SUM"] * 0.02 * random.random(count)
    worst = _draw("MAX_OVERDUE", groups["by_part"], follow(late, 0.4, random), random)
    return {
        "CREDIT_DAY_OVERDUE": np.where(overdue, days, 0),
        "AMT_CREDIT_SUM_OVERDUE": np.where(overdue, np.maximum(_stepped(amount, _AMOUNT_STEP), 4.5), 0.0),
        "AMT_CREDIT_MAX_OVERDUE": _stepped(worst, _DIGITS_STEP),
        "CNT_CREDIT_PROLONG": marginal("bureau", "CNT_CREDIT_PROLONG").at(follow(late, 0.3, random)),
    }


def _stepped(amounts: Floats, step: float) -> Floats:
    return np.round(np.round(amounts / step) * step, 3)
