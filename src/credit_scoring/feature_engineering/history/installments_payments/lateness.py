"""Punctuality of payments on earlier loans, recent and overall."""

import polars as pl

from credit_scoring.feature_engineering.definition import less_is_riskier, more_is_riskier
from credit_scoring.feature_engineering.history.aggregations import AS_OF_DAYS, Measure
from credit_scoring.feature_engineering.history.formulas import ratio, slope
from credit_scoring.feature_engineering.history.installments_payments import rows
from credit_scoring.feature_engineering.history.installments_payments.rows import instalments, late_measure
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
