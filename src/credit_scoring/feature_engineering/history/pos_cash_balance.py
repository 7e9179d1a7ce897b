"""Months of the client's earlier cash and point-of-sale loans with us."""

import polars as pl

from credit_scoring.feature_engineering.history.family import HIGHEST, MEAN, Measure, Selection, Source
from credit_scoring.feature_engineering.history.preparation import known_at_application, without_placeholders
from credit_scoring.tables.parquet import CLIENT
from credit_scoring.tables.pos_cash_balance import POS_CASH_BALANCE


def prepare(rows: pl.DataFrame) -> pl.DataFrame:
    """Months up to the one of the application; oldest first per client."""
    known = without_placeholders(known_at_application(rows, POS_CASH_BALANCE), POS_CASH_BALANCE)
    return known.sort(CLIENT, "MONTHS_BALANCE", "SK_ID_PREV")


pos = Source("pos", "POS_CASH_balance")

ALL = Selection("", "months of earlier cash and shop loans")
LATE = Selection("late", "months of earlier cash and shop loans with arrears", pl.col("SK_DPD_DEF") > 0)

DAYS_PAST_DUE = Measure("days_past_due", "days past due", "days", pl.col("SK_DPD_DEF"))
LEFT = Measure(
    "instalments_left",
    "instalments still to be paid",
    "instalments",
    pl.col("CNT_INSTALMENT_FUTURE"),
)

FEATURES = (
    *pos.counts((ALL,), "months"),
    *pos.shares((LATE,), among=ALL),
    *pos.family((DAYS_PAST_DUE,), (ALL,), (MEAN, HIGHEST)),
    *pos.family((LEFT,), (ALL,), (MEAN,)),
)
