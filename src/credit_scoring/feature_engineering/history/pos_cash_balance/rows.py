"""Prepared months of earlier cash and shop loans, and the same aggregated by loan."""

from functools import partial

import polars as pl

from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.data_contracts.pos_cash_balance import POS_CASH_BALANCE
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.history import cleaning
from credit_scoring.feature_engineering.history.aggregations import AS_OF_MONTHS, Measure, Selection, recent
from credit_scoring.feature_engineering.history.feature_builder import FeatureBuilder
from credit_scoring.feature_engineering.history.formulas import ratio

LOAN = (CLIENT, "SK_ID_PREV")

MONTHS: dict[str, pl.Expr] = {
    "months_ago": -pl.col("MONTHS_BALANCE").cast(pl.Int16),
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
    known = cleaning.without_placeholders(
        cleaning.known_at_application(rows, POS_CASH_BALANCE), POS_CASH_BALANCE
    )
    return cleaning.with_layers(known.sort(CLIENT, "MONTHS_BALANCE", "SK_ID_PREV"), (MONTHS,))


def by_loan(months: pl.DataFrame) -> pl.DataFrame:
    """One row per loan, from its prepared months; the loan reported last comes last."""
    loans = months.group_by(LOAN, maintain_order=True).agg(value.alias(name) for name, value in LOANS.items())
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
