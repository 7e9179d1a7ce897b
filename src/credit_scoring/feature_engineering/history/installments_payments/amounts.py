"""Amounts due, paid and left unpaid."""

import polars as pl

from credit_scoring.feature_engineering.definition import MONEY, more_is_riskier
from credit_scoring.feature_engineering.history.aggregations import (
    HIGHEST,
    LATEST,
    LOWEST,
    MEAN,
    TOTAL,
    Measure,
)
from credit_scoring.feature_engineering.history.formulas import ratio
from credit_scoring.feature_engineering.history.installments_payments.rows import (
    ALL,
    FIRST_4,
    IN_PARTS,
    LAST_25,
    LAST_365,
    LATE,
    OVERPAID,
    PAYMENTS,
    UNDERPAID,
    instalments,
    late_measure,
)

DUE = Measure("due", "amount due", MONEY)
PAID = Measure("paid", "amount paid", MONEY)
PAID_SHARE = Measure("paid_share", "amount paid relative to the amount due", "ratio", concept=PAYMENTS)
SHORTFALL = late_measure("shortfall", "amount due that was not paid", MONEY)
OVERPAYMENT = Measure(
    "overpayment", "amount paid above what was due", MONEY, pl.col("overpaid"), concept=PAYMENTS
)

AMOUNTS = (
    *instalments.cross_product((DUE,), (ALL,), (MEAN, HIGHEST, LATEST)),
    *instalments.cross_product((DUE,), (LAST_365,), (MEAN, TOTAL)),
    *instalments.cross_product((PAID,), (ALL, LAST_365), (TOTAL,)),
    *instalments.cross_product((PAID_SHARE,), (ALL,), (MEAN, LOWEST)),
    *instalments.cross_product((PAID_SHARE,), (LAST_25, LAST_365, FIRST_4), (MEAN,)),
    *instalments.cross_product((SHORTFALL,), (ALL,), (TOTAL,), disclosure=more_is_riskier("amount")),
    *instalments.cross_product((SHORTFALL,), (ALL,), (HIGHEST,)),
    *instalments.cross_product((SHORTFALL,), (LAST_365,), (TOTAL,)),
    *instalments.cross_product((OVERPAYMENT,), (ALL,), (TOTAL,)),
    *instalments.shares((UNDERPAID.disclosed(risk_rises=True), OVERPAID, IN_PARTS), among=ALL),
    *instalments.shares((UNDERPAID,), among=LAST_365),
    instalments.feature(
        "late_amount_share",
        "Amount that was paid after its due date, as a share of everything paid.",
        "share from 0 to 1",
        ratio(LATE.apply(pl.col("paid")).sum(), pl.col("paid").sum()),
        minimum=0,
        maximum=1,
        concept=PAYMENTS,
        monotone=1,
    ),
)
