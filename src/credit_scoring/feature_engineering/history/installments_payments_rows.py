"""Prepared instalments of earlier loans: payments merged into instalments, instalments into loans."""

from functools import partial

import polars as pl

from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.data_contracts.installments_payments import INSTALLMENTS_PAYMENTS
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import DAYS_PER_YEAR
from credit_scoring.feature_engineering.history import cleaning
from credit_scoring.feature_engineering.history.aggregations import AS_OF_DAYS, Measure, Selection, recent
from credit_scoring.feature_engineering.history.feature_builder import FeatureBuilder
from credit_scoring.feature_engineering.history.formulas import ratio

INSTALMENT = ("SK_ID_CURR", "SK_ID_PREV", "DAYS_INSTALMENT", "NUM_INSTALMENT_NUMBER")

_SAME_INSTALMENT = [pl.col(name) == pl.col(name).shift() for name in INSTALMENT[1:]]


def _repeats(distance: int) -> pl.Expr:
    same = [
        pl.col(name) == pl.col(name).shift(distance) for name in (*INSTALMENT[1:], "DAYS_ENTRY_PAYMENT", "AMT_PAYMENT")
    ]
    other_version = pl.col("NUM_INSTALMENT_VERSION") != pl.col("NUM_INSTALMENT_VERSION").shift(distance)
    return pl.all_horizontal(*same, other_version).fill_null(False)


# The source repeats amounts in two ways. An instalment paid in parts has one row per payment, each with the whole
# amount due. An instalment of several plan versions has one row per version, each with the whole payment.
PAYMENT_ROWS: dict[str, pl.Expr] = {
    "is_first": ~pl.all_horizontal(_SAME_INSTALMENT).fill_null(False),
    "is_new_version": ~pl.all_horizontal(
        *_SAME_INSTALMENT, pl.col("NUM_INSTALMENT_VERSION") == pl.col("NUM_INSTALMENT_VERSION").shift()
    ).fill_null(False),
    # No published instalment of several versions has more than three payments.
    "is_repeated": _repeats(1) | _repeats(2) | _repeats(3),
}
PAYMENT_PARTS: dict[str, pl.Expr] = {
    "is_alone": pl.col("is_first") & pl.col("is_first").shift(-1, fill_value=True),
    "part": pl.lit(1, pl.Int32),
    "part_due": pl.when("is_new_version").then("AMT_INSTALMENT"),
    "part_paid": pl.when(~pl.col("is_repeated")).then("AMT_PAYMENT"),
    "part_paid_on_then": pl.when(pl.col("DAYS_ENTRY_PAYMENT") <= -AS_OF_DAYS).then("DAYS_ENTRY_PAYMENT"),
}


# How the rows of one instalment are merged; a single row gives the same without grouping.
_SUMS = {"due": "part_due", "paid": "part_paid", "parts": "part"}
_MAXIMA = {"paid_on": "DAYS_ENTRY_PAYMENT", "paid_on_then": "part_paid_on_then", "version": "NUM_INSTALMENT_VERSION"}
INSTALMENTS = {name: pl.col(column).sum() for name, column in _SUMS.items()} | {
    name: pl.col(column).max() for name, column in _MAXIMA.items()
}
_OF_ONE_ROW = {name: pl.col(column).fill_null(0) for name, column in _SUMS.items()} | {
    name: pl.col(column) for name, column in _MAXIMA.items()
}

# Client and day as one number: sorting by it takes half the time of sorting by both.
_CLIENT_AND_DAY = pl.col(CLIENT).cast(pl.Int64) * 2**16 + pl.col("DAYS_INSTALMENT").cast(pl.Int64)

# An unpaid instalment counts as late until the day of the application.
_DELAY = pl.col("paid_on").fill_null(0) - pl.col("DAYS_INSTALMENT")

DERIVED: dict[str, pl.Expr] = {
    "delay": _DELAY,
    "days_late": _DELAY.clip(lower_bound=0),
    "days_early": (-_DELAY).clip(lower_bound=0),
    "days_late_then": (pl.col("paid_on_then") - pl.col("DAYS_INSTALMENT")).clip(lower_bound=0),
    "paid_share": ratio(pl.col("paid"), pl.col("due")),
    # The sum of parts has a rounding error far below a cent.
    "shortfall": (pl.col("due") - pl.col("paid")).clip(lower_bound=0).round(2),
    "overpaid": (pl.col("paid") - pl.col("due")).clip(lower_bound=0).round(2),
    "weight": (pl.col("DAYS_INSTALMENT") / DAYS_PER_YEAR).exp(),
    "days_since_due": -pl.col("DAYS_INSTALMENT").cast(pl.Int32),
    "recency_rank": cleaning.recency_rank("DAYS_INSTALMENT"),
}

