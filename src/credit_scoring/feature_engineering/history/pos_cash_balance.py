"""Repayment of the client's earlier cash and shop loans with us, by month and by loan."""

from functools import partial

import polars as pl

from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.data_contracts.pos_cash_balance import POS_CASH_BALANCE
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import CATEGORY_INDEX, more_is_riskier
from credit_scoring.feature_engineering.history import cleaning
from credit_scoring.feature_engineering.history.aggregations import AS_OF_MONTHS, Measure, Selection, recent
from credit_scoring.feature_engineering.history.feature_builder import FeatureBuilder, FeatureGroup
from credit_scoring.feature_engineering.history.formulas import change, ratio
from credit_scoring.feature_engineering.history.shared_measures import DELAY, MONTHS_AGO, MONTHS_AGO_COLUMN, REAL_DELAY
from credit_scoring.feature_engineering.history.statistics import HIGHEST, LATEST, LOWEST, MEAN, TOTAL

LOAN = (CLIENT, "SK_ID_PREV")

MONTHS: dict[str, pl.Expr] = {
    **MONTHS_AGO_COLUMN,
    "left_share": ratio(pl.col("CNT_INSTALMENT_FUTURE"), pl.col("CNT_INSTALMENT")),
    "month_of_loan": pl.col("MONTHS_BALANCE") - pl.col("MONTHS_BALANCE").min().over(LOAN),
}

LOANS: dict[str, pl.Expr] = {
    "loan_first_month": pl.col("MONTHS_BALANCE").min(),
    "loan_last_month": pl.col("MONTHS_BALANCE").max(),
    "loan_months": pl.len().cast(pl.Int32),
    "loan_first_term": pl.col("CNT_INSTALMENT").drop_nulls().first(),
    "loan_last_term": pl.col("CNT_INSTALMENT").drop_nulls().last(),
    "loan_left": pl.col("CNT_INSTALMENT_FUTURE").drop_nulls().last(),
    "loan_left_share": pl.col("left_share").drop_nulls().last(),
    "loan_status": cleaning.category_code(POS_CASH_BALANCE, "NAME_CONTRACT_STATUS").last(),
    "loan_worst_delay": pl.col("SK_DPD").max(),
    "loan_worst_real_delay": pl.col("SK_DPD_DEF").max(),
    "loan_late_months": (pl.col("SK_DPD") > 0).mean(),
    "loan_completed": (pl.col("NAME_CONTRACT_STATUS") == "Completed").any(),
}


def prepare(rows: pl.DataFrame) -> pl.DataFrame:
    """Months up to that of the application; oldest first per client."""
    known = cleaning.without_placeholders(cleaning.known_at_application(rows, POS_CASH_BALANCE), POS_CASH_BALANCE)
    return known.sort(CLIENT, "MONTHS_BALANCE", "SK_ID_PREV").with_columns(**MONTHS)


def by_loan(months: pl.DataFrame) -> pl.DataFrame:
    """One row per loan, from its prepared months; the loan reported last comes last."""
    loans = months.group_by(LOAN, maintain_order=True).agg(**LOANS)
    return loans.sort(CLIENT, "loan_last_month", "loan_first_month", "SK_ID_PREV")


PAYMENTS = Concept.PAYMENTS_WITH_US
late_measure = partial(Measure, concept=PAYMENTS, monotone=1)
late_rows = partial(Selection, concept=PAYMENTS, monotone=1)

pos_months = FeatureBuilder("pos", "POS_CASH_balance", Concept.LOANS_WITH_US, MONTHS)
pos_loans = FeatureBuilder("pos", "POS_CASH_balance", Concept.LOANS_WITH_US, LOANS, MONTHS)

ALL = Selection("", "months of earlier cash and shop loans")
LAST_3, LAST_6, LAST_12, LAST_24, LAST_36 = recent(
    "MONTHS_BALANCE", "months", (3, 6, 12, 24, 36), "months of cash and shop loans within the last {} months"
)
LATE = late_rows("late", "months of cash and shop loans with a delay", pl.col("SK_DPD") > 0)
REALLY_LATE = late_rows(
    "really_late", "months of cash and shop loans with a delay that mattered", pl.col("SK_DPD_DEF") > 0
)
FIRST_6 = Selection(
    "first_6_of_loan", "the first six months of earlier cash and shop loans", pl.col("month_of_loan") < 6
)
EARLIER = Selection(
    f"as_of_{AS_OF_MONTHS}_months",
    f"months of cash and shop loans up to {AS_OF_MONTHS} months before the application",
    pl.col("MONTHS_BALANCE") <= -AS_OF_MONTHS,
)

LEFT = Measure("instalments_left", "number of instalments still to be paid", "instalments", "CNT_INSTALMENT_FUTURE")
TERM = Measure("term", "number of instalments planned", "instalments", "CNT_INSTALMENT")

