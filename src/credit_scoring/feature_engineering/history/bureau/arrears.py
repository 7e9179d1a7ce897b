"""Arrears and postponed ends with other lenders; and the state half a year before the application."""

from functools import partial

import polars as pl

from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import MONEY, more_is_riskier
from credit_scoring.feature_engineering.history.aggregations import AS_OF_DAYS, Measure, Selection
from credit_scoring.feature_engineering.history.bureau.amounts import LENT
from credit_scoring.feature_engineering.history.bureau.rows import ALL, LAST_730, bureau
from credit_scoring.feature_engineering.history.formulas import ratio
from credit_scoring.feature_engineering.history.statistics import HIGHEST, LOWEST, TOTAL

PAYMENTS = Concept.PAYMENTS_ELSEWHERE
late_measure = partial(Measure, concept=PAYMENTS, monotone=1)
late_rows = partial(Selection, concept=PAYMENTS, monotone=1)

WORST = late_measure("worst_arrears", "worst arrears ever reached", MONEY, "AMT_CREDIT_MAX_OVERDUE")
ARREARS = late_measure("arrears", "arrears on the day of the application", MONEY, "AMT_CREDIT_SUM_OVERDUE")
DAYS_LATE = late_measure("days_late", "number of days late on the day of the application", "days", "CREDIT_DAY_OVERDUE")
PROLONGED = Measure(
    "prolonged", "number of times the end was postponed", "times", "CNT_CREDIT_PROLONG", concept=PAYMENTS
)
AGE = Measure("days_since_start", "number of days since the start", "days")

EVER_LATE = late_rows(
    "ever_in_arrears", "credits with other lenders that were ever in arrears", pl.col("AMT_CREDIT_MAX_OVERDUE") > 0
)
REPORTED_ARREARS = Selection(
    "", "credits with other lenders whose worst arrears are known", pl.col("AMT_CREDIT_MAX_OVERDUE").is_not_null()
)

_STARTED_BY_THEN = pl.col("DAYS_CREDIT") <= -AS_OF_DAYS
_OPEN_THEN = _STARTED_BY_THEN & ~(pl.col("days_since_end") >= AS_OF_DAYS).fill_null(False)
STARTED_BY_THEN = Selection(
    f"as_of_{AS_OF_DAYS}_days",
    f"credits with other lenders started at least {AS_OF_DAYS} days before the application",
    _STARTED_BY_THEN,
)
OPEN_THEN = Selection(
    f"open_as_of_{AS_OF_DAYS}_days",
    f"credits with other lenders that were open {AS_OF_DAYS} days before the application",
    _OPEN_THEN,
    Concept.DEBTS_ELSEWHERE,
)

ARREARS_AND_PAST = (
    *bureau.cross_product((WORST,), (ALL,), (HIGHEST,), disclosure=more_is_riskier("amount")),
    *bureau.cross_product((WORST,), (ALL,), (TOTAL,)),
    *bureau.cross_product((WORST,), (LAST_730,), (HIGHEST,)),
    bureau.feature(
        "worst_arrears_to_credit",
        "Worst arrears ever reached relative to the amount lent, highest over credits with other lenders.",
        "ratio",
        ratio(pl.col("AMT_CREDIT_MAX_OVERDUE"), pl.col("AMT_CREDIT_SUM")).max(),
        minimum=0,
        concept=PAYMENTS,
        monotone=1,
    ),
    *bureau.counts((EVER_LATE.disclosed(risk_rises=True),), "credits"),
    *bureau.shares((EVER_LATE.disclosed(risk_rises=True),), among=REPORTED_ARREARS),
    *bureau.cross_product((AGE,), (EVER_LATE,), (LOWEST,)),
    *bureau.cross_product((ARREARS,), (ALL,), (TOTAL,), disclosure=more_is_riskier("amount")),
    *bureau.cross_product((DAYS_LATE,), (ALL,), (HIGHEST,), disclosure=more_is_riskier("days")),
    *bureau.cross_product((PROLONGED,), (ALL,), (TOTAL,), disclosure=more_is_riskier("count")),
    *bureau.counts((STARTED_BY_THEN, OPEN_THEN), "credits"),
    *bureau.cross_product((LENT,), (OPEN_THEN,), (TOTAL,)),
    bureau.feature(
        f"open_change_since_{AS_OF_DAYS}_days",
        f"Running credits with other lenders now, minus those open {AS_OF_DAYS} days before the application.",
        "credits",
        (pl.col("CREDIT_ACTIVE") == "Active").sum().cast(pl.Int32) - _OPEN_THEN.sum().cast(pl.Int32),
        without_history=0,
        concept=Concept.DEBTS_ELSEWHERE,
    ),
)
