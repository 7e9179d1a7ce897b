"""bureau_balance: the monthly state of bureau credits, from the month they open to now or to the last report."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from credit_scoring.synthetic_data.bureau import FIRST_ID, LAST_ID
from credit_scoring.synthetic_data.chunks import Chunk
from credit_scoring.synthetic_data.clients import Clients
from credit_scoring.synthetic_data.credits import (
    OLDEST_MONTH,
    Codes,
    Mask,
    follow,
    month_of,
    steps_within,
)
from credit_scoring.synthetic_data.marginals import Floats
from credit_scoring.synthetic_data.profile import as_printed

TRAIN_CLIENTS_WITH_BALANCE = 0.346
CREDITS_UNKNOWN_TO_BUREAU_PER_CLIENT = 0.121
# Months are known rather of clients whose oldest credit is recent.
_RECENT_ARE_REPORTED, _USUAL_OLDEST = 0.045, -1760.0
_STATES = np.array(["C", "X", "0", "1", "2", "3", "4", "5"], dtype=object)
_CLOSED, _UNKNOWN, _IN_TIME, _LATE, _WORST = 0, 1, 2, 3, 7
_NEVER = 1
# Shares of credits, of train clients where not said otherwise; measured on the source.
_REPORTS_STOP_ACTIVE, _REPORTS_STOP_CLOSED, _LAST_MONTH_MISSING_TEST = 0.22, 0.44, 0.033
_CLOSING_REPORTED, _CLOSING_REPORTED_TEST, _ACTIVE_BUT_REPORTED_CLOSED = 0.82, 0.86, 0.5
_SILENT_SHARE_OF_MONTHS = ((0.0, 0.32, 0.55, 0.76, 1.0), (0.0, 0.0, 0.4, 1.0, 1.0))
_LATE_SHARE_OF_MONTHS, _LATER_SHARE, _FAILED_SHARE = 0.02, 0.09, 0.008
_UNKNOWN_MONTHS, _UNKNOWN_MONTHS_DEVIATION = 72.0, 12.0


@dataclass(frozen=True)
class _Credits:
    """Credits with months to report; one value per credit.

    Attributes:
        first, last: first and last month reported.
        closed: month from which the credit is reported closed; 1 (after now) for never.
        late: the client's habit of paying late.
    """

    identifiers: Codes
    first: Codes
    last: Codes
    closed: Codes
    late: Floats


def bureau_balance(chunk: Chunk, clients: Clients, bureau: pl.DataFrame) -> pl.DataFrame:
    """Months of the bureau credits of a chunk, newest first within a credit.

    As in the source, every credit of a test client has months, but only those of every third train client; and some
    credits have months but no row in bureau.
    """
    random = chunk.random("bureau_balance")
    known = _reported(clients, bureau, random)
    unknown = _unknown_to_bureau(chunk, len(bureau), random)
    both = [np.concatenate(pair) for pair in zip(vars(known).values(), vars(unknown).values(), strict=True)]
    credits = _Credits(*both)
    lengths = credits.last - credits.first + 1
    month = np.repeat(credits.last, lengths) - steps_within(lengths)
    state = _open_states(credits, lengths, month, random)
    state[month >= np.repeat(credits.closed, lengths)] = _CLOSED
    return as_printed(
        "bureau_balance",
        {
            "SK_ID_BUREAU": np.repeat(credits.identifiers, lengths),
            "MONTHS_BALANCE": month,
            "STATUS": _STATES[state],
        },
    )


def _reported(clients: Clients, bureau: pl.DataFrame, random: np.random.Generator) -> _Credits:
    owner = bureau["SK_ID_CURR"].to_numpy() - clients.identifiers[0]
    oldest = np.zeros(len(clients))
    np.minimum.at(oldest, owner, bureau["DAYS_CREDIT"].to_numpy())
    chance = TRAIN_CLIENTS_WITH_BALANCE * (1.0 + _RECENT_ARE_REPORTED * (oldest - _USUAL_OLDEST) / 365.0)
    chosen = (clients.is_test | (random.random(len(clients)) < chance))[owner]
    owner = owner[chosen]
    credits = bureau.filter(pl.Series(chosen))
    is_test, count = clients.is_test[owner], len(owner)
    is_active = (credits["CREDIT_ACTIVE"] != "Closed").to_numpy()
    first = np.maximum(month_of(credits["DAYS_CREDIT"].to_numpy().astype(float)), OLDEST_MONTH)
    # Reports on train clients often stop long before the application.
    stops = random.random(count) < np.where(
        is_test, 0.0, np.where(is_active, _REPORTS_STOP_ACTIVE, _REPORTS_STOP_CLOSED)
    )
    last = np.where(stops, np.ceil(first * random.random(count)).astype(np.int64), 0)
    last = np.where(is_test & (random.random(count) < _LAST_MONTH_MISSING_TEST), -1, last)
    fact = credits["DAYS_ENDDATE_FACT"].to_numpy()
    closed_in_fact = month_of(np.nan_to_num(fact, nan=0.0))
    said = random.random(count) < np.where(is_test, _CLOSING_REPORTED_TEST, _CLOSING_REPORTED)
    closed = np.where(~np.isnan(fact) & said, closed_in_fact, _NEVER)
    guessed = is_active & ~is_test & (random.random(count) < _ACTIVE_BUT_REPORTED_CLOSED)
    closed = np.where(guessed, np.ceil(first * random.random(count)).astype(np.int64), closed)
    return _Credits(
        identifiers=credits["SK_ID_BUREAU"].to_numpy(),
        first=first,
        last=np.maximum(last, first),
        closed=closed,
        late=clients.habits["late payments"][owner],
    )


def _unknown_to_bureau(chunk: Chunk, credits_in_bureau: int, random: np.random.Generator) -> _Credits:
    """Old credits, mostly long closed, whose client no table knows."""
    count = round(chunk.clients * CREDITS_UNKNOWN_TO_BUREAU_PER_CLIENT)
    first = np.maximum(OLDEST_MONTH + np.floor(random.exponential(7.0, count)), OLDEST_MONTH).astype(np.int64)
    first = np.minimum(first, -12)
    last = np.minimum(
        first + np.round(random.normal(_UNKNOWN_MONTHS, _UNKNOWN_MONTHS_DEVIATION, count)), 0
    ).astype(np.int64)
    last = np.maximum(last, first)
    closed = first + np.floor((last - first) * random.random(count) * 0.65).astype(np.int64)
    return _Credits(
        identifiers=chunk.identifiers(credits_in_bureau + count, FIRST_ID, LAST_ID)[credits_in_bureau:],
        first=first,
        last=last,
        closed=closed,
        late=random.standard_normal(count),
    )


def _open_states(
    credits: _Credits, lengths: Codes, month: Codes, random: np.random.Generator
) -> NDArray[np.int64]:
    """State of each month while a credit is open: unknown, paid in time, or late by one to five classes."""
    count, rows = len(lengths), len(month)
    silence = np.interp(random.random(count), *_SILENT_SHARE_OF_MONTHS)
    silent = random.random(rows) < np.repeat(silence, lengths)
    state = np.where(silent, _UNKNOWN, _IN_TIME)
    stumbles = follow(np.repeat(credits.late, lengths), 0.45, random) > 1.0 - _LATE_SHARE_OF_MONTHS
    state[stumbles & ~silent] = _LATE
    deeper = stumbles & ~silent & (random.random(rows) < _LATER_SHARE)
    state[deeper] = _LATE + 1
    fails = follow(credits.late, 0.5, random) > 1.0 - _FAILED_SHARE
    return _failed(state, fails, credits, lengths, month, random)


def _failed(
    state: NDArray[np.int64],
    fails: Mask,
    credits: _Credits,
    lengths: Codes,
    month: Codes,
    random: np.random.Generator,
) -> NDArray[np.int64]:
    """Credits that fall ever further behind from some month on, and stay in the worst state."""
    start = np.where(fails, credits.first + np.floor(lengths * 0.7 * random.random(len(lengths))), 1)
    behind = month - np.repeat(start, lengths)
    falling = np.repeat(fails, lengths) & (behind >= 0)
    return np.where(falling, np.minimum(_LATE + behind, _WORST), state).astype(np.int64)
