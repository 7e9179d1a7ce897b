"""Prepared months of the client's credit cards with us."""

from functools import partial

import polars as pl

from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.data_contracts.credit_card_balance import CREDIT_CARD_BALANCE
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.history.aggregations import AS_OF_MONTHS, Measure, Selection, recent
from credit_scoring.feature_engineering.history.cleaning import known_at_application, with_layers
from credit_scoring.feature_engineering.history.feature_builder import FeatureBuilder
from credit_scoring.feature_engineering.history.formulas import ratio

CARD = (CLIENT, "SK_ID_PREV")
_BALANCE = pl.col("AMT_BALANCE")

MONTHS: dict[str, pl.Expr] = {
    "months_ago": -pl.col("MONTHS_BALANCE").cast(pl.Int16),
    "utilisation": ratio(_BALANCE, pl.col("AMT_CREDIT_LIMIT_ACTUAL")),
    "drawn_share": ratio(pl.col("AMT_DRAWINGS_CURRENT"), pl.col("AMT_CREDIT_LIMIT_ACTUAL")),
    "payment_to_minimum": ratio(pl.col("AMT_PAYMENT_CURRENT"), pl.col("AMT_INST_MIN_REGULARITY")),
    "payment_to_balance": ratio(pl.col("AMT_PAYMENT_TOTAL_CURRENT"), pl.when(_BALANCE > 0).then(_BALANCE)),
    "missed_minimum": (pl.col("AMT_INST_MIN_REGULARITY") - pl.col("AMT_PAYMENT_TOTAL_CURRENT")).clip(
        lower_bound=0
    ),
    "interest": pl.col("AMT_TOTAL_RECEIVABLE") - pl.col("AMT_RECEIVABLE_PRINCIPAL"),
    "balance_growth": _BALANCE.diff().over(CARD),
}


def prepare(rows: pl.DataFrame) -> pl.DataFrame:
    """Months up to that of the application; oldest first per client."""
    known = known_at_application(rows, CREDIT_CARD_BALANCE)
    return with_layers(known.sort(CLIENT, "MONTHS_BALANCE", "SK_ID_PREV"), (MONTHS,))


PAYMENTS = Concept.PAYMENTS_WITH_US
late_measure = partial(Measure, concept=PAYMENTS, monotone=1)
late_rows = partial(Selection, concept=PAYMENTS, monotone=1)

card = FeatureBuilder("card", "credit_card_balance", Concept.CARDS_WITH_US, MONTHS)

ALL = Selection("", "months of credit cards with us")
LAST_2, LAST_3, LAST_6, LAST_12, LAST_24 = recent(
    "MONTHS_BALANCE", "months", (2, 3, 6, 12, 24), "the last {} months of credit cards with us"
)
EARLIER = Selection(
    f"as_of_{AS_OF_MONTHS}_months",
    f"months of credit cards with us up to {AS_OF_MONTHS} months before the application",
    pl.col("MONTHS_BALANCE") <= -AS_OF_MONTHS,
)
INDEBTED = Selection("indebted", "months of credit cards with a debt", _BALANCE > 0)
NEARLY_FULL = Selection(
    "nearly_full",
    "months of credit cards drawn to more than nine tenths of the limit",
    pl.col("utilisation") > 0.9,
)
OVER_LIMIT = Selection(
    "over_limit", "months of credit cards drawn beyond the limit", pl.col("utilisation") > 1, monotone=1
)
DRAWING = Selection(
    "with_drawing", "months of credit cards with a drawing", pl.col("AMT_DRAWINGS_CURRENT") > 0
)
CASH_DRAWING = Selection(
    "with_cash", "months of credit cards in which cash was drawn", pl.col("AMT_DRAWINGS_ATM_CURRENT") > 0
)
LATE = late_rows("late", "months of credit cards with a delay", pl.col("SK_DPD") > 0)
REALLY_LATE = late_rows(
    "really_late", "months of credit cards with a delay that mattered", pl.col("SK_DPD_DEF") > 0
)
UNDERPAID = Selection(
    "below_minimum", "months of credit cards paid below the minimum", pl.col("missed_minimum") > 0, PAYMENTS
)
