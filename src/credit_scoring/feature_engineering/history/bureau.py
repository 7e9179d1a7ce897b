"""Credits with other lenders, as the credit bureau reports them."""

import polars as pl

from credit_scoring.feature_engineering.history.family import (
    HIGHEST,
    LOWEST,
    MEAN,
    TOTAL,
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
from credit_scoring.tables.bureau import BUREAU
from credit_scoring.tables.parquet import CLIENT

DERIVED = {
    "debt_share": ratio(pl.col("AMT_CREDIT_SUM_DEBT"), pl.col("AMT_CREDIT_SUM")),
    "days_since_start": -pl.col("DAYS_CREDIT"),
    "days_left": pl.when(pl.col("DAYS_CREDIT_ENDDATE") > 0).then(pl.col("DAYS_CREDIT_ENDDATE")),
    # The date on which a credit was closed is an event: one that lies ahead has not happened.
    "closed_on": pl.when(pl.col("DAYS_ENDDATE_FACT") <= 0).then(pl.col("DAYS_ENDDATE_FACT")),
}


def prepare(rows: pl.DataFrame) -> pl.DataFrame:
    """Credits that had started, and were last reported on, before the application; oldest first per client."""
    known = without_placeholders(known_at_application(rows, BUREAU), BUREAU)
    # 17 published credits were last reported after the application: their amounts are from the future.
    known = known.filter(pl.col("DAYS_CREDIT_UPDATE") <= 0)
    return with_layers(known.sort(CLIENT, "DAYS_CREDIT", "SK_ID_BUREAU"), (DERIVED,))


bureau = Source("bureau", "bureau", DERIVED)

ALL = Selection("", "credits with other lenders")
ACTIVE = Selection("active", "credits with other lenders still running", pl.col("CREDIT_ACTIVE") == "Active")
LAST_YEAR = Selection(
    "last_365_days",
    "credits with other lenders started in the last 365 days",
    pl.col("DAYS_CREDIT") >= -365,
)

AGE = Measure("days_since_start", "days since the credit started", "days", pl.col("days_since_start"))
DEBT = Measure("debt", "debt still owed", "currency units", pl.col("AMT_CREDIT_SUM_DEBT"), minimum=None)
AMOUNT = Measure("credit", "amount lent", "currency units", pl.col("AMT_CREDIT_SUM"))
DEBT_SHARE = Measure(
    "debt_share", "debt as a share of the amount lent", "ratio", pl.col("debt_share"), minimum=None
)
WORST_ARREARS = Measure(
    "worst_overdue", "worst arrears ever reached", "currency units", pl.col("AMT_CREDIT_MAX_OVERDUE")
)

FEATURES = (
    *bureau.counts((ALL, ACTIVE, LAST_YEAR), "credits"),
    *bureau.shares((ACTIVE,), among=ALL),
    *bureau.family((AGE,), (ALL, ACTIVE), (MEAN, LOWEST, HIGHEST)),
    *bureau.family((DEBT, AMOUNT), (ACTIVE,), (TOTAL, MEAN)),
    *bureau.family((DEBT_SHARE,), (ACTIVE,), (MEAN, HIGHEST)),
    *bureau.family((WORST_ARREARS,), (ALL,), (HIGHEST,)),
    bureau.feature(
        "debt_to_credit",
        "Debt still owed on all credits with other lenders, as a share of everything they lent.",
        "ratio",
        ratio(pl.col("AMT_CREDIT_SUM_DEBT").sum(), pl.col("AMT_CREDIT_SUM").sum()),
    ),
)