LOANS: dict[str, pl.Expr] = {
    "loan_first_due": pl.col("DAYS_INSTALMENT").min(),
    "loan_last_due": pl.col("DAYS_INSTALMENT").max(),
    "loan_instalments": pl.len().cast(pl.Int32),
    "loan_late_share": (pl.col("days_late") > 0).mean(),
    "loan_late_days_max": pl.col("days_late").max(),
    "loan_late_days_mean": pl.col("days_late").mean(),
    "loan_early_days_mean": pl.col("days_early").mean(),
    "loan_first_late_days": pl.col("days_late").filter(pl.col("NUM_INSTALMENT_NUMBER") <= 4).max(),
    "loan_paid": pl.col("paid").sum(),
    "loan_due": pl.col("due").sum(),
    "loan_version": pl.col("version").max(),
}


def prepare(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per instalment due by the day of the application; later payments count as not made."""
    past = without_later_payments(rows)
    known = cleaning.known_at_application(past, INSTALLMENTS_PAYMENTS).with_columns(
        pl.when(pl.col("DAYS_ENTRY_PAYMENT").is_not_null()).then("AMT_PAYMENT").alias("AMT_PAYMENT")
    )
    order = (*INSTALMENT, "NUM_INSTALMENT_VERSION", "DAYS_ENTRY_PAYMENT", "AMT_PAYMENT")
    parts = known.sort(order, nulls_last=True).with_columns(**PAYMENT_ROWS).with_columns(**PAYMENT_PARTS)
    # 95 % of the instalments have a single row, and grouping takes most of the time here.
    alone = parts.filter("is_alone").select(*INSTALMENT, **_OF_ONE_ROW)
    several = parts.filter(~pl.col("is_alone")).group_by(INSTALMENT, maintain_order=True).agg(**INSTALMENTS)
    merged = pl.concat([alone, several])
    return merged.sort(_CLIENT_AND_DAY, "SK_ID_PREV", "NUM_INSTALMENT_NUMBER").with_columns(**DERIVED)


def without_later_payments(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows as of the day of the application.

    The row of a later payment did not exist yet, unless it is the first of its instalment: that one existed, unpaid.
    """
    came_later = (pl.col("DAYS_ENTRY_PAYMENT") > 0).fill_null(False)
    if not rows.select(came_later.any()).item():
        return rows
    ordered = rows.with_columns(came_later.alias("came_later")).sort(
        *INSTALMENT, "came_later", "NUM_INSTALMENT_VERSION", "AMT_INSTALMENT", nulls_last=True
    )
    is_first = ~pl.all_horizontal(pl.col(name) == pl.col(name).shift() for name in INSTALMENT).fill_null(False)
    return ordered.filter(~pl.col("came_later") | is_first).drop("came_later")


def by_loan(instalments: pl.DataFrame) -> pl.DataFrame:
    """One row per loan, from its prepared instalments; the loan with the latest instalment comes last."""
    loans = instalments.group_by(CLIENT, "SK_ID_PREV", maintain_order=True).agg(**LOANS)
    return loans.sort(CLIENT, "loan_last_due", "loan_first_due", "SK_ID_PREV")


_LAYERS = (DERIVED, INSTALMENTS, PAYMENT_PARTS, PAYMENT_ROWS)
PAYMENTS = Concept.PAYMENTS_WITH_US
late_measure = partial(Measure, concept=PAYMENTS, monotone=1)
late_rows = partial(Selection, concept=PAYMENTS, monotone=1)

instalments = FeatureBuilder("installments", "installments_payments", Concept.LOANS_WITH_US, *_LAYERS)
loans = FeatureBuilder("installments", "installments_payments", Concept.LOANS_WITH_US, LOANS, *_LAYERS)

ALL = Selection("", "instalments of earlier loans with us")
LAST_90, LAST_180, LAST_365, LAST_730 = recent(
    "DAYS_INSTALMENT", "days", (90, 180, 365, 730), "instalments due in the last {} days"
)
LAST_5, LAST_10, LAST_25 = (
    Selection(f"last_{count}", f"the last {count} instalments", pl.col("recency_rank") <= count)
    for count in (5, 10, 25)
)
FIRST_4 = Selection(
    "first_4_of_loan", "the first four instalments of earlier loans", pl.col("NUM_INSTALMENT_NUMBER") <= 4
)
LATE = late_rows("late", "instalments paid after the due date", pl.col("days_late") > 0)
LATE_7, LATE_15, LATE_30 = (
    late_rows(f"late_{days}_days", f"instalments paid more than {days} days late", pl.col("days_late") > days)
    for days in (7, 15, 30)
)
UNDERPAID = late_rows("underpaid", "instalments not paid in full", pl.col("shortfall") > 0)
OVERPAID = Selection("overpaid", "instalments paid with more than was due", pl.col("overpaid") > 0, PAYMENTS)
IN_PARTS = Selection("in_parts", "instalments paid in several parts", pl.col("parts") > 1, PAYMENTS)
BY_THEN = Selection(
    f"as_of_{AS_OF_DAYS}_days",
    f"instalments due and paid at least {AS_OF_DAYS} days before the application",
    (pl.col("DAYS_INSTALMENT") <= -AS_OF_DAYS) & pl.col("paid_on_then").is_not_null(),
)
