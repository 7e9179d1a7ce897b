"""The same payments aggregated by loan, so that long loans do not outweigh short ones."""

import polars as pl

from credit_scoring.feature_engineering.definition import less_is_riskier
from credit_scoring.feature_engineering.history.aggregations import Measure, Selection
from credit_scoring.feature_engineering.history.installments_payments import rows
from credit_scoring.feature_engineering.history.installments_payments.rows import late_measure, loans
from credit_scoring.feature_engineering.history.statistics import HIGHEST, LATEST, MEAN

SHARE = "share from 0 to 1"
WITH_INSTALMENTS = Selection("loans", "earlier loans with instalments due")
EVERY_LOAN = Selection("", "earlier loans with us")
REPLANNED = Selection("loans_replanned", "earlier loans whose payment plan changed", pl.col("loan_version") > 1)
WITHOUT_DELAY = Selection(
    "loans_never_late",
    "earlier loans without a single late instalment",
    pl.col("loan_late_days_max") == 0,
    rows.PAYMENTS,
)

LATE_SHARE = late_measure("loan_late_share", "share of late instalments of one loan", SHARE, maximum=1)
LATE_DAYS = late_measure("loan_late_days_max", "longest delay in days of one loan", "days")
LATE_DAYS_MEAN = late_measure("loan_late_days_mean", "average delay in days of one loan", "days")
EARLY_DAYS_MEAN = Measure(
    "loan_early_days_mean", "average number of days paid early on one loan", "days", concept=rows.PAYMENTS
)
FIRST_LATE_DAYS = late_measure(
    "loan_first_late_days", "longest delay in days among the first four instalments of one loan", "days"
)
LENGTH = Measure("loan_instalments", "number of instalments due so far", "instalments")

LOAN_FEATURES = (
    *loans.counts((WITH_INSTALMENTS.disclosed(risk_rises=False), REPLANNED), "loans"),
    *loans.shares((WITHOUT_DELAY.disclosed(risk_rises=False), REPLANNED), among=EVERY_LOAN),
    *loans.cross_product((LATE_SHARE,), (EVERY_LOAN,), (MEAN, HIGHEST, LATEST)),
    *loans.cross_product((LATE_DAYS, LATE_DAYS_MEAN), (EVERY_LOAN,), (MEAN, LATEST)),
    *loans.cross_product((EARLY_DAYS_MEAN,), (EVERY_LOAN,), (MEAN,)),
    *loans.cross_product((EARLY_DAYS_MEAN,), (EVERY_LOAN,), (LATEST,), disclosure=less_is_riskier("days")),
    *loans.cross_product((FIRST_LATE_DAYS,), (EVERY_LOAN,), (MEAN, LATEST)),
    *loans.cross_product((LENGTH,), (EVERY_LOAN,), (MEAN, HIGHEST, LATEST)),
)