MONTH_FEATURES = (
    *pos_months.counts((ALL, LATE, REALLY_LATE), "months"),
    *pos_months.shares((LATE.disclosed(risk_rises=True), REALLY_LATE), among=ALL),
    *pos_months.shares((LATE,), among=(LAST_6, LAST_12)),
    *pos_months.shares((LATE.disclosed(risk_rises=True),), among=LAST_24),
    *pos_months.shares((LATE,), among=(FIRST_6, EARLIER)),
    *pos_months.shares((REALLY_LATE,), among=LAST_24),
    *pos_months.cross_product((DELAY,), (ALL,), (MEAN,)),
    *pos_months.cross_product((DELAY,), (ALL,), (HIGHEST,), disclosure=more_is_riskier("days")),
    *pos_months.cross_product((DELAY,), (LAST_3, LAST_12, LAST_24), (HIGHEST,)),
    *pos_months.cross_product((DELAY,), (LAST_12,), (MEAN,)),
    *pos_months.cross_product((REAL_DELAY,), (ALL, LAST_12, LAST_36, FIRST_6), (HIGHEST,)),
    *pos_months.cross_product((REAL_DELAY,), (ALL,), (MEAN,)),
    *pos_months.cross_product((MONTHS_AGO,), (LATE, REALLY_LATE), (LOWEST,)),
    *pos_months.cross_product((MONTHS_AGO,), (ALL,), (LOWEST, HIGHEST)),
    *pos_months.cross_product((LEFT,), (ALL,), (MEAN, HIGHEST)),
    *pos_months.cross_product((LEFT,), (ALL,), (LATEST,), disclosure=more_is_riskier("count")),
    *pos_months.cross_product((LEFT,), (LAST_3, LAST_12), (MEAN,)),
    *pos_months.cross_product((TERM,), (ALL,), (MEAN, HIGHEST, LATEST)),
    pos_months.feature(
        "share_late_change_12_months",
        "Share of months with a delay in the last 12 months, minus that of the months before.",
        "difference of shares",
        change((pl.col("SK_DPD") > 0).cast(pl.Float64), pl.col("MONTHS_BALANCE") >= -12),
        minimum=-1,
        maximum=1,
        concept=PAYMENTS,
    ),
)

EVERY_LOAN = Selection("", "earlier cash and shop loans")
COMPLETED = Selection("loans_completed", "earlier cash and shop loans paid back", pl.col("loan_completed"))
CURRENT = Selection(
    "loans_current",
    "cash and shop loans reported in the last two months and not paid back",
    (pl.col("loan_last_month") >= -2) & ~pl.col("loan_completed"),
)
SHORTENED = Selection(
    "loans_shortened",
    "earlier cash and shop loans whose term was cut",
    pl.col("loan_last_term") < pl.col("loan_first_term"),
)
EVER_LATE = late_rows(
    "loans_ever_late", "earlier cash and shop loans with a delay in some month", pl.col("loan_worst_delay") > 0
)
LOAN_LEFT = Measure("loan_instalments_left", "number of instalments still to be paid", "instalments", "loan_left")
LOAN_LEFT_SHARE = Measure("loan_left_share", "share of the planned instalments that is still to be paid", "ratio")
LOAN_DELAY = late_measure("loan_worst_delay", "longest delay in days of one loan", "days")
LOAN_LATE_MONTHS = late_measure(
    "loan_late_months", "share of months with a delay of one loan", "share from 0 to 1", maximum=1
)
LOAN_MONTHS = Measure("loan_months", "number of months reported", "months")
LOAN_STATUS = Measure(
    "loan_status",
    "state of the contract in its last month",
    CATEGORY_INDEX,
    maximum=len(POS_CASH_BALANCE.column("NAME_CONTRACT_STATUS").categories) - 1,
)

LOAN_FEATURES = (
    *pos_loans.counts(
        (Selection("loans", EVERY_LOAN.meaning), COMPLETED.disclosed(risk_rises=False), CURRENT, SHORTENED, EVER_LATE),
        "loans",
    ),
    *pos_loans.shares((COMPLETED.disclosed(risk_rises=False), SHORTENED, EVER_LATE), among=EVERY_LOAN),
    *pos_loans.cross_product((LOAN_LEFT,), (CURRENT,), (TOTAL,), disclosure=more_is_riskier("count")),
    *pos_loans.cross_product((LOAN_LEFT,), (CURRENT,), (HIGHEST,)),
    *pos_loans.cross_product((LOAN_LEFT_SHARE,), (CURRENT,), (MEAN, HIGHEST)),
    *pos_loans.cross_product((LOAN_LEFT_SHARE,), (EVERY_LOAN,), (LATEST,)),
    *pos_loans.cross_product((LOAN_DELAY, LOAN_LATE_MONTHS), (EVERY_LOAN,), (MEAN, LATEST)),
    *pos_loans.cross_product((LOAN_MONTHS,), (EVERY_LOAN,), (MEAN, HIGHEST, LATEST)),
    *pos_loans.cross_product((LOAN_STATUS,), (EVERY_LOAN,), (LATEST,)),
)

GROUPS = (FeatureGroup(MONTH_FEATURES), FeatureGroup(LOAN_FEATURES, by_loan))
