"""Use of credit cards with us: utilisation, drawings, payments."""

from functools import partial

import polars as pl

from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.data_contracts.credit_card_balance import CREDIT_CARD_BALANCE
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import MONEY, more_is_riskier
from credit_scoring.feature_engineering.history.aggregations import AS_OF_MONTHS, Measure, Selection, recent
from credit_scoring.feature_engineering.history.cleaning import known_at_application
from credit_scoring.feature_engineering.history.feature_builder import FeatureBuilder, FeatureGroup
from credit_scoring.feature_engineering.history.formulas import change, ratio, slope
from credit_scoring.feature_engineering.history.shared_measures import DELAY, MONTHS_AGO, MONTHS_AGO_COLUMN, REAL_DELAY
from credit_scoring.feature_engineering.history.statistics import HIGHEST, LATEST, LOWEST, MEAN, TOTAL

CARD = (CLIENT, "SK_ID_PREV")
_BALANCE = pl.col("AMT_BALANCE")

MONTHS: dict[str, pl.Expr] = {
    **MONTHS_AGO_COLUMN,
    "utilisation": ratio(_BALANCE, pl.col("AMT_CREDIT_LIMIT_ACTUAL")),
    "drawn_share": ratio(pl.col("AMT_DRAWINGS_CURRENT"), pl.col("AMT_CREDIT_LIMIT_ACTUAL")),
    "payment_to_minimum": ratio(pl.col("AMT_PAYMENT_CURRENT"), pl.col("AMT_INST_MIN_REGULARITY")),
    "payment_to_balance": ratio(pl.col("AMT_PAYMENT_TOTAL_CURRENT"), pl.when(_BALANCE > 0).then(_BALANCE)),
    "missed_minimum": (pl.col("AMT_INST_MIN_REGULARITY") - pl.col("AMT_PAYMENT_TOTAL_CURRENT")).clip(lower_bound=0),
    "interest": pl.col("AMT_TOTAL_RECEIVABLE") - pl.col("AMT_RECEIVABLE_PRINCIPAL"),
    "balance_growth": _BALANCE.diff().over(CARD),
}


def prepare(rows: pl.DataFrame) -> pl.DataFrame:
    """Months up to that of the application; oldest first per client."""
    known = known_at_application(rows, CREDIT_CARD_BALANCE)
    return known.sort(CLIENT, "MONTHS_BALANCE", "SK_ID_PREV").with_columns(**MONTHS)


PAYMENTS = Concept.PAYMENTS_WITH_US
late_measure = partial(Measure, concept=PAYMENTS, monotone=1)
late_rows = partial(Selection, concept=PAYMENTS, monotone=1)

card = FeatureBuilder("card", "credit_card_balance", Concept.CARDS_WITH_US, MONTHS)

ALL = Selection("", "months of credit cards with us")
LAST_2, LAST_6, LAST_12, LAST_24 = recent(
    "MONTHS_BALANCE", "months", (2, 6, 12, 24), "the last {} months of credit cards with us"
)
EARLIER = Selection(
    f"as_of_{AS_OF_MONTHS}_months",
    f"months of credit cards with us up to {AS_OF_MONTHS} months before the application",
    pl.col("MONTHS_BALANCE") <= -AS_OF_MONTHS,
)
INDEBTED = Selection("indebted", "months of credit cards with a debt", _BALANCE > 0)
NEARLY_FULL = Selection(
    "nearly_full", "months of credit cards drawn to more than nine tenths of the limit", pl.col("utilisation") > 0.9
)
OVER_LIMIT = Selection(
    "over_limit", "months of credit cards drawn beyond the limit", pl.col("utilisation") > 1, monotone=1
)
DRAWING = Selection("with_drawing", "months of credit cards with a drawing", pl.col("AMT_DRAWINGS_CURRENT") > 0)
CASH_DRAWING = Selection(
    "with_cash", "months of credit cards in which cash was drawn", pl.col("AMT_DRAWINGS_ATM_CURRENT") > 0
)
LATE = late_rows("late", "months of credit cards with a delay", pl.col("SK_DPD") > 0)
REALLY_LATE = late_rows("really_late", "months of credit cards with a delay that mattered", pl.col("SK_DPD_DEF") > 0)
UNDERPAID = Selection(
    "below_minimum", "months of credit cards paid below the minimum", pl.col("missed_minimum") > 0, PAYMENTS
)

UTILISATION = Measure("utilisation", "debt on a card as a share of its limit", "ratio", minimum=None, monotone=1)
BALANCE = Measure("balance", "debt on a card", MONEY, "AMT_BALANCE", minimum=None)
LIMIT = Measure("limit", "limit of a card", MONEY, "AMT_CREDIT_LIMIT_ACTUAL")
DRAWN = Measure("drawn", "amount drawn in a month", MONEY, "AMT_DRAWINGS_CURRENT", minimum=None)
DRAWN_SHARE = Measure("drawn_share", "amount drawn in a month as a share of the limit", "ratio", minimum=None)
CASH = Measure("cash_drawn", "cash taken from machines in a month", MONEY, "AMT_DRAWINGS_ATM_CURRENT", minimum=None)
CASH_TIMES = Measure(
    "cash_drawings", "number of times cash was taken in a month", "drawings", "CNT_DRAWINGS_ATM_CURRENT"
)
DRAWINGS = Measure("drawings", "number of drawings in a month", "drawings", "CNT_DRAWINGS_CURRENT")
PAID = Measure("paid", "amount paid back in a month", MONEY, "AMT_PAYMENT_TOTAL_CURRENT")
TO_MINIMUM = Measure("payment_to_minimum", "payment of a month relative to the minimum due", "ratio", concept=PAYMENTS)
TO_BALANCE = Measure("payment_to_balance", "payment of a month relative to the debt", "ratio")
MISSED = Measure("missed_minimum", "part of the minimum left unpaid in a month", MONEY, concept=PAYMENTS)
INTEREST = Measure("interest", "part of the debt that is interest and fees", MONEY, minimum=None)
GROWTH = Measure("balance_growth", "growth of the debt from one month to the next", MONEY, minimum=None)
PAID_INSTALMENTS = Measure(
    "instalments_paid", "number of monthly instalments paid so far", "instalments", "CNT_INSTALMENT_MATURE_CUM"
)

