"""The true probability of default: a function of what the tables show of a client, and of nothing else.

``probability = 1 / (1 + exp(-(intercept + sum of effects)))``. Each effect belongs to one characteristic of
``EFFECTS``: its distance from the mean in standard deviations, bounded, times a weight; a characteristic that the
tables do not show has no effect. One more effect is the product of two sums: bad habits weigh more on clients whose
outside scores are weak. So a model that reads the tables perfectly knows the probability, and only the draw of TARGET
is left to chance.

The latent risk of a client (``clients``) moves outside scores, late payments, refusals, debts and the use of limits
together, and so shows in TARGET through them; it has no other effect.

``truth.json`` holds means, deviations and weights; ``python -m scripts.calibration.truth`` computes them, so that
single columns have their published AUCs and a perfect model has ``CEILING_AUC``.
"""

import json
from bisect import bisect
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import polars as pl
from numpy.typing import NDArray

from credit_scoring.data_contracts.column_types import NO_DATE
from credit_scoring.synthetic_data.draws import named
from credit_scoring.synthetic_data.profile import Floats, calibration

Tables = dict[str, pl.DataFrame]

_LAST_YEAR_DAYS = -365
_MAXIMUM_DEBT, _MAXIMUM_UTILISATION = 1.2, 1.1
CEILING_AUC = 0.797
MINIMUM_DEFAULTS = 30
_MAXIMUM_RATE = 0.25
_MAXIMUM_DEVIATIONS = 2.5
_STEEPNESS = 1.5
_BOTH_TOGETHER = 0.3


@dataclass(frozen=True)
class Effect:
    """How a characteristic moves the log-odds of default.

    Attributes:
        values: the characteristic, computed from the application or from the client's rows of ``history``.
        column: column of the application whose published AUC decides the weight, or "".
        history: table of past credits. Its effect saturates: among clients with many bad events, one more says little.
        strength: the declared weight where there is no column; for histories, in proportion to each other.
    """

    values: pl.Expr
    column: str = ""
    history: str = ""
    strength: float = 0.0


_DEBT, _LIMIT, _EMPLOYED = named("AMT_CREDIT_SUM_DEBT", "AMT_CREDIT_LIMIT_ACTUAL", "DAYS_EMPLOYED")
_LENT = pl.col("AMT_CREDIT_SUM").filter(_DEBT.is_not_null()).sum()
_LATE = pl.col("DAYS_ENTRY_PAYMENT").fill_null(0.0) > pl.col("DAYS_INSTALMENT")
_LATE_LAST_YEAR = _LATE.filter(pl.col("DAYS_INSTALMENT") >= _LAST_YEAR_DAYS)
_REFUSED = pl.col("NAME_CONTRACT_STATUS") == "Refused"
_HAS_DEGREE = pl.col("NAME_EDUCATION_TYPE").is_in(["Higher education", "Academic degree"])
_RUNNING = pl.col("CREDIT_ACTIVE") == "Active"
_DEBT_SHARE = pl.when(_LENT > 0).then(_DEBT.sum() / _LENT).clip(0.0, _MAXIMUM_DEBT)
_UTILISATION = (pl.col("AMT_BALANCE") / _LIMIT).filter(_LIMIT > 0).mean().clip(0.0, _MAXIMUM_UTILISATION)
# Years in a job matter less and less the more there are.
_LOG_OF_JOB = pl.when(_EMPLOYED != NO_DATE).then((50.0 - _EMPLOYED).log())

# Shares of rare events are square roots of shares: the first refusal says more than the fifth.
EFFECTS = {
    "outside score 1": Effect(pl.col("EXT_SOURCE_1"), "EXT_SOURCE_1"),
    "outside score 2": Effect(pl.col("EXT_SOURCE_2"), "EXT_SOURCE_2"),
    "outside score 3": Effect(pl.col("EXT_SOURCE_3"), "EXT_SOURCE_3"),
    "time in the job": Effect(_LOG_OF_JOB, "DAYS_EMPLOYED (365243 as null)"),
    "age of the car": Effect(pl.col("OWN_CAR_AGE").clip(upper_bound=40.0), "OWN_CAR_AGE"),
    "time since the identity paper": Effect(-pl.col("DAYS_ID_PUBLISH"), "DAYS_ID_PUBLISH"),
    "grade of the region": Effect(pl.col("REGION_RATING_CLIENT_W_CITY"), "REGION_RATING_CLIENT_W_CITY"),
    "time since the change of phone": Effect(-pl.col("DAYS_LAST_PHONE_CHANGE"), "DAYS_LAST_PHONE_CHANGE"),
    "time at the address": Effect(-pl.col("DAYS_REGISTRATION"), "DAYS_REGISTRATION"),
    "works in another city": Effect(pl.col("REG_CITY_NOT_WORK_CITY"), "REG_CITY_NOT_WORK_CITY"),
    "loan above the price": Effect(pl.col("AMT_CREDIT") / pl.col("AMT_GOODS_PRICE"), strength=0.12),
    "is a man": Effect(pl.col("CODE_GENDER") == "M", strength=0.08),
    "has a degree": Effect(_HAS_DEGREE, strength=-0.08),
    "late payments": Effect(_LATE.mean().sqrt(), history="installments_payments", strength=0.8),
    "late payments of the last year": Effect(
        _LATE_LAST_YEAR.mean().sqrt(), history="installments_payments", strength=0.5
    ),
    "refused applications": Effect(_REFUSED.mean().sqrt(), history="previous_application", strength=0.9),
    "running credits": Effect(_RUNNING.mean(), history="bureau", strength=0.5),
    "debt of what was lent": Effect(_DEBT_SHARE, history="bureau", strength=0.8),
    "age of credits": Effect((-pl.col("DAYS_CREDIT")).mean().sqrt(), history="bureau", strength=-0.8),
    "use of card limits": Effect(_UTILISATION, history="credit_card_balance", strength=1.1),
}


