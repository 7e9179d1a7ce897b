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
_LOG_OF_JOB = pl.when(_EMPLOYED != _NOT_EMPLOYED).then((50.0 - _EMPLOYED).log())

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
