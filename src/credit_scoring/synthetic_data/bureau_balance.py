"""bureau_balance: the monthly state of bureau credits, from the month they open to now or to the last report."""

import polars as pl

from credit_scoring.synthetic_data.bureau import FIRST_ID, LAST_ID
from credit_scoring.synthetic_data.draws import case, interpolated, month_of, named
from credit_scoring.synthetic_data.noise import correlated, exponential, is_among_highest, normal, of_client, uniform
from credit_scoring.synthetic_data.profile import as_printed
from credit_scoring.synthetic_data.source import OWNER, Columns, Source

OLDEST_MONTH = -96
# Shares of credits, of train clients where not said otherwise; measured on the source.
_TRAIN_CLIENTS_WITH_BALANCE = 0.346
_CREDITS_UNKNOWN_TO_BUREAU_PER_CLIENT = 0.121
# Months are more often known of clients whose oldest credit is recent.
_RECENT_ARE_REPORTED, _USUAL_OLDEST = 0.045, -1760.0
_REPORTS_STOP_ACTIVE, _REPORTS_STOP_CLOSED, _LAST_MONTH_MISSING_TEST = 0.22, 0.44, 0.033
_CLOSING_REPORTED, _CLOSING_REPORTED_TEST, _ACTIVE_BUT_REPORTED_CLOSED = 0.82, 0.86, 0.5
_UNKNOWN_SHARE_OF_MONTHS = ((0.0, 0.32, 0.55, 0.76, 1.0), (0.0, 0.0, 0.4, 1.0, 1.0))
_LATE_SHARE_OF_MONTHS, _LATER_SHARE, _FAILED_SHARE = 0.02, 0.09, 0.008
_NEVER = 1

_IS_TEST, _FIRST, _LAST, _MONTH = named("is_test", "first", "last", "MONTHS_BALANCE")
_IS_ACTIVE = pl.col("CREDIT_ACTIVE") != "Closed"
_REPORTED_TRAIN_SHARE = _TRAIN_CLIENTS_WITH_BALANCE * (
    1.0 + _RECENT_ARE_REPORTED * (pl.col("DAYS_CREDIT").min().over(OWNER) - _USUAL_OLDEST) / 365.0
)
_STOPS_SHARE = case((_IS_TEST, 0.0), (_IS_ACTIVE, _REPORTS_STOP_ACTIVE), otherwise=_REPORTS_STOP_CLOSED)
_CLOSING_SHARE = case((_IS_TEST, _CLOSING_REPORTED_TEST), otherwise=_CLOSING_REPORTED)

_KNOWN: Columns = {
    "is_test": of_client("is_test"),
    "is reported": _IS_TEST | (of_client("reporting rank") < _REPORTED_TRAIN_SHARE),
    "first": month_of(pl.col("DAYS_CREDIT")).clip(lower_bound=OLDEST_MONTH),
    # Reports on train clients often stop long before the application.
    "last": case(
        (uniform("stops") < _STOPS_SHARE, (_FIRST * uniform("last")).ceil()),
        (_IS_TEST & (uniform("last month missing") < _LAST_MONTH_MISSING_TEST), -1),
        otherwise=0,
    ),
    "closed": case(
        (
            _IS_ACTIVE & ~_IS_TEST & (uniform("guessed") < _ACTIVE_BUT_REPORTED_CLOSED),
            (_FIRST * uniform("guess")).ceil(),
        ),
        (uniform("closing") < _CLOSING_SHARE, month_of(pl.col("DAYS_ENDDATE_FACT"))),
    ).fill_null(_NEVER),
    "late": of_client("late payments"),
}
# Old credits, mostly long closed, that have months but no row in bureau.
_UNKNOWN: Columns = {
    "first": (OLDEST_MONTH + (7.0 * exponential("first")).floor()).clip(upper_bound=-12),
    "last": (_FIRST + (72.0 + 12.0 * normal("months")).round()).clip(upper_bound=0),
    "closed": _FIRST + ((pl.col("last") - _FIRST) * uniform("closed") * 0.65).floor(),
    "late": normal("late"),
}
_CREDITS: Columns = {
    "last": pl.max_horizontal("first", "last"),
    "months": (_LAST - _FIRST + 1).cast(pl.Int64),
    "unknown share": interpolated(uniform("unknown share"), *_UNKNOWN_SHARE_OF_MONTHS),
    "fails": is_among_highest(correlated(pl.col("late"), 0.5, "fails"), _FAILED_SHARE),
    "failing from": _FIRST + (pl.col("months") * 0.7 * uniform("failing from")).floor(),
}
# While a credit is open: unknown, paid in time, or late by one to five classes; a failed one falls further behind.
_MONTHS: Columns = {
    "MONTHS_BALANCE": (_LAST - pl.col("step")).cast(pl.Int64),
    "is late": is_among_highest(correlated(pl.col("late"), 0.45, "late"), _LATE_SHARE_OF_MONTHS),
    "class": 1 + (_MONTH - pl.col("failing from")).cast(pl.Int64),
    "STATUS": case(
        (_MONTH >= pl.col("closed"), "C"),
        (pl.col("fails") & (pl.col("class") >= 1), pl.col("class").clip(upper_bound=5).cast(pl.String)),
        (uniform("is unknown") < pl.col("unknown share"), "X"),
        (pl.col("is late") & (uniform("later") < _LATER_SHARE), "2"),
        (pl.col("is late"), "1"),
        otherwise="0",
    ),
}
_OF_CREDIT = ("SK_ID_BUREAU", *_UNKNOWN)


def bureau_balance(source: Source, bureau: pl.DataFrame) -> pl.DataFrame:
    """Months of the bureau credits of a chunk, newest first within a credit.

    As in the source, every credit of a test client has months, but only those of every third train client; and some
    credits have months but no row in bureau.
    """
    owner = (pl.col("SK_ID_CURR") - source.clients["SK_ID_CURR"][0]).alias(OWNER)
    known = source.compute("bureau_balance known", bureau.with_columns(owner), _KNOWN).filter("is reported")
    count = round(source.clients.height * _CREDITS_UNKNOWN_TO_BUREAU_PER_CLIENT)
    identifiers = source.chunk.identifiers(count, FIRST_ID, LAST_ID, used=bureau.height)
    unknown = source.compute("bureau_balance unknown", pl.DataFrame({"SK_ID_BUREAU": identifiers}), _UNKNOWN)
    credits = pl.concat((rows.select(_OF_CREDIT) for rows in (known, unknown)), how="vertical_relaxed")
    credits = source.compute("bureau_balance credits", credits, _CREDITS)
    rows = source.expand("bureau_balance", credits, "months", "step", _MONTHS)
    return as_printed("bureau_balance", rows)