def characteristics(tables: Tables, identifiers: NDArray[np.int64]) -> dict[str, Floats]:
    """The values of each effect, (n,), NaN where the tables show none.

    Args:
        tables: the tables of a chunk by name.
        identifiers: (n,) SK_ID_CURR of its clients.
    """
    applications = pl.concat((tables[f"application_{part}"].drop("TARGET", strict=False) for part in ("train", "test")))
    # An instalment that was paid in parts is late if the last part is.
    instalments = (
        tables["installments_payments"]
        .group_by("SK_ID_CURR", "SK_ID_PREV", "NUM_INSTALMENT_NUMBER", "DAYS_INSTALMENT")
        .agg(pl.col("DAYS_ENTRY_PAYMENT").max())
    )
    rows_of = tables | {"": applications, "installments_payments": instalments}
    clients = pl.DataFrame({"SK_ID_CURR": identifiers})
    for history in dict.fromkeys(effect.history for effect in EFFECTS.values()):
        values = {name: effect.values for name, effect in EFFECTS.items() if effect.history == history}
        rows = rows_of[history]
        found = rows.group_by("SK_ID_CURR").agg(**values) if history else rows.select("SK_ID_CURR", **values)
        clients = clients.join(found, on="SK_ID_CURR", how="left", maintain_order="left")
    return {name: clients[name].cast(pl.Float64).fill_null(np.nan).to_numpy() for name in EFFECTS}


def shape(values: Floats, centre: float, scale: float, effect: Effect) -> Floats:
    """An effect of weight 1: 0 at the mean and where the value is NaN, bounded on both sides."""
    distance = np.nan_to_num((values - centre) / scale)
    if effect.history:
        return np.asarray(np.tanh(_STEEPNESS * distance), dtype=np.float64)
    return np.clip(distance, -_MAXIMUM_DEVIATIONS, _MAXIMUM_DEVIATIONS)


def sum_of_effects(effects: dict[str, Floats]) -> Floats:
    """Log-odds of default without the intercept: all effects, and what bad habits add to weak outside scores."""
    total, scores, history = (np.zeros(len(next(iter(effects.values())))) for _ in range(3))
    for name, values in effects.items():
        total += values
        if EFFECTS[name].history:
            history += values
        elif EFFECTS[name].column.startswith("EXT_SOURCE"):
            scores += values
    return np.asarray(total + _BOTH_TOGETHER * scores * history, dtype=np.float64)


def true_probability(shown: dict[str, Floats], is_test: NDArray[np.bool_], train_clients: int) -> Floats:
    """Probability of default of each client of a chunk.

    The intercept is the one with which the mean over the chunk's train clients is the published default rate; from
    chunk to chunk it moves by a hundredth. Very small runs get more defaults than published, or the folds of a training
    would have none.

    Args:
        shown: characteristics of the clients.
        is_test: clients whose outcome is not published.
        train_clients: train clients of the whole run.
    """
    effects: dict[str, Floats] = {}
    for name, effect in EFFECTS.items():
        entry = truth_constants()[name]
        effects[name] = entry["weight"] * shape(shown[name], entry["centre"], entry["scale"], effect)
    # Rounded, because the last bits of a hyperbolic tangent differ between processors.
    total = np.round(sum_of_effects(effects), 6)
    rate = max(calibration()["target"]["rate"], min(_MAXIMUM_RATE, MINIMUM_DEFAULTS / max(train_clients, 1)))
    # A run can end in a chunk of a client or two, all of them without a published outcome.
    measured = total if is_test.all() else total[~is_test]
    return logistic(intercept_for(measured, rate) + total)


def draw_defaults(chances: Floats, is_test: NDArray[np.bool_], random: np.random.Generator) -> NDArray[np.int8]:
    """1 where a client defaults; among train and among test clients as many as their chances add up to.

    Clients are drawn systematically in the order of their chances, so that the likely and the unlikely have their
    numbers too: the AUC of a perfect model hardly differs from seed to seed, even in a small run.
    """
    defaults = np.zeros(len(chances), dtype=np.int8)
    for part in (is_test, ~is_test):
        order = np.flatnonzero(part)[np.argsort(chances[part], kind="stable")]
        reached = np.floor(np.cumsum(chances[order]) + random.random())
        defaults[order] = np.diff(reached, prepend=0.0) > 0
    return defaults


def logistic(log_odds: Floats) -> Floats:
    """Probability at log-odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)), dtype=np.float64)


def intercept_for(effects: Floats, rate: float) -> float:
    """The intercept, to six digits, with which probabilities have this mean."""
    millionths = range(-12_000_000, 4_000_000)
    found = bisect(millionths, rate, key=lambda intercept: float(logistic(intercept / 1e6 + effects).mean()))
    return millionths[found] / 1e6


@cache
def truth_constants() -> dict[str, dict[str, float]]:
    """The content of ``truth.json``: for each characteristic its mean (centre), deviation (scale) and weight."""
    text = (files("credit_scoring.synthetic_data") / "truth.json").read_text()
    content: dict[str, dict[str, float]] = json.loads(text)
    return content
