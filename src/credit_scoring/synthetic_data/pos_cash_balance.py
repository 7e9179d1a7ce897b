"""POS_CASH_balance: the monthly state of previous loans, from the decision to the end or to the application."""

import polars as pl

from credit_scoring.synthetic_data.bureau_balance import OLDEST_MONTH
from credit_scoring.synthetic_data.draws import case, month_of, named
from credit_scoring.synthetic_data.noise import exponential, is_among_highest, of_habit, uniform
from credit_scoring.synthetic_data.profile import as_printed
from credit_scoring.synthetic_data.source import Columns, Source, shuffled

TABLE = "POS_CASH_balance"
# Cumulative shares.
_FIRST_STATES = ((0.089, "Signed"), (0.0946, "Returned to the store"), (0.0996, "Approved"))
_STARTS_IN_MONTH_OF_DECISION = 0.5
_OLD_MONTH, _COMPLETED_SHARE_OF_OLD, _COMPLETED_SHARE = -50, 0.80, 0.985
_LATE_SHARE, _SERIOUS_SHARE, _SERIOUS_SHARE_OF_LOST = 0.019, 0.0105, 0.1
_LAST_MONTH_MISSING, _CLOSED_A_MONTH_EARLIER, _DEMANDED_SHARE = 0.39, 0.35, 0.1
_COUNT_NULL_SHARE = 0.0026
_PREPAID_SHARE, _PREPAID_PART = 0.3, 0.3

_FIRST, _LAST, _START, _IS_OPEN = named("first", "last", "start", "is open")
_PLANNED, _SINCE, _IS_COMPLETED, _IS_LOST, _DAYS, _LATENESS = named(
    "planned", "since", "is completed", "is lost", "days", "lateness"
)
_COMPLETED = pl.when(_LAST < _OLD_MONTH).then(_COMPLETED_SHARE_OF_OLD).otherwise(_COMPLETED_SHARE)

_LOANS: Columns = {
    "is open": pl.col("ended").is_null(),
    "first": month_of(pl.col("DAYS_DECISION")) - (uniform("first") >= _STARTS_IN_MONTH_OF_DECISION),
    "last": case(
        (_IS_OPEN, -1 - (uniform("last") < _LAST_MONTH_MISSING).cast(pl.Int64)),
        otherwise=month_of(pl.col("ended")) - (uniform("last") < _CLOSED_A_MONTH_EARLIER),
    ).clip(upper_bound=-1),
    "start": _FIRST.clip(lower_bound=OLDEST_MONTH),
    "months": (_LAST - _START + 1).clip(lower_bound=0),
    "completes": ~_IS_OPEN & (uniform("completes") < _COMPLETED),
    "first state": case(
        *((uniform("first state") < share, state) for share, state in _FIRST_STATES), otherwise="Active"
    ),
    "prepays after": pl.when(uniform("prepays") < _PREPAID_SHARE).then(uniform("after") * _PLANNED),
}
_MONTHS: Columns = {
    "MONTHS_BALANCE": _START + pl.col("step"),
    "since": pl.col("MONTHS_BALANCE") - _FIRST,
    "is completed": pl.col("completes") & (pl.col("MONTHS_BALANCE") == _LAST),
    "NAME_CONTRACT_STATUS": case(
        (pl.col("is given up") & (_SINCE > _PLANNED) & (uniform("demand") < _DEMANDED_SHARE), "Demand"),
        (_IS_COMPLETED, "Completed"),
        (_SINCE == 0, pl.col("first state")),
        otherwise="Active",
    ),
    "is counted": uniform("is counted") >= _COUNT_NULL_SHARE,
    "CNT_INSTALMENT": pl.when("is counted").then(pl.when(_IS_COMPLETED).then("paid").otherwise("planned")),
    "prepaid": pl.when(_SINCE > pl.col("prepays after")).then(_PREPAID_PART * _PLANNED).otherwise(0),
    "CNT_INSTALMENT_FUTURE": pl.when("is counted").then(
        pl.when(_IS_COMPLETED).then(0).otherwise((_PLANNED - _SINCE - pl.col("prepaid")).round().clip(0))
    ),
    # Loans that were given up fall behind permanently, mostly by small sums.
    "after half": _SINCE - _PLANNED // 2,
    "is lost": pl.col("is given up") & (pl.col("after half") > 0),
    "lateness": of_habit("late payments", 0.6, "late"),
    "days": (5.0 * exponential("days")).pow(1.35).ceil(),
    "SK_DPD": case(
        (_IS_LOST, 30 * pl.col("after half") + 8), (is_among_highest(_LATENESS, _LATE_SHARE), _DAYS), otherwise=0
    ),
    "SK_DPD_DEF": case(
        (_IS_LOST & (uniform("lost") < _SERIOUS_SHARE_OF_LOST), pl.col("SK_DPD")),
        (is_among_highest(_LATENESS, _SERIOUS_SHARE), _DAYS),
        otherwise=0,
    ),
}


def pos_cash_balance(source: Source, loans: pl.DataFrame) -> pl.DataFrame:
    """Months of the loans of a chunk, in random order."""
    loans = source.compute("POS_CASH_balance loans", loans, _LOANS)
    months = source.expand(TABLE, loans, "months", "step", _MONTHS)
    return as_printed(TABLE, shuffled(months, source.chunk.random(f"{TABLE} order")))
