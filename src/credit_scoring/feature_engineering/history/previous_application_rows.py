"""Prepared rows of earlier applications, and the selections that their features share."""

import polars as pl

from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.data_contracts.previous_application import PREVIOUS_APPLICATION
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.history import cleaning
from credit_scoring.feature_engineering.history.aggregations import Selection, recent
from credit_scoring.feature_engineering.history.feature_builder import FeatureBuilder
from credit_scoring.feature_engineering.history.formulas import ratio

DAYS_PER_INSTALMENT = 30

_GRANTED = pl.col("AMT_CREDIT")
_REQUESTED = pl.col("AMT_APPLICATION")
_TERM = pl.when(pl.col("CNT_PAYMENT") > 0).then(pl.col("CNT_PAYMENT"))
_CATEGORIES = {
    "status": "NAME_CONTRACT_STATUS",
    "contract_type": "NAME_CONTRACT_TYPE",
    "product": "PRODUCT_COMBINATION",
    "goods": "NAME_GOODS_CATEGORY",
    "channel": "CHANNEL_TYPE",
    "reject_reason": "CODE_REJECT_REASON",
    "client_type": "NAME_CLIENT_TYPE",
    "purpose": "NAME_CASH_LOAN_PURPOSE",
    "industry": "NAME_SELLER_INDUSTRY",
}

YIELD_GROUPS = {"low_action": 0, "low_normal": 1, "middle": 2, "high": 3}
"""Rank of each interest group, from promotional to high."""

# A loan that ends after the application has a later date: a placeholder or, once known, the real one.
STATE = {
    "is_running": (pl.col("NAME_CONTRACT_STATUS") == "Approved") & (pl.col("DAYS_TERMINATION") > 0).fill_null(False),
    "last_due_on": pl.when(pl.col("DAYS_LAST_DUE") <= 0).then(pl.col("DAYS_LAST_DUE")),
    "ended_on": pl.when(pl.col("DAYS_TERMINATION") <= 0).then(pl.col("DAYS_TERMINATION")),
}

DERIVED = {
    "days_since_decision": -pl.col("DAYS_DECISION").cast(pl.Int32),
    "days_since_end": -pl.col("ended_on"),
    "granted_share": ratio(_GRANTED, _REQUESTED),
    "cut": _REQUESTED - _GRANTED,
    "credit_to_goods": ratio(_GRANTED, pl.col("AMT_GOODS_PRICE")),
    "down_payment_share": ratio(pl.col("AMT_DOWN_PAYMENT"), _GRANTED),
    "credit_to_annuity": ratio(_GRANTED, pl.col("AMT_ANNUITY")),
    "interest_share": ratio(_TERM * pl.col("AMT_ANNUITY"), _GRANTED) - 1,
    "interest_rate": ratio(24 * (_TERM * pl.col("AMT_ANNUITY") - _GRANTED), _GRANTED * (_TERM + 1)),
    "days_finished_late": pl.col("last_due_on") - pl.col("DAYS_LAST_DUE_1ST_VERSION"),
    # The last due date of the first plan is a schedule: known on the day of the application even if it is later.
    "instalments_ahead": pl.when(pl.col("is_running") & (pl.col("DAYS_LAST_DUE_1ST_VERSION") > 0)).then(
        pl.col("DAYS_LAST_DUE_1ST_VERSION") // DAYS_PER_INSTALMENT + 1
    ),
    "days_since_previous": cleaning.days_since_previous("DAYS_DECISION"),
    "recency_rank": cleaning.recency_rank("DAYS_DECISION"),
    "yield_group": pl.col("NAME_YIELD_GROUP").replace_strict(YIELD_GROUPS, default=None, return_dtype=pl.Int16),
} | {name: cleaning.category_code(PREVIOUS_APPLICATION, column) for name, column in _CATEGORIES.items()}

SCHEDULE = {
    "left_to_pay": pl.col("instalments_ahead") * pl.col("AMT_ANNUITY"),
    "due_next_year": pl.col("instalments_ahead").clip(upper_bound=12) * pl.col("AMT_ANNUITY"),
}


def prepare(rows: pl.DataFrame) -> pl.DataFrame:
    """Applications decided before the present one, without entries that were filed again; oldest first."""
    known = cleaning.known_at_application(rows, PREVIOUS_APPLICATION)
    # What the contract does not know is kept: only a known "N" says that an entry was filed again.
    kept = known.filter(pl.col("FLAG_LAST_APPL_PER_CONTRACT").ne_missing("N"))
    cleaned = cleaning.without_placeholders(kept.with_columns(**STATE), PREVIOUS_APPLICATION)
    return cleaned.sort(CLIENT, "DAYS_DECISION", "SK_ID_PREV").with_columns(**DERIVED).with_columns(**SCHEDULE)


previous = FeatureBuilder("previous", "previous_application", Concept.EARLIER_APPLICATIONS, STATE, DERIVED, SCHEDULE)


_STATUS, _TYPE = pl.col("NAME_CONTRACT_STATUS"), pl.col("NAME_CONTRACT_TYPE")

ALL = Selection("", "earlier applications with us")
APPROVED = Selection("approved", "earlier loans that we approved", _STATUS == "Approved")
REFUSED = Selection("refused", "earlier applications that we refused", _STATUS == "Refused", monotone=1)
CANCELLED = Selection("cancelled", "earlier applications that the client withdrew", _STATUS == "Canceled")
UNUSED = Selection("unused", "earlier offers that the client never used", _STATUS == "Unused offer")
CASH = Selection("cash", "earlier applications for a cash loan", _TYPE == "Cash loans")
CONSUMER = Selection("consumer", "earlier applications for goods on credit", _TYPE == "Consumer loans")
REVOLVING = Selection("revolving", "earlier applications for a revolving line", _TYPE == "Revolving loans")
RUNNING = Selection("running", "earlier loans that still run", pl.col("is_running"), Concept.LOANS_WITH_US)
FINISHED = Selection("finished", "earlier loans that have ended", pl.col("ended_on").is_not_null())

APPROVED_CASH = APPROVED.within(CASH, "earlier cash loans that we approved")
APPROVED_CONSUMER = APPROVED.within(CONSUMER, "earlier goods loans that we approved")
REFUSED_CASH = REFUSED.within(CASH, "cash loans that we refused earlier")
REFUSED_CONSUMER = REFUSED.within(CONSUMER, "goods loans that we refused earlier")

LAST_180, LAST_365, LAST_730 = recent(
    "DAYS_DECISION", "days", (180, 365, 730), "applications with us decided in the last {} days"
)
LAST_3, LAST_5 = (
    Selection(f"last_{count}", f"the last {count} applications with us", pl.col("recency_rank") <= count)
    for count in (3, 5)
)
