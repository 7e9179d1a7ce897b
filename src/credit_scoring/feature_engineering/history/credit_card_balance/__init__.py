"""Use of credit cards with us: utilisation, drawings, payments."""

import polars as pl

from credit_scoring.feature_engineering.definition import MONEY, more_is_riskier
from credit_scoring.feature_engineering.history.aggregations import AS_OF_MONTHS, Measure
from credit_scoring.feature_engineering.history.credit_card_balance import rows
from credit_scoring.feature_engineering.history.credit_card_balance.rows import card, late_measure, prepare
from credit_scoring.feature_engineering.history.feature_builder import FeatureGroup
from credit_scoring.feature_engineering.history.formulas import change, ratio, slope
from credit_scoring.feature_engineering.history.statistics import HIGHEST, LATEST, LOWEST, MEAN, TOTAL

__all__ = ["GROUPS", "prepare"]

UTILISATION = Measure(
    "utilisation", "debt on a card as a share of its limit", "ratio", minimum=None, monotone=1
)
BALANCE = Measure("balance", "debt on a card", MONEY, "AMT_BALANCE", minimum=None)
LIMIT = Measure("limit", "limit of a card", MONEY, "AMT_CREDIT_LIMIT_ACTUAL")
DRAWN = Measure("drawn", "amount drawn in a month", MONEY, "AMT_DRAWINGS_CURRENT", minimum=None)
DRAWN_SHARE = Measure("drawn_share", "amount drawn in a month as a share of the limit", "ratio", minimum=None)
CASH = Measure(
    "cash_drawn", "cash taken from machines in a month", MONEY, "AMT_DRAWINGS_ATM_CURRENT", minimum=None
)
CASH_TIMES = Measure(
    "cash_drawings", "number of times cash was taken in a month", "drawings", "CNT_DRAWINGS_ATM_CURRENT"
)
DRAWINGS = Measure("drawings", "number of drawings in a month", "drawings", "CNT_DRAWINGS_CURRENT")
PAID = Measure("paid", "amount paid back in a month", MONEY, "AMT_PAYMENT_TOTAL_CURRENT")
TO_MINIMUM = Measure(
    "payment_to_minimum", "payment of a month relative to the minimum due", "ratio", concept=rows.PAYMENTS
)
TO_BALANCE = Measure("payment_to_balance", "payment of a month relative to the debt", "ratio")
MISSED = Measure("missed_minimum", "part of the minimum left unpaid in a month", MONEY, concept=rows.PAYMENTS)
INTEREST = Measure("interest", "part of the debt that is interest and fees", MONEY, minimum=None)
GROWTH = Measure("balance_growth", "growth of the debt from one month to the next", MONEY, minimum=None)
DELAY = late_measure("delay", "number of days past due, whatever the amount", "days", "SK_DPD")
REAL_DELAY = late_measure("real_delay", "number of days past due, small amounts aside", "days", "SK_DPD_DEF")
PAID_INSTALMENTS = Measure(
    "instalments_paid",
    "number of monthly instalments paid so far",
    "instalments",
    "CNT_INSTALMENT_MATURE_CUM",
)
MONTHS_AGO = Measure("months_ago", "number of months before the application", "months", maximum=120)

