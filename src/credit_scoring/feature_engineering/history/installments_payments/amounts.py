"""Amounts due, paid and left unpaid."""

import polars as pl

from credit_scoring.feature_engineering.definition import MONEY, more_is_riskier
from credit_scoring.feature_engineering.history.aggregations import Measure
from credit_scoring.feature_engineering.history.formulas import ratio
from credit_scoring.feature_engineering.history.installments_payments import rows
from credit_scoring.feature_engineering.history.installments_payments.rows import instalments, late_measure
from credit_scoring.feature_engineering.history.statistics import HIGHEST, LATEST, LOWEST, MEAN, TOTAL

DUE = Measure("due", "amount due", MONEY)
PAID = Measure("paid", "amount paid", MONEY)
PAID_SHARE = Measure("paid_share", "amount paid relative to the amount due", "ratio", concept=rows.PAYMENTS)
SHORTFALL = late_measure("shortfall", "amount due that was not paid", MONEY)
OVERPAYMENT = Measure("overpayment", "amount paid above what was due", MONEY, "overpaid", concept=rows.PAYMENTS)

AMOUNTS = (
    *instalments.cross_product((DUE,), (rows.ALL,), (MEAN, HIGHEST, LATEST)),
    *instalments.cross_product((DUE,), (rows.LAST_365,), (MEAN, TOTAL)),
    *instalments.cross_product((PAID,), (rows.ALL, rows.LAST_365), (TOTAL,)),
    *instalments.cross_product((PAID_SHARE,), (rows.ALL,), (MEAN, LOWEST)),
    *instalments.cross_product((PAID_SHARE,), (rows.LAST_25, rows.LAST_365, rows.FIRST_4), (MEAN,)),
    *instalments.cross_product((SHORTFALL,), (rows.ALL,), (TOTAL,), disclosure=more_is_riskier("amount")),
    *instalments.cross_product((SHORTFALL,), (rows.ALL,), (HIGHEST,)),
    *instalments.cross_product((SHORTFALL,), (rows.LAST_365,), (TOTAL,)),
    *instalments.cross_product((OVERPAYMENT,), (rows.ALL,), (TOTAL,)),
    *instalments.shares((rows.UNDERPAID.disclosed(risk_rises=True), rows.OVERPAID, rows.IN_PARTS), among=rows.ALL),
    *instalments.shares((rows.UNDERPAID,), among=rows.LAST_365),
    instalments.feature(
        "late_amount_share",
        "Amount that was paid after its due date, as a share of everything paid.",
        "share from 0 to 1",
        ratio(rows.LATE.apply(pl.col("paid")).sum(), pl.col("paid").sum()),
        minimum=0,
        maximum=1,
        concept=rows.PAYMENTS,
        monotone=1,
    ),
)
