"""Months of the credits with other lenders: paid on time, late, closed."""

import polars as pl

from credit_scoring.feature_engineering.history.family import HIGHEST, Measure, Selection, Source
from credit_scoring.feature_engineering.history.preparation import known_at_application, with_layers
from credit_scoring.tables.bureau_balance import BUREAU_BALANCE
from credit_scoring.tables.parquet import CLIENT

LATE_GRADES = {"0": 0, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5}

DERIVED = {
    "late_grade": pl.col("STATUS").replace_strict(LATE_GRADES, default=None, return_dtype=pl.Int8),
}


def prepare(rows: pl.DataFrame) -> pl.DataFrame:
    """Months up to the one of the application, of credits that belong to a client; oldest first."""
    known = known_at_application(rows, BUREAU_BALANCE)
    return with_layers(known.sort(CLIENT, "MONTHS_BALANCE", "SK_ID_BUREAU"), (DERIVED,))


bureau_balance = Source("bureau_balance", "bureau_balance", DERIVED)

REPORTED = Selection("", "reported months of credits with other lenders", pl.col("late_grade").is_not_null())
LATE = Selection("late", "months in which a credit with another lender was late", pl.col("late_grade") >= 1)
LAST_YEAR = Selection(
    "last_12_months",
    "months of the last year of credits with other lenders",
    pl.col("MONTHS_BALANCE") >= -12,
)

LATE_GRADE = Measure(
    "late_grade",
    "lateness grade of a month (0 on time, 1 up to 30 days late, ... 5 more than 120 days or written off)",
    "grade from 0 to 5",
    pl.col("late_grade"),
    maximum=5,
)

FEATURES = (
    *bureau_balance.counts((Selection("", "months reported for credits with other lenders"),), "months"),
    *bureau_balance.shares((LATE,), among=REPORTED),
    *bureau_balance.family((LATE_GRADE,), (LAST_YEAR,), (HIGHEST,)),
)
