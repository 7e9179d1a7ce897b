"""Punctuality of payments on earlier loans, recent and overall."""

import polars as pl

from credit_scoring.feature_engineering.definition import less_is_riskier, more_is_riskier
from credit_scoring.feature_engineering.history.aggregations import (
    AS_OF_DAYS,
    HIGHEST,
    LATEST,
    LOWEST,
    MEAN,
    SPREAD,
    TOTAL,
    Measure,
)
from credit_scoring.feature_engineering.history.formulas import ratio, slope
from credit_scoring.feature_engineering.history.installments_payments.rows import (
    ALL,
    BY_THEN,
    FIRST_4,
    LAST_5,
    LAST_10,
    LAST_25,
    LAST_90,
    LAST_180,
    LAST_365,
    LAST_730,
    LATE,
    LATE_7,
    LATE_15,
    LATE_30,
    PAYMENTS,
    instalments,
    late_measure,
)

DAYS_LATE = late_measure(
    "days_late", "number of days paid late, 0 if on time, up to the application if unpaid", "days"
)
DAYS_EARLY = Measure("days_early", "number of days paid early, 0 if not", "days", concept=PAYMENTS)
DELAY = late_measure(
    "delay", "number of days from due date to payment, below zero if early", "days", minimum=None
)
SINCE = Measure("days_since_due", "number of days since the due date", "days")
LATE_THEN = late_measure(
    "days_late", "number of days paid late, 0 if on time", "days", pl.col("days_late_then")
)
LATE_SHARE_THEN = late_measure(
    "share_late",
    "share paid after the due date",
    "share from 0 to 1",
    pl.col("days_late_then") > 0,
    maximum=1,
)

_WEIGHTED = pl.col("weight") * pl.col("days_late")

LATENESS = (
    *instalments.counts((ALL.disclosed(risk_rises=False), LAST_180, LAST_365, LATE, LATE_30), "instalments"),
    *instalments.shares((LATE.disclosed(risk_rises=True), LATE_7, LATE_15, LATE_30), among=ALL),
    *(
        feature
        for window in (LAST_5, LAST_25, LAST_180)
        for feature in instalments.shares((LATE,), among=window)
    ),
    *instalments.shares((LATE.disclosed(risk_rises=True),), among=LAST_365),
    *instalments.shares((LATE.disclosed(risk_rises=True),), among=LAST_730),
    *instalments.shares((LATE,), among=FIRST_4),
    *instalments.shares((LATE_7,), among=LAST_365),
    *instalments.cross_product((DAYS_LATE,), (ALL,), (MEAN, HIGHEST), disclosure=more_is_riskier("days")),
    *instalments.cross_product((DAYS_LATE,), (ALL,), (TOTAL,)),
    *instalments.cross_product((DAYS_LATE,), (LATE, LAST_10, LAST_25, LAST_730), (MEAN,)),
    *instalments.cross_product((DAYS_LATE,), (LAST_5, LAST_90, LAST_180), (MEAN, HIGHEST)),
    *instalments.cross_product((DAYS_LATE,), (LAST_365,), (MEAN,)),
    *instalments.cross_product((DAYS_LATE,), (LAST_365,), (HIGHEST,), disclosure=more_is_riskier("days")),
    *instalments.cross_product((DAYS_LATE,), (FIRST_4,), (MEAN, HIGHEST)),
    *instalments.cross_product((DAYS_EARLY,), (ALL,), (MEAN,), disclosure=less_is_riskier("days")),
    *instalments.cross_product((DAYS_EARLY,), (ALL,), (HIGHEST,)),
    *instalments.cross_product((DAYS_EARLY,), (LAST_5, LAST_25, LAST_365, FIRST_4), (MEAN,)),
    *instalments.cross_product((DELAY,), (ALL,), (MEAN, SPREAD, LATEST)),
    *instalments.cross_product((DELAY,), (LAST_365,), (LOWEST, HIGHEST)),
    *instalments.cross_product((SINCE,), (LATE, LATE_7), (LOWEST,)),
    instalments.feature(
        "days_late_weighted_sum",
        "Total number of days paid late, each instalment weighing less the longer ago it was due.",
        "days",
        _WEIGHTED.sum(),
        minimum=0,
        without_history=0,
        concept=PAYMENTS,
        monotone=1,
    ),
    instalments.feature(
        "days_late_weighted_mean",
        "Average number of days paid late, each instalment weighing less the longer ago it was due.",
        "days",
        ratio(_WEIGHTED.sum(), pl.col("weight").sum()),
        minimum=0,
        concept=PAYMENTS,
        monotone=1,
    ),
    *(
        instalments.feature(
            f"delay_slope_{window.name}",
            f"Days by which the delay of payment grew from one instalment to the next, over {window.meaning}.",
            "days per instalment",
            slope(window.apply(pl.col("delay")), -pl.col("recency_rank").cast(pl.Int32)),
            concept=PAYMENTS,
        )
        for window in (LAST_10, LAST_25)
    ),
    *instalments.cross_product((LATE_THEN, LATE_SHARE_THEN), (BY_THEN,), (MEAN,)),
    instalments.feature(
        f"days_late_change_since_{AS_OF_DAYS}_days",
        f"Average number of days paid late in the last {AS_OF_DAYS} days, minus that of instalments settled before.",
        "days",
        LAST_180.apply(pl.col("days_late")).mean() - BY_THEN.apply(pl.col("days_late_then")).mean(),
        concept=PAYMENTS,
    ),
)