USE = (
    *card.counts((ALL,), "months"),
    card.feature(
        "count_cards",
        "Number of credit cards with us.",
        "cards",
        pl.col("SK_ID_PREV").n_unique(),
        minimum=0,
        without_history=0,
    ),
    *card.shares((INDEBTED, NEARLY_FULL, OVER_LIMIT, DRAWING, CASH_DRAWING.disclosed(risk_rises=True)), among=ALL),
    *card.shares((INDEBTED, DRAWING), among=LAST_12),
    *card.cross_product((UTILISATION,), (ALL,), (MEAN, HIGHEST, LATEST), disclosure=more_is_riskier("share")),
    *card.cross_product((UTILISATION,), (LAST_2,), (MEAN, HIGHEST)),
    *card.cross_product((UTILISATION,), (LAST_6,), (MEAN,), disclosure=more_is_riskier("share")),
    *card.cross_product((UTILISATION,), (LAST_6,), (HIGHEST,)),
    *card.cross_product((UTILISATION,), (LAST_12,), (MEAN,), disclosure=more_is_riskier("share")),
    *card.cross_product((UTILISATION,), (LAST_24, EARLIER), (MEAN,)),
    *card.cross_product((BALANCE,), (ALL,), (MEAN, HIGHEST)),
    *card.cross_product((BALANCE,), (ALL,), (LATEST,), disclosure=more_is_riskier("amount")),
    *card.cross_product((LIMIT,), (ALL,), (MEAN, LATEST)),
    *card.cross_product((DRAWN, DRAWN_SHARE, CASH), (ALL, LAST_6), (MEAN,)),
    *card.cross_product((CASH_TIMES,), (ALL,), (MEAN,), disclosure=more_is_riskier("count")),
    *card.cross_product((CASH_TIMES,), (ALL,), (HIGHEST,)),
    *card.cross_product((CASH_TIMES,), (LAST_6,), (MEAN, HIGHEST)),
    *card.cross_product((DRAWINGS,), (ALL, LAST_6, LAST_12), (MEAN,)),
    *card.cross_product((MONTHS_AGO,), (DRAWING, INDEBTED, ALL), (LOWEST,)),
    *card.cross_product((MONTHS_AGO,), (ALL,), (HIGHEST,)),
    card.feature(
        "cash_share_of_drawn",
        "Cash taken from machines as a share of everything drawn from credit cards with us.",
        "ratio",
        ratio(pl.col("AMT_DRAWINGS_ATM_CURRENT").sum(), pl.col("AMT_DRAWINGS_CURRENT").sum()),
        disclosure=more_is_riskier("share"),
    ),
    *card.cross_product((GROWTH,), (LAST_6,), (MEAN,)),
    card.feature(
        "utilisation_slope_last_12_months",
        "Growth per month of the debt as a share of the limit, over the last 12 months of credit cards with us.",
        "ratio per month",
        slope(LAST_12.apply(pl.col("utilisation")), pl.col("MONTHS_BALANCE").cast(pl.Int32)),
    ),
    card.feature(
        f"utilisation_change_{AS_OF_MONTHS}_months",
        f"Average use of the limit in the last {AS_OF_MONTHS - 1} months, minus that of the months before.",
        "difference of ratios",
        change(pl.col("utilisation"), pl.col("MONTHS_BALANCE") > -AS_OF_MONTHS),
    ),
)

PAYMENT = (
    *card.cross_product((PAID, TO_MINIMUM, TO_BALANCE), (ALL, LAST_6), (MEAN,)),
    *card.cross_product((MISSED,), (LAST_12,), (TOTAL,)),
    *card.shares((UNDERPAID.disclosed(risk_rises=True),), among=ALL),
    *card.shares((UNDERPAID,), among=LAST_12),
    *card.cross_product((INTEREST, DELAY), (ALL,), (MEAN,)),
    *card.cross_product((DELAY,), (ALL,), (HIGHEST,), disclosure=more_is_riskier("days")),
    *card.cross_product((DELAY,), (LAST_12,), (HIGHEST,)),
    *card.cross_product((REAL_DELAY,), (ALL, LAST_24), (HIGHEST,)),
    *card.shares((LATE, REALLY_LATE), among=ALL),
    *card.shares((LATE,), among=(LAST_12, EARLIER)),
    *card.cross_product((MONTHS_AGO,), (LATE,), (LOWEST,)),
    *card.cross_product((PAID_INSTALMENTS,), (ALL,), (HIGHEST,)),
)

GROUPS = (FeatureGroup((*USE, *PAYMENT)),)
