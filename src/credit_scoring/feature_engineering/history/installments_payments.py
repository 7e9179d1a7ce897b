"""Instalments due and paid on earlier loans with us: lateness, amounts, and both by loan."""

import polars as pl

from credit_scoring.feature_engineering.definition import MONEY, less_is_riskier, more_is_riskier
from credit_scoring.feature_engineering.history import installments_payments_rows as rows
from credit_scoring.feature_engineering.history.aggregations import AS_OF_DAYS, Measure, Selection
from credit_scoring.feature_engineering.history.feature_builder import FeatureGroup
from credit_scoring.feature_engineering.history.formulas import ratio, slope
from credit_scoring.feature_engineering.history.installments_payments_rows import instalments, late_measure, loans
from credit_scoring.feature_engineering.history.statistics import HIGHEST, LATEST, LOWEST, MEAN, SPREAD, TOTAL

DAYS_LATE = late_measure("days_late", "number of days paid late, 0 if on time, up to the application if unpaid", "days")
DAYS_EARLY = Measure("days_early", "number of days paid early, 0 if not", "days", concept=rows.PAYMENTS)
DELAY = late_measure("delay", "number of days from due date to payment, below zero if early", "days", minimum=None)
SINCE = Measure("days_since_due", "number of days since the due date", "days")
LATE_THEN = late_measure("days_late", "number of days paid late, 0 if on time", "days", "days_late_then")
LATE_SHARE_THEN = late_measure(
    "share_late", "share paid after the due date", "share from 0 to 1", pl.col("days_late_then") > 0, maximum=1
)

_WEIGHTED = pl.col("weight") * pl.col("days_late")

LATENESS = (
    *instalments.counts(
        (rows.ALL.disclosed(risk_rises=False), rows.LAST_180, rows.LAST_365, rows.LATE, rows.LATE_30), "instalments"
    ),
    *instalments.shares(
        (rows.LATE.disclosed(risk_rises=True), rows.LATE_7, rows.LATE_15, rows.LATE_30), among=rows.ALL
    ),
    *instalments.shares((rows.LATE,), among=(rows.LAST_5, rows.LAST_25, rows.LAST_180)),
    *instalments.shares((rows.LATE.disclosed(risk_rises=True),), among=(rows.LAST_365, rows.LAST_730)),
    *instalments.shares((rows.LATE,), among=rows.FIRST_4),
    *instalments.shares((rows.LATE_7,), among=rows.LAST_365),
    *instalments.cross_product((DAYS_LATE,), (rows.ALL,), (MEAN, HIGHEST), disclosure=more_is_riskier("days")),
    *instalments.cross_product((DAYS_LATE,), (rows.ALL,), (TOTAL,)),
    *instalments.cross_product((DAYS_LATE,), (rows.LATE, rows.LAST_10, rows.LAST_25, rows.LAST_730), (MEAN,)),
    *instalments.cross_product((DAYS_LATE,), (rows.LAST_5, rows.LAST_90, rows.LAST_180), (MEAN, HIGHEST)),
    *instalments.cross_product((DAYS_LATE,), (rows.LAST_365,), (MEAN,)),
    *instalments.cross_product((DAYS_LATE,), (rows.LAST_365,), (HIGHEST,), disclosure=more_is_riskier("days")),
    *instalments.cross_product((DAYS_LATE,), (rows.FIRST_4,), (MEAN, HIGHEST)),
    *instalments.cross_product((DAYS_EARLY,), (rows.ALL,), (MEAN,), disclosure=less_is_riskier("days")),
    *instalments.cross_product((DAYS_EARLY,), (rows.ALL,), (HIGHEST,)),
    *instalments.cross_product((DAYS_EARLY,), (rows.LAST_5, rows.LAST_25, rows.LAST_365, rows.FIRST_4), (MEAN,)),
    *instalments.cross_product((DELAY,), (rows.ALL,), (MEAN, SPREAD, LATEST)),
    *instalments.cross_product((DELAY,), (rows.LAST_365,), (LOWEST, HIGHEST)),
    *instalments.cross_product((SINCE,), (rows.LATE, rows.LATE_7), (LOWEST,)),
    instalments.feature(
        "days_late_weighted_sum",
        "Total number of days paid late, each instalment weighing less the longer ago it was due.",
        "days",
        _WEIGHTED.sum(),
        minimum=0,
        without_history=0,
        concept=rows.PAYMENTS,
        monotone=1,
    ),
    instalments.feature(
        "days_late_weighted_mean",
        "Average number of days paid late, each instalment weighing less the longer ago it was due.",
        "days",
        ratio(_WEIGHTED.sum(), pl.col("weight").sum()),
        minimum=0,
        concept=rows.PAYMENTS,
        monotone=1,
    ),
    *(
        instalments.feature(
            f"delay_slope_{window.name}",
            f"Days by which the delay of payment grew from one instalment to the next, over {window.meaning}.",
            "days per instalment",
            slope(window.apply(pl.col("delay")), -pl.col("recency_rank").cast(pl.Int32)),
            concept=rows.PAYMENTS,
        )
        for window in (rows.LAST_10, rows.LAST_25)
    ),
    *instalments.cross_product((LATE_THEN, LATE_SHARE_THEN), (rows.BY_THEN,), (MEAN,)),
    instalments.feature(
        f"days_late_change_since_{AS_OF_DAYS}_days",
        f"Average number of days paid late in the last {AS_OF_DAYS} days, minus that of instalments settled before.",
        "days",
        rows.LAST_180.apply(pl.col("days_late")).mean() - rows.BY_THEN.apply(pl.col("days_late_then")).mean(),
        concept=rows.PAYMENTS,
    ),
)

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

GROUPS = (FeatureGroup((*LATENESS, *AMOUNTS)), FeatureGroup(LOAN_FEATURES, rows.by_loan))
