"""previous_application: earlier applications of the client with Home Credit itself."""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import ndtr

from credit_scoring.synthetic_data.cards import OLD_CARD_DAYS
from credit_scoring.synthetic_data.chunks import Chunk
from credit_scoring.synthetic_data.clients import Clients
from credit_scoring.synthetic_data.credits import (
    TERM_BINS,
    Groups,
    Mask,
    bin_of,
    draw_given,
    follow,
    joined,
    lean,
    owners,
    paired,
)
from credit_scoring.synthetic_data.marginals import Floats, with_nulls
from credit_scoring.synthetic_data.previous_kinds import draw_kinds, kinds_of_previous
from credit_scoring.synthetic_data.profile import as_printed, given, marginal
from credit_scoring.synthetic_data.ranks import even_ranks
from credit_scoring.synthetic_data.schedules import Schedules, schedules_of

FIRST_ID, LAST_ID = 1_000_001, 2_845_382
TABLE = "previous_application"

_BY_PRODUCT = (
    "CHANNEL_TYPE",
    "NAME_SELLER_INDUSTRY",
    "NAME_CLIENT_TYPE",
    "NAME_TYPE_SUITE",
    "NAME_PAYMENT_TYPE",
)
_INTEREST_RATE_SHARE = 0.00356
_NOT_LAST_OF_CONTRACT, _NOT_LAST_OF_DAY = 0.00507, 0.00353
# RATE_DOWN_PAYMENT is this many times the down payment's share of credit and down payment.
_DOWN_PAYMENT_FACTOR = 1.0890909
_INSTALMENTS_OF_A_CARD, _USUAL_INSTALMENTS = 20.0, 12.0
# Loans and cards without a previous application are frequent in the source, and old; here all have one.
_OLD_CARD_SHARE, _OLD_CARD_SHARE_OF_TEST, _OLD_CARD_DAYS = 0.158, 0.042, (-2922.0, -2550.0)
_OLD_LOAN_SHIFT_DAYS, _FIRST_SHIFTED_DAY, _OLDEST_DAY = 100.0, -1300.0, -2922.0
_LIMIT_STEP = 22_500.0
_LIMITS_OF_OLD_CARDS = (
    (0.0, 0.09, 0.15, 0.3, 0.52, 0.65, 0.8, 1.0),
    (45e3, 45e3, 80e3, 105e3, 120e3, 165e3, 182e3, 191e3),
)

Columns = dict[str, NDArray[Any]]


def previous_application(chunk: Chunk, clients: Clients) -> tuple[pl.DataFrame, Schedules]:
    """The previous applications of the clients of a chunk, and what became of those that were approved."""
    random = chunk.random(TABLE)
    owner = owners(clients.previous_applications)
    count = len(owner)
    kinds = kinds_of_previous()
    kind = draw_kinds(clients, owner, random)
    groups: dict[str, Groups] = {
        "group": (kinds.named("NAME_CONTRACT_TYPE", "NAME_CONTRACT_STATUS"), kind),
        "product": (kinds.named("PRODUCT_COMBINATION", "NAME_CONTRACT_STATUS"), kind),
        "purpose": (kinds.named("NAME_CONTRACT_TYPE", "NAME_PRODUCT_TYPE", "NAME_CONTRACT_STATUS"), kind),
        "type": (kinds.named("NAME_CONTRACT_TYPE"), kind),
        "yield": (kinds.named("NAME_YIELD_GROUP"), kind),
    }
    columns: Columns = {name: labels[kind] for name, labels in kinds.labels.items()}
    columns["PRODUCT_COMBINATION"] = with_nulls(
        columns["PRODUCT_COMBINATION"], columns["PRODUCT_COMBINATION"] == ""
    )
    columns["SK_ID_PREV"] = chunk.identifiers(count, FIRST_ID, LAST_ID)
    columns["SK_ID_CURR"] = clients.identifiers[owner]
    columns["DAYS_DECISION"] = _decisions(
        columns, groups, clients.habits["hunger for credit"][owner], clients.is_test[owner], random
    )
    columns |= {name: _draw(name, groups["product"], random) for name in _BY_PRODUCT}
    columns["CODE_REJECT_REASON"] = _draw("CODE_REJECT_REASON", groups["group"], random)
    columns["NAME_CASH_LOAN_PURPOSE"] = _draw("NAME_CASH_LOAN_PURPOSE", groups["purpose"], random)
    columns["NAME_GOODS_CATEGORY"] = _draw(
        "NAME_GOODS_CATEGORY", joined([columns["NAME_SELLER_INDUSTRY"]]), random
    )
    columns["SELLERPLACE_AREA"] = np.round(
        _draw("SELLERPLACE_AREA", joined([columns["CHANNEL_TYPE"]]), random)
    )
    columns |= _amounts(columns, groups, clients.latent["AMT_INCOME_TOTAL"][owner], random)
    columns |= _interest_rates(count, random)
    columns |= _calendar(count, random)
    schedules = schedules_of(columns, groups, clients, owner, random)
    columns |= schedules.columns
    return as_printed(TABLE, columns), schedules


def _draw(
    column: str, group: Groups, random: np.random.Generator, rank: Floats | None = None
) -> NDArray[Any]:
    return draw_given(TABLE, column, group, random, rank)