USE = (
    *card.counts((rows.ALL,), "months"),
    card.feature(
        "count_cards",
        "Number of credit cards with us.",
        "cards",
        pl.col("SK_ID_PREV").n_unique(),
        minimum=0,
        without_history=0,
    ),
    *card.shares(
        (
            rows.INDEBTED,
            rows.NEARLY_FULL,
            rows.OVER_LIMIT,
            rows.DRAWING,
            rows.CASH_DRAWING.disclosed(risk_rises=True),
        ),
        among=rows.ALL,
    ),
    *card.shares((rows.INDEBTED, rows.DRAWING), among=rows.LAST_12),
    *card.cross_product(
        (UTILISATION,), (rows.ALL,), (MEAN, HIGHEST, LATEST), disclosure=more_is_riskier("share")
    ),
    *card.cross_product((UTILISATION,), (rows.LAST_2,), (MEAN, HIGHEST)),
    *card.cross_product((UTILISATION,), (rows.LAST_6,), (MEAN,), disclosure=more_is_riskier("share")),
    *card.cross_product((UTILISATION,), (rows.LAST_6,), (HIGHEST,)),
    *card.cross_product((UTILISATION,), (rows.LAST_12,), (MEAN,), disclosure=more_is_riskier("share")),
    *card.cross_product((UTILISATION,), (rows.LAST_24, rows.EARLIER), (MEAN,)),
    *card.cross_product((BALANCE,), (rows.ALL,), (MEAN, HIGHEST)),
    *card.cross_product((BALANCE,), (rows.ALL,), (LATEST,), disclosure=more_is_riskier("amount")),
    *card.cross_product((LIMIT,), (rows.ALL,), (MEAN, LATEST)),
    *card.cross_product((DRAWN,), (rows.ALL, rows.LAST_6), (MEAN,)),
    *card.cross_product((DRAWN_SHARE,), (rows.ALL, rows.LAST_6), (MEAN,)),
    *card.cross_product((CASH,), (rows.ALL, rows.LAST_6), (MEAN,)),
    *card.cross_product((CASH_TIMES,), (rows.ALL,), (MEAN,), disclosure=more_is_riskier("count")),
    *card.cross_product((CASH_TIMES,), (rows.ALL,), (HIGHEST,)),
    *card.cross_product((CASH_TIMES,), (rows.LAST_6,), (MEAN, HIGHEST)),
    *card.cross_product((DRAWINGS,), (rows.ALL, rows.LAST_6, rows.LAST_12), (MEAN,)),
    *card.cross_product((MONTHS_AGO,), (rows.DRAWING, rows.INDEBTED, rows.ALL), (LOWEST,)),
    *card.cross_product((MONTHS_AGO,), (rows.ALL,), (HIGHEST,)),
    card.feature(
        "cash_share_of_drawn",
        "Cash taken from machines as a share of everything drawn from credit cards with us.",
        "ratio",
        ratio(pl.col("AMT_DRAWINGS_ATM_CURRENT").sum(), pl.col("AMT_DRAWINGS_CURRENT").sum()),
        disclosure=more_is_riskier("share"),
    ),
    *card.cross_product((GROWTH,), (rows.LAST_6,), (MEAN,)),
    card.feature(
        "utilisation_slope_last_12_months",
        "Growth per month of the debt as a share of the limit, over the last 12 months of credit cards with us.",
        "ratio per month",
        slope(rows.LAST_12.apply(pl.col("utilisation")), pl.col("MONTHS_BALANCE").cast(pl.Int32)),
    ),
    card.feature(
        f"utilisation_change_{AS_OF_MONTHS}_months",
        f"Average use of the limit in the last {AS_OF_MONTHS - 1} months, minus that of the months before.",
        "difference of ratios",
        change(pl.col("utilisation"), pl.col("MONTHS_BALANCE") > -AS_OF_MONTHS),
    ),
)

PAYMENT = (
    *card.cross_product((PAID,), (rows.ALL, rows.LAST_6), (MEAN,)),
    *card.cross_product((TO_MINIMUM,), (rows.ALL, rows.LAST_6), (MEAN,)),
    *card.cross_product((TO_BALANCE,), (rows.ALL, rows.LAST_6), (MEAN,)),
    *card.cross_product((MISSED,), (rows.LAST_12,), (TOTAL,)),
    *card.shares((rows.UNDERPAID.disclosed(risk_rises=True),), among=rows.ALL),
    *card.shares((rows.UNDERPAID,), among=rows.LAST_12),
    *card.cross_product((INTEREST,), (rows.ALL,), (MEAN,)),
    *card.cross_product((DELAY,), (rows.ALL,), (MEAN,)),
    *card.cross_product((DELAY,), (rows.ALL,), (HIGHEST,), disclosure=more_is_riskier("days")),
    *card.cross_product((DELAY,), (rows.LAST_12,), (HIGHEST,)),
    *card.cross_product((REAL_DELAY,), (rows.ALL, rows.LAST_24), (HIGHEST,)),
    *card.shares((rows.LATE, rows.REALLY_LATE), among=rows.ALL),
    *card.shares((rows.LATE,), among=rows.LAST_12),
    *card.shares((rows.LATE,), among=rows.EARLIER),
    *card.cross_product((MONTHS_AGO,), (rows.LATE,), (LOWEST,)),
    *card.cross_product((PAID_INSTALMENTS,), (rows.ALL,), (HIGHEST,)),
)

GROUPS = (FeatureGroup((*USE, *PAYMENT)),)
