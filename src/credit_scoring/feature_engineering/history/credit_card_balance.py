"""Months of the client's credit cards with us."""

import polars as pl

from credit_scoring.feature_engineering.history.family import (
    HIGHEST,
    MEAN,
    Measure,
    Selection,
    Source,
    ratio,
)
from credit_scoring.feature_engineering.history.preparation import known_at_application, with_layers
from credit_scoring.tables.credit_card_balance import CREDIT_CARD_BALANCE
from credit_scoring.tables.parquet import CLIENT

DERIVED = {
    "utilisation": ratio(pl.col("AMT_BALANCE"), pl.col("AMT_CREDIT_LIMIT_ACTUAL")),
}


def prepare(rows: pl.DataFrame) -> pl.DataFrame:
    """Months up to the one of the application; oldest first per client."""
    known = known_at_application(rows, CREDIT_CARD_BALANCE)
    return with_layers(known.sort(CLIENT, "MONTHS_BALANCE", "SK_ID_PREV"), (DERIVED,))


card = Source("card", "credit_card_balance", DERIVED)

ALL = Selection("", "months of credit cards with us")
LAST_HALF_YEAR = Selection(
    "last_6_months", "the last 6 months of credit cards with us", pl.col("MONTHS_BALANCE") >= -6
)

UTILISATION = Measure(
    "utilisation",
    "debt on the card as a share of its limit",
    "ratio",
    pl.col("utilisation"),
    minimum=None,
)
BALANCE = Measure("balance", "debt on the card", "currency units", pl.col("AMT_BALANCE"), minimum=None)
CASH = Measure(
    "cash_drawn",
    "cash taken from machines in a month",
    "currency units",
    pl.col("AMT_DRAWINGS_ATM_CURRENT"),
    minimum=None,
)

FEATURES = (
    *card.counts((ALL,), "months"),
    *card.family((UTILISATION,), (ALL, LAST_HALF_YEAR), (MEAN, HIGHEST)),
    *card.family((BALANCE, CASH), (LAST_HALF_YEAR,), (MEAN,)),
)