def _decisions(
    columns: Columns, groups: dict[str, Groups], hunger: Floats, is_test: Mask, random: np.random.Generator
) -> Floats:
    count = len(hunger)
    days = _draw("DAYS_DECISION", groups["product"], random, follow(hunger, 0.3, random))
    card = (columns["NAME_CONTRACT_TYPE"] == "Revolving loans") & (
        columns["NAME_CONTRACT_STATUS"] == "Approved"
    )
    loan = ~card & (columns["NAME_CONTRACT_STATUS"] == "Approved")
    old = random.random(count) < np.where(is_test, _OLD_CARD_SHARE_OF_TEST, _OLD_CARD_SHARE)
    days = np.where(card & old, random.uniform(*_OLD_CARD_DAYS, count), days)
    way = np.clip((_FIRST_SHIFTED_DAY - days) / (_FIRST_SHIFTED_DAY - _OLDEST_DAY), 0.0, 1.0)
    days = np.where(loan, days - _OLD_LOAN_SHIFT_DAYS * 4.0 * way * (1.0 - way), days)
    return np.minimum(np.round(days), -1.0)


def _amounts(
    columns: Columns, groups: dict[str, Groups], income: Floats, random: np.random.Generator
) -> Columns:
    """Price, down payment, credit, term and annuity; the credit is the price less the down payment plus fees."""
    size = lean(income, 0.35, random)
    revolving = columns["NAME_CONTRACT_TYPE"] == "Revolving loans"
    price = _draw("ASKED", groups["product"], random, ndtr(size))
    old_card = revolving & (columns["DAYS_DECISION"] < OLD_CARD_DAYS)
    price = np.where(old_card, np.interp(ndtr(size), *_LIMITS_OF_OLD_CARDS), price)
    price = np.where(
        revolving, np.maximum(_stepped(price, _LIMIT_STEP), 2 * _LIMIT_STEP), _stepped(price, 4.5)
    )
    nothing = random.random(len(price))
    asked_nothing, without_terms = (
        _chance(column, groups["group"], nothing) for column in ("ASKED_IS_ZERO", "TERMS_ARE_NULL")
    )
    fee = np.nan_to_num(_draw("FEE", groups["group"], random), nan=1.0)
    rate = _draw("RATE_DOWN_PAYMENT", groups["group"], random, ndtr(lean(-size, 0.2, random)))
    known_rate = np.nan_to_num(rate)
    down = np.round(known_rate * price * fee / (_DOWN_PAYMENT_FACTOR - known_rate * (1.0 - fee)) / 4.5) * 4.5
    down = np.where(asked_nothing, 0.0, down)
    for_goods = columns["NAME_CONTRACT_TYPE"] == "Consumer loans"
    credit = _stepped(np.maximum(price - down, 0.0) * fee, 4.5)
    # A card that was offered has a limit though nothing was asked for; goods not bought still have a price.
    credit = np.where(np.where(for_goods, asked_nothing, without_terms), 0.0, credit)
    term_rank = ndtr(lean(size, 0.55, random))
    payments = _draw("CNT_PAYMENT", groups["product"], random, term_rank)
    payments = np.nan_to_num(payments, nan=_USUAL_INSTALMENTS)
    payments = np.where(~revolving & (payments == 0), _USUAL_INSTALMENTS, payments)
    payments = np.where(without_terms, np.nan, payments)
    cost = paired(*groups["yield"], bin_of(np.nan_to_num(payments), TERM_BINS), len(TERM_BINS) + 1)
    factor = np.nan_to_num(_draw("FACTOR", cost, random), nan=1.0)
    annuity = credit * factor / np.where(payments > 0, payments, _INSTALMENTS_OF_A_CARD)
    paid_in_all = np.maximum(credit + down, 1.0)
    return {
        "AMT_APPLICATION": np.where(asked_nothing, 0.0, price),
        "AMT_GOODS_PRICE": np.where(asked_nothing, np.nan, price),
        "AMT_CREDIT": credit,
        "AMT_DOWN_PAYMENT": np.where(np.isnan(rate), np.nan, down),
        "RATE_DOWN_PAYMENT": np.where(np.isnan(rate), np.nan, _DOWN_PAYMENT_FACTOR * down / paid_in_all),
        "CNT_PAYMENT": payments,
        "AMT_ANNUITY": np.where(np.isnan(payments), np.nan, _stepped(annuity, 0.045)),
    }


def _chance(column: str, group: Groups, rank: Floats) -> Mask:
    """Whether an event happens to a row whose group gives it a chance."""
    labels, codes = group
    chances = np.array([given(TABLE, column).chance(label) for label in labels])
    return np.asarray(rank < chances[codes])


def _interest_rates(count: int, random: np.random.Generator) -> Columns:
    """The source knows the interest rate of few applications, and then both of them."""
    known = np.flatnonzero(random.random(count) < _INTEREST_RATE_SHARE)
    rates = {name: np.full(count, np.nan) for name in ("RATE_INTEREST_PRIMARY", "RATE_INTEREST_PRIVILEGED")}
    for name, values in rates.items():
        values[known] = marginal(TABLE, name).at(even_ranks(random.random(len(known)), random))
    return dict(rates)


def _calendar(count: int, random: np.random.Generator) -> Columns:
    return {
        "WEEKDAY_APPR_PROCESS_START": marginal(TABLE, "WEEKDAY_APPR_PROCESS_START").at(random.random(count)),
        "HOUR_APPR_PROCESS_START": marginal(TABLE, "HOUR_APPR_PROCESS_START").at(random.random(count)),
        "FLAG_LAST_APPL_PER_CONTRACT": np.where(random.random(count) < _NOT_LAST_OF_CONTRACT, "N", "Y"),
        "NFLAG_LAST_APPL_IN_DAY": np.where(random.random(count) < _NOT_LAST_OF_DAY, 0, 1),
    }


def _stepped(amounts: Floats, step: float) -> Floats:
    return np.round(np.round(np.maximum(amounts, 0.0) / step) * step, 3)
