"""bureau: credits that the client has with other lenders, as the credit bureau reports them."""

import numpy as np
import polars as pl

from credit_scoring.synthetic_data.clients import owned_rows
from credit_scoring.synthetic_data.draws import bin_number, case, draw, published, stepped
from credit_scoring.synthetic_data.noise import correlated, follows, of_habit, uniform
from credit_scoring.synthetic_data.profile import as_printed, index_at, kinds_of
from credit_scoring.synthetic_data.source import Columns, Groups, Source

TABLE = "bureau"
FIRST_ID, LAST_ID = 5_000_000, 6_843_457
COMMON_CREDITS = ("Consumer credit", "Credit card", "Mortgage", "Car loan", "Microloan")
# The calibration numbers its groups of ages by these edges.
AGE_BINS_DAYS = (365, 730, 1460)
_STATES = ("Closed", "Active", "Sold", "Bad debt")
_OVERDUE_SHARE = 0.0066
_AMOUNT_STEP, _DIGITS_STEP = 4.5, 0.045

_TYPE = pl.when(pl.col("CREDIT_TYPE").is_in(COMMON_CREDITS)).then("CREDIT_TYPE").otherwise(pl.lit("Other"))
_STATE = pl.col("CREDIT_ACTIVE").replace("Bad debt", "Sold")
_GROUP: Groups = [_STATE, _TYPE]
_BY_PART: Groups = [*_GROUP, "part"]
_BY_AGE: Groups = [_STATE, bin_number(pl.col("age"), AGE_BINS_DAYS)]
_OPENED, _AMOUNT = pl.col("DAYS_CREDIT"), pl.col("AMT_CREDIT_SUM")
_PARETO_DAYS = 20 * ((1.0 - uniform("days overdue")).pow(-1.25) - 1.0)


_KIND = {"rank": follows("debt", 0.35, "kind")}
_COLUMNS: Columns = {
    "CREDIT_CURRENCY": draw(TABLE, "CREDIT_CURRENCY"),
    "opened": draw(TABLE, "DAYS_CREDIT", _GROUP, of_habit("hunger for credit", 0.25, "opened")),
    "DAYS_CREDIT": pl.col("opened").round().clip(upper_bound=0),
    "age": (-_OPENED).clip(lower_bound=1),
    "life": uniform("life"),
    "closed after": draw(TABLE, "LIFE", _BY_AGE, pl.col("life")) * pl.col("age"),
    "DAYS_ENDDATE_FACT": (_OPENED + pl.col("closed after")).round().clip(upper_bound=0),
    # Reports end when a credit ends, so the longer it lived the later the last update.
    "lateness": correlated(pl.col("life") * 3.4 - 1.7, 0.9, "update"),
    "updated after": draw(TABLE, "UPDATE", _BY_AGE, pl.col("lateness")) * pl.col("age"),
    "DAYS_CREDIT_UPDATE": (_OPENED + pl.col("updated after")).round().clip(upper_bound=-1),
    "DAYS_CREDIT_ENDDATE": (_OPENED + draw(TABLE, "TERM", _GROUP)).round(),
    "amount": draw(TABLE, "AMT_CREDIT_SUM", _GROUP, of_habit("AMT_INCOME_TOTAL", 0.35, "amount")),
    "AMT_CREDIT_SUM": stepped(pl.col("amount"), _AMOUNT_STEP),
    "debt": draw(TABLE, "DEBT", _BY_PART, of_habit("debt", 0.45, "debt")),
    "AMT_CREDIT_SUM_DEBT": stepped(pl.col("amount") * pl.col("debt"), _DIGITS_STEP),
    "AMT_ANNUITY": stepped(pl.col("amount") * draw(TABLE, "INSTALMENT", _BY_PART), _AMOUNT_STEP),
    "AMT_CREDIT_SUM_LIMIT": stepped(draw(TABLE, "LIMIT", _BY_PART), _DIGITS_STEP),
    "lateness rank": follows("late payments", 0.6, "overdue"),
    "is overdue": (pl.col("CREDIT_ACTIVE") != "Closed") & (pl.col("lateness rank") > 1.0 - _OVERDUE_SHARE),
    "CREDIT_DAY_OVERDUE": case((pl.col("is overdue"), _PARETO_DAYS.ceil().clip(1, 2792)), otherwise=0),
    "overdue": stepped(_AMOUNT * 0.02 * uniform("amount overdue"), _AMOUNT_STEP),
    "AMT_CREDIT_SUM_OVERDUE": case(
        (pl.col("is overdue"), pl.col("overdue").clip(lower_bound=_AMOUNT_STEP)), otherwise=0
    ),
    "worst": draw(TABLE, "MAX_OVERDUE", _BY_PART, of_habit("late payments", 0.4, "worst")),
    "AMT_CREDIT_MAX_OVERDUE": stepped(pl.col("worst"), _DIGITS_STEP),
    "CNT_CREDIT_PROLONG": published(TABLE, "CNT_CREDIT_PROLONG", follows("late payments", 0.3, "prolonged")),
}


def bureau(source: Source) -> pl.DataFrame:
    """The bureau credits of the clients of a chunk, grouped by client."""
    rows = owned_rows(source, TABLE)
    labels, shares = kinds_of(TABLE, "CREDIT_ACTIVE", _STATES)
    rank = source.compute("bureau kinds", rows, _KIND)["rank"].to_numpy()
    train, test = (index_at(rank, shares[part]) for part in ("train", "test"))
    kind = np.where(rows["is_test"], test, train)
    identifiers = source.chunk.identifiers(rows.height, FIRST_ID, LAST_ID)
    rows = rows.hstack(labels[kind]).with_columns(pl.Series("SK_ID_BUREAU", identifiers))
    return as_printed(TABLE, source.compute(TABLE, rows, _COLUMNS))
