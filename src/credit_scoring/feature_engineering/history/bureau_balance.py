"""Monthly status of credits with other lenders: paid on time, late, closed."""

from functools import partial

import polars as pl

from credit_scoring.data_contracts.bureau_balance import BUREAU_BALANCE
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.history.aggregations import AS_OF_MONTHS, Measure, Selection, recent
from credit_scoring.feature_engineering.history.cleaning import known_at_application
from credit_scoring.feature_engineering.history.feature_builder import FeatureBuilder, FeatureGroup
from credit_scoring.feature_engineering.history.formulas import change
from credit_scoring.feature_engineering.history.shared_measures import MONTHS_AGO, MONTHS_AGO_COLUMN
from credit_scoring.feature_engineering.history.statistics import HIGHEST, LATEST, LOWEST, MEAN

LATE_GRADES = {"0": 0, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5}

MONTHS = {
    "late_grade": pl.col("STATUS").replace_strict(LATE_GRADES, default=None, return_dtype=pl.Int8),
    **MONTHS_AGO_COLUMN,
}

CREDITS = {
    "credit_months": pl.len().cast(pl.Int32),
    "credit_late_share": (pl.col("late_grade") >= 1).mean(),
    "credit_worst_grade": pl.col("late_grade").max(),
    "credit_latest_grade": pl.col("late_grade").drop_nulls().last(),
    "credit_latest_month": pl.col("MONTHS_BALANCE").max(),
    "credit_first_month": pl.col("MONTHS_BALANCE").min(),
}


def prepare(rows: pl.DataFrame) -> pl.DataFrame:
    """Months up to that of the application, of credits that belong to a client; oldest first per credit."""
    known = known_at_application(rows, BUREAU_BALANCE)
    return known.sort(CLIENT, "SK_ID_BUREAU", "MONTHS_BALANCE").with_columns(**MONTHS)


def by_credit(months: pl.DataFrame) -> pl.DataFrame:
    """One row per credit, from its prepared months; the credit reported last comes last."""
    credits = months.group_by(CLIENT, "SK_ID_BUREAU", maintain_order=True).agg(**CREDITS)
    return credits.sort(CLIENT, "credit_latest_month", "credit_first_month", "SK_ID_BUREAU")


PAYMENTS = Concept.PAYMENTS_ELSEWHERE
late_measure = partial(Measure, concept=PAYMENTS, monotone=1)
late_rows = partial(Selection, concept=PAYMENTS, monotone=1)

bureau_months = FeatureBuilder("bureau_balance", "bureau_balance", Concept.CREDIT_HISTORY, MONTHS)
bureau_credits = FeatureBuilder("bureau_balance", "bureau_balance", Concept.CREDIT_HISTORY, CREDITS, MONTHS)

ALL = Selection("", "months reported for credits with other lenders")
GRADED = Selection(
    "", "months of credits with other lenders for which lateness is known", pl.col("late_grade").is_not_null()
)
LATE = late_rows("late", "months in which a credit with another lender was late", pl.col("late_grade") >= 1)
VERY_LATE = late_rows(
    "very_late", "months in which a credit with another lender was more than 30 days late", pl.col("late_grade") >= 2
)
CLOSED = Selection("closed", "months in which a credit with another lender was already closed", pl.col("STATUS") == "C")
UNREPORTED = Selection("unreported", "months for which another lender did not report", pl.col("STATUS") == "X")
LAST_3, LAST_6, LAST_12, LAST_24 = recent(
    "MONTHS_BALANCE",
    "months",
    (3, 6, 12, 24),
    "months of credits with other lenders within the last {} months",
    # Credit bureaus also report the month of the application, our own loans only earlier months.
    latest=0,
)
EARLIER = Selection(
    f"as_of_{AS_OF_MONTHS}_months",
    f"months of credits with other lenders up to {AS_OF_MONTHS} months before the application",
    pl.col("MONTHS_BALANCE") <= -AS_OF_MONTHS,
)

LATE_GRADE = late_measure(
    "late_grade",
    "lateness grade (0 on time, 1 up to 30 days late, 5 more than 120 days or lost)",
    "grade from 0 to 5",
    maximum=5,
)
IS_LATE = late_measure(
    "late_share", "share of months that were late", "share from 0 to 1", pl.col("late_grade") >= 1, maximum=1
)

CREDITS_REPORTED = Selection("", "credits with other lenders that have a monthly report")
CREDITS_LATE = late_rows(
    "credits_late", "credits with other lenders that were late in some month", pl.col("credit_worst_grade") >= 1
)
CREDIT_LATE_SHARE = late_measure(
    "credit_late_share", "share of late months of one credit", "share from 0 to 1", maximum=1
)
CREDIT_MONTHS = Measure("credit_months", "number of months reported", "months")
CREDIT_WORST_GRADE = late_measure(
    "credit_worst_grade", "worst lateness grade that one credit reached", "grade from 0 to 5", maximum=5
)

FEATURES = (
    *bureau_months.counts(
        (
            ALL,
            LATE.disclosed(risk_rises=True),
            VERY_LATE,
            LATE.within(LAST_12, "late months of the last year").disclosed(risk_rises=True),
        ),
        "months",
    ),
    *bureau_months.shares((LATE.disclosed(risk_rises=True), VERY_LATE), among=GRADED),
    *bureau_months.shares((CLOSED, UNREPORTED), among=ALL),
    *bureau_months.cross_product((LATE_GRADE,), (LAST_3, LAST_6, LAST_12, LAST_24), (HIGHEST,)),
    *bureau_months.cross_product((LATE_GRADE,), (ALL,), (MEAN, HIGHEST)),
    *bureau_months.cross_product((IS_LATE,), (LAST_12, LAST_24, EARLIER), (MEAN,)),
    *bureau_months.cross_product((MONTHS_AGO,), (LATE, VERY_LATE), (LOWEST,)),
    *bureau_months.cross_product((MONTHS_AGO,), (ALL,), (LOWEST, HIGHEST)),
    bureau_months.feature(
        "late_share_change_12_months",
        "Share of late months with other lenders in the last 12 months, minus that of the months before.",
        "difference of shares",
        change((pl.col("late_grade") >= 1).cast(pl.Float64), pl.col("MONTHS_BALANCE") > -12),
        minimum=-1,
        maximum=1,
        concept=PAYMENTS,
    ),
)

CREDIT_FEATURES = (
    *bureau_credits.counts((Selection("credits", CREDITS_REPORTED.meaning), CREDITS_LATE), "credits"),
    *bureau_credits.shares((CREDITS_LATE,), among=CREDITS_REPORTED),
    *bureau_credits.cross_product((CREDIT_LATE_SHARE, CREDIT_MONTHS), (CREDITS_REPORTED,), (MEAN, HIGHEST, LATEST)),
    *bureau_credits.cross_product((CREDIT_WORST_GRADE,), (CREDITS_REPORTED,), (MEAN, LATEST)),
)

GROUPS = (FeatureGroup(FEATURES), FeatureGroup(CREDIT_FEATURES, by_credit))
