"""Trouble with other lenders: arrears, postponed ends; and how things stood half a year before the application."""

import polars as pl

from credit_scoring.feature_engineering.history.bureau.rows import (
    ALL,
    LAST_730,
    bureau,
)
from credit_scoring.feature_engineering.history.feature_builder import (
    HIGHEST,
    LOWEST,
    TOTAL,
    Measure,
    Selection,
)
from credit_scoring.feature_engineering.history.formulas import ratio

MONEY = "currency units"
WORST = Measure("worst_arrears", "worst arrears ever reached", MONEY, pl.col("AMT_CREDIT_MAX_OVERDUE"))
ARREARS = Measure("arrears", "arrears on the day of the application", MONEY, pl.col("AMT_CREDIT_SUM_OVERDUE"))
DAYS_LATE = Measure(
    "days_late", "number of days late on the day of the application", "days", pl.col("CREDIT_DAY_OVERDUE")
)
PROLONGED = Measure("prolonged", "number of times the end was put off", "times", pl.col("CNT_CREDIT_PROLONG"))
AGE = Measure("days_since_start", "number of days since the start", "days", pl.col("days_since_start"))

EVER_LATE = Selection(
    "ever_in_arrears",
    "credits with other lenders that were ever in arrears",
    pl.col("AMT_CREDIT_MAX_OVERDUE") > 0,
)
REPORTED_ARREARS = Selection(
    "",
    "credits with other lenders whose worst arrears are known",
    pl.col("AMT_CREDIT_MAX_OVERDUE").is_not_null(),
)

AS_OF = 180
_STARTED_BY_THEN = pl.col("DAYS_CREDIT") <= -AS_OF
_OPEN_THEN = _STARTED_BY_THEN & ~(pl.col("days_since_end") >= AS_OF).fill_null(False)
STARTED_BY_THEN = Selection(
    f"as_of_{AS_OF}_days",
    f"credits with other lenders started at least {AS_OF} days before the application",
    _STARTED_BY_THEN,
)
OPEN_THEN = Selection(
    f"open_as_of_{AS_OF}_days",
    f"credits with other lenders that were open {AS_OF} days before the application",
    _OPEN_THEN,
)
LENT = Measure("credit", "amount lent", MONEY, pl.col("AMT_CREDIT_SUM"))

ARREARS_AND_PAST = (
    *bureau.cross_product((WORST,), (ALL,), (HIGHEST, TOTAL)),
    *bureau.cross_product((WORST,), (LAST_730,), (HIGHEST,)),
    bureau.feature(
        "worst_arrears_to_credit",
        "Worst arrears ever reached relative to the amount lent, highest over credits with other lenders.",
        "ratio",
        ratio(pl.col("AMT_CREDIT_MAX_OVERDUE"), pl.col("AMT_CREDIT_SUM")).max(),
        minimum=0,
    ),
    *bureau.counts((EVER_LATE,), "credits"),
    *bureau.shares((EVER_LATE,), among=REPORTED_ARREARS),
    *bureau.cross_product((AGE,), (EVER_LATE,), (LOWEST,)),
    *bureau.cross_product((ARREARS,), (ALL,), (TOTAL,)),
    *bureau.cross_product((DAYS_LATE,), (ALL,), (HIGHEST,)),
    *bureau.cross_product((PROLONGED,), (ALL,), (TOTAL,)),
    *bureau.counts((STARTED_BY_THEN, OPEN_THEN), "credits"),
    *bureau.cross_product((LENT,), (OPEN_THEN,), (TOTAL,)),
    bureau.feature(
        f"open_change_since_{AS_OF}_days",
        f"Running credits with other lenders now, minus those open {AS_OF} days before the application.",
        "credits",
        (pl.col("CREDIT_ACTIVE") == "Active").sum().cast(pl.Int32) - _OPEN_THEN.sum().cast(pl.Int32),
        without_history=0,
    ),
)
