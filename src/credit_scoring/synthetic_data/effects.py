"""What moves the probability of default: characteristics of a client, as far as the tables show them.

Measured on the drawn rows and not on the habits behind them, in the same way as features are: everything that the
probability depends on can be read off the tables.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from credit_scoring.synthetic_data.distributions import Floats
from credit_scoring.synthetic_data.draws import named

Tables = dict[str, pl.DataFrame]

_NOT_EMPLOYED = 365_243
_LAST_YEAR_DAYS = -365
_MAXIMUM_DEBT, _MAXIMUM_UTILISATION = 1.2, 1.1


@dataclass(frozen=True)
class Effect:
    """How a characteristic moves the log-odds of default.

    Attributes:
        values: the characteristic, computed from the application or from the client's rows of ``history``.
        strength: the declared weight; for histories, in proportion to each other; 0 if the calibration finds it.
        column: column of the application whose published AUC decides the weight instead, or "".
        history: table of past credits. Its effect saturates: among clients with many bad events, one more says little.
    """

    values: pl.Expr
    strength: float = 0.0
    column: str = ""
    history: str = ""


def _of_column(column: str, values: pl.Expr | None = None) -> Effect:
    return Effect(pl.col(column) if values is None else values, column=column)


_DEBT, _LIMIT, _EMPLOYED = named("AMT_CREDIT_SUM_DEBT", "AMT_CREDIT_LIMIT_ACTUAL", "DAYS_EMPLOYED")
_LENT = pl.col("AMT_CREDIT_SUM").filter(_DEBT.is_not_null()).sum()
_IS_LATE = pl.col("DAYS_ENTRY_PAYMENT").fill_null(0.0) > pl.col("DAYS_INSTALMENT")
_IS_LATE_LAST_YEAR = _IS_LATE.filter(pl.col("DAYS_INSTALMENT") >= _LAST_YEAR_DAYS)
_IS_REFUSED = pl.col("NAME_CONTRACT_STATUS") == "Refused"
_HAS_DEGREE = pl.col("NAME_EDUCATION_TYPE").is_in(["Higher education", "Academic degree"])
_UTILISATION = (pl.col("AMT_BALANCE") / _LIMIT).filter(_LIMIT > 0).mean()
# Years in a job matter less and less the more there are.
_LOG_OF_JOB = pl.when(_EMPLOYED != _NOT_EMPLOYED).then((50.0 - _EMPLOYED).log())

# Shares of rare events are square roots of shares: the first refusal says more than the fifth.
EFFECTS = {
    "outside score 1": _of_column("EXT_SOURCE_1"),
    "outside score 2": _of_column("EXT_SOURCE_2"),
    "outside score 3": _of_column("EXT_SOURCE_3"),
    "time in the job": _of_column("DAYS_EMPLOYED (365243 as null)", _LOG_OF_JOB),
    "age of the car": _of_column("OWN_CAR_AGE", pl.col("OWN_CAR_AGE").clip(upper_bound=40.0)),
    "time since the identity paper": _of_column("DAYS_ID_PUBLISH", -pl.col("DAYS_ID_PUBLISH")),
    "grade of the region": _of_column("REGION_RATING_CLIENT_W_CITY"),
    "time since the change of phone": _of_column("DAYS_LAST_PHONE_CHANGE", -pl.col("DAYS_LAST_PHONE_CHANGE")),
    "time at the address": _of_column("DAYS_REGISTRATION", -pl.col("DAYS_REGISTRATION")),
    "works in another city": _of_column("REG_CITY_NOT_WORK_CITY"),
    "loan above the price": Effect(pl.col("AMT_CREDIT") / pl.col("AMT_GOODS_PRICE"), 0.12),
    "is a man": Effect(pl.col("CODE_GENDER") == "M", 0.08),
    "has a degree": Effect(_HAS_DEGREE, -0.08),
    "late payments": Effect(_IS_LATE.mean().sqrt(), 0.8, history="installments_payments"),
    "late payments of the last year": Effect(
        _IS_LATE_LAST_YEAR.mean().sqrt(), 0.5, history="installments_payments"
    ),
    "refused applications": Effect(_IS_REFUSED.mean().sqrt(), 0.9, history="previous_application"),
    "running credits": Effect((pl.col("CREDIT_ACTIVE") == "Active").mean(), 0.5, history="bureau"),
    "debt of what was lent": Effect(
        pl.when(_LENT > 0).then(_DEBT.sum() / _LENT).clip(0.0, _MAXIMUM_DEBT), 0.8, history="bureau"
    ),
    "age of credits": Effect((-pl.col("DAYS_CREDIT")).mean().sqrt(), -0.8, history="bureau"),
    "use of card limits": Effect(
        _UTILISATION.clip(0.0, _MAXIMUM_UTILISATION), 1.1, history="credit_card_balance"
    ),
}


def characteristics(tables: Tables, identifiers: NDArray[np.int64]) -> dict[str, Floats]:
    """The values of each effect, (n,), NaN where the tables show none.

    Args:
        tables: the tables of a chunk by name.
        identifiers: (n,) SK_ID_CURR of its clients.
    """
    applications = pl.concat(
        (tables[f"application_{part}"].drop("TARGET", strict=False) for part in ("train", "test"))
    )
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
