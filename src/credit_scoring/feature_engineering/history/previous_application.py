"""What the client asked of us before, and what became of it."""

import polars as pl

from credit_scoring.feature_engineering.history.family import (
    HIGHEST,
    LOWEST,
    MEAN,
    Measure,
    Selection,
    Source,
    ratio,
)
from credit_scoring.feature_engineering.history.preparation import (
    known_at_application,
    with_layers,
    without_placeholders,
)
from credit_scoring.tables.parquet import CLIENT
from credit_scoring.tables.previous_application import PREVIOUS_APPLICATION

DERIVED = {
    "days_since_decision": -pl.col("DAYS_DECISION"),
    "granted_share": ratio(pl.col("AMT_CREDIT"), pl.col("AMT_APPLICATION")),
    "down_payment_share": ratio(pl.col("AMT_DOWN_PAYMENT"), pl.col("AMT_CREDIT")),
}


def prepare(rows: pl.DataFrame) -> pl.DataFrame:
    """Earlier applications that were decided by then, without entries that were made again; oldest first."""
    known = without_placeholders(known_at_application(rows, PREVIOUS_APPLICATION), PREVIOUS_APPLICATION)
    kept = known.filter(pl.col("FLAG_LAST_APPL_PER_CONTRACT") == "Y")
    return with_layers(kept.sort(CLIENT, "DAYS_DECISION", "SK_ID_PREV"), (DERIVED,))


previous = Source("previous", "previous_application", DERIVED)

ALL = Selection("", "earlier applications with us")
APPROVED = Selection(
    "approved", "approved earlier applications", pl.col("NAME_CONTRACT_STATUS") == "Approved"
)
REFUSED = Selection("refused", "refused earlier applications", pl.col("NAME_CONTRACT_STATUS") == "Refused")

AGE = Measure("days_since_decision", "days since the decision", "days", pl.col("days_since_decision"))
ANNUITY = Measure("annuity", "instalment", "currency units", pl.col("AMT_ANNUITY"))
CREDIT = Measure("credit", "amount granted", "currency units", pl.col("AMT_CREDIT"))
GRANTED_SHARE = Measure(
    "granted_share", "amount granted relative to the amount asked for", "ratio", pl.col("granted_share")
)
DOWN_PAYMENT_SHARE = Measure(
    "down_payment_share",
    "down payment relative to the loan",
    "ratio",
    pl.col("down_payment_share"),
    minimum=None,
)

FEATURES = (
    *previous.counts((ALL, APPROVED, REFUSED), "applications"),
    *previous.shares((APPROVED, REFUSED), among=ALL),
    *previous.family((AGE,), (APPROVED, REFUSED), (LOWEST,)),
    *previous.family((ANNUITY, CREDIT), (APPROVED,), (MEAN, HIGHEST)),
    *previous.family((GRANTED_SHARE, DOWN_PAYMENT_SHARE), (ALL,), (MEAN,)),
)
