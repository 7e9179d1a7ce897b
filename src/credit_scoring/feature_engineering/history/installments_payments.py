"""What was due and what was paid on the client's earlier loans with us, one row per instalment."""

import polars as pl

from credit_scoring.feature_engineering.history.family import (
    HIGHEST,
    MEAN,
    TOTAL,
    Measure,
    Selection,
    Source,
    ratio,
)
from credit_scoring.feature_engineering.history.preparation import known_at_application, with_layers
from credit_scoring.tables.installments_payments import INSTALLMENTS_PAYMENTS
from credit_scoring.tables.parquet import CLIENT

INSTALMENT = ("SK_ID_CURR", "SK_ID_PREV", "DAYS_INSTALMENT", "NUM_INSTALMENT_NUMBER")

# Two habits of the source are undone here. An instalment paid in parts has one row per payment, each with the
# whole amount due. An instalment of several plan versions has one row per version, each with the whole payment.
PAYMENTS: dict[str, pl.Expr] = {
    "is_new_version": (
        pl.any_horizontal(pl.col(name) != pl.col(name).shift() for name in INSTALMENT)
        | (pl.col("NUM_INSTALMENT_VERSION") != pl.col("NUM_INSTALMENT_VERSION").shift())
    ).fill_null(True),
    "is_repeated_payment": pl.any_horizontal(
        pl.all_horizontal(
            *(
                pl.col(name) == pl.col(name).shift(distance)
                for name in (*INSTALMENT, "DAYS_ENTRY_PAYMENT", "AMT_PAYMENT")
            ),
            pl.col("NUM_INSTALMENT_VERSION") != pl.col("NUM_INSTALMENT_VERSION").shift(distance),
        ).fill_null(False)
        for distance in (1, 2)
    ),
}

MERGED: dict[str, pl.Expr] = {
    "due": pl.col("AMT_INSTALMENT").filter(pl.col("is_new_version")).sum(),
    "paid": pl.col("AMT_PAYMENT").filter(~pl.col("is_repeated_payment")).sum(),
    "paid_on": pl.col("DAYS_ENTRY_PAYMENT").max(),
}

DERIVED: dict[str, pl.Expr] = {
    "days_late": (pl.col("paid_on") - pl.col("DAYS_INSTALMENT")).clip(lower_bound=0),
    "days_early": (pl.col("DAYS_INSTALMENT") - pl.col("paid_on")).clip(lower_bound=0),
    "paid_share": ratio(pl.col("paid"), pl.col("due")),
    "shortfall": (pl.col("due") - pl.col("paid")).clip(lower_bound=0),
}


def prepare(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per instalment that was due by the application; payments that came later count as not made."""
    known = known_at_application(rows, INSTALLMENTS_PAYMENTS).with_columns(
        pl.when(pl.col("DAYS_ENTRY_PAYMENT").is_not_null()).then(pl.col("AMT_PAYMENT")).alias("AMT_PAYMENT")
    )
    order = (*INSTALMENT, "NUM_INSTALMENT_VERSION", "DAYS_ENTRY_PAYMENT", "AMT_PAYMENT")
    payments = with_layers(known.sort(order, nulls_last=True), (PAYMENTS,))
    merged = payments.group_by(INSTALMENT, maintain_order=True).agg(
        value.alias(name) for name, value in MERGED.items()
    )
    by_date = merged.sort(CLIENT, "DAYS_INSTALMENT", "SK_ID_PREV", "NUM_INSTALMENT_NUMBER")
    return with_layers(by_date, (DERIVED,))


installments = Source("installments", "installments_payments", PAYMENTS, MERGED, DERIVED)

ALL = Selection("", "instalments of earlier loans with us")
LATE = Selection("late", "instalments paid after the due date", pl.col("days_late") > 0)
LAST_YEAR = Selection(
    "last_365_days", "instalments due in the last 365 days", pl.col("DAYS_INSTALMENT") >= -365
)

DAYS_LATE = Measure(
    "days_late", "days between due date and payment, 0 if on time", "days", pl.col("days_late")
)
DAYS_EARLY = Measure("days_early", "days paid ahead of the due date, 0 if not", "days", pl.col("days_early"))
PAID_SHARE = Measure("paid_share", "amount paid relative to the amount due", "ratio", pl.col("paid_share"))
SHORTFALL = Measure("shortfall", "amount due that was not paid", "currency units", pl.col("shortfall"))

FEATURES = (
    *installments.counts((ALL,), "instalments"),
    *installments.shares((LATE,), among=ALL),
    *installments.family((DAYS_LATE,), (ALL, LAST_YEAR), (MEAN, HIGHEST)),
    *installments.family((DAYS_EARLY, PAID_SHARE), (ALL,), (MEAN,)),
    *installments.family((SHORTFALL,), (ALL,), (TOTAL,)),
)
