"""Prepared rows of credits with other lenders, and the selections that their features share."""

import polars as pl

from credit_scoring.data_contracts.bureau import BUREAU
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.history import cleaning
from credit_scoring.feature_engineering.history.aggregations import Selection, recent
from credit_scoring.feature_engineering.history.feature_builder import FeatureBuilder
from credit_scoring.feature_engineering.history.formulas import ratio

# The date on which a credit was closed is an event: one in the future has not happened. The source also closes some
# credits before they started, up to a hundred years ago.
_CLOSED_ON = pl.when(pl.col("DAYS_ENDDATE_FACT").is_between(pl.col("DAYS_CREDIT"), 0)).then(pl.col("DAYS_ENDDATE_FACT"))
_PLANNED_END = pl.col("DAYS_CREDIT_ENDDATE")
_LENT = pl.col("AMT_CREDIT_SUM")
_OWED = pl.col("AMT_CREDIT_SUM_DEBT")

DERIVED = {
    "days_since_start": -pl.col("DAYS_CREDIT").cast(pl.Int32),
    "days_since_report": -pl.col("DAYS_CREDIT_UPDATE").cast(pl.Int32),
    # The contractual end of a running credit is a schedule, known on the day of the application.
    "days_left": pl.when(_PLANNED_END > 0).then(_PLANNED_END),
    "planned_days": pl.when(_PLANNED_END >= pl.col("DAYS_CREDIT")).then(
        _PLANNED_END - pl.col("DAYS_CREDIT").cast(pl.Int32)
    ),
    "days_since_end": -_CLOSED_ON,
    "days_ended_early": _PLANNED_END - _CLOSED_ON,
    "days_since_previous_start": cleaning.days_since_previous("DAYS_CREDIT"),
    "debt_share": ratio(_OWED, _LENT),
    "repaid": _LENT - _OWED,
    "recency_rank": cleaning.recency_rank("DAYS_CREDIT"),
}


def prepare(rows: pl.DataFrame) -> pl.DataFrame:
    """Credits that started and were last reported before the application; oldest first per client."""
    known = cleaning.without_placeholders(cleaning.known_at_application(rows, BUREAU), BUREAU)
    # 17 published credits were last reported after the application: their amounts are from the future.
    known = known.filter(pl.col("DAYS_CREDIT_UPDATE") <= 0)
    return known.sort(CLIENT, "DAYS_CREDIT", "SK_ID_BUREAU").with_columns(**DERIVED)


bureau = FeatureBuilder("bureau", "bureau", Concept.CREDIT_HISTORY, DERIVED)

ALL = Selection("", "credits with other lenders")
ACTIVE = Selection(
    "active", "running credits with other lenders", pl.col("CREDIT_ACTIVE") == "Active", Concept.DEBTS_ELSEWHERE
)
CLOSED = Selection("closed", "repaid credits with other lenders", pl.col("CREDIT_ACTIVE") == "Closed")
WRITTEN_OFF = Selection(
    "sold_or_bad",
    "credits with other lenders sold to a collector or given up as lost",
    pl.col("CREDIT_ACTIVE").is_in(["Sold", "Bad debt"]),
    Concept.PAYMENTS_ELSEWHERE,
)
CONSUMER = Selection("consumer", "consumer credits with other lenders", pl.col("CREDIT_TYPE") == "Consumer credit")
CARD = Selection("card", "credit cards of other lenders", pl.col("CREDIT_TYPE") == "Credit card")
CAR = Selection("car", "car loans with other lenders", pl.col("CREDIT_TYPE") == "Car loan")
MORTGAGE = Selection("mortgage", "mortgages with other lenders", pl.col("CREDIT_TYPE") == "Mortgage")
MICROLOAN = Selection(
    "microloan", "microloans from other lenders", pl.col("CREDIT_TYPE") == "Microloan", Concept.DEBTS_ELSEWHERE
)

ACTIVE_CONSUMER = ACTIVE.within(CONSUMER, "running consumer credits with other lenders")
ACTIVE_CARD = ACTIVE.within(CARD, "running credit cards of other lenders")
ACTIVE_MORTGAGE = ACTIVE.within(MORTGAGE, "running mortgages with other lenders")

_STARTED = "credits with other lenders started in the last {} days"
LAST_90, LAST_180, LAST_365, LAST_730, LAST_1095 = recent(
    "DAYS_CREDIT", "days", (90, 180, 365, 730, 1095), _STARTED, concept=Concept.DEBTS_ELSEWHERE
)
IS_LATEST = pl.col("recency_rank") == 1
