"""bureau_balance: the monthly state of bureau credits, from the month they open to now or to the last report."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from credit_scoring.synthetic_data.chunks import Chunk
from credit_scoring.synthetic_data.clients import Clients
from credit_scoring.synthetic_data.credits import DAYS_PER_MONTH, OLDEST_MONTH, follow, steps_within
from credit_scoring.synthetic_data.normal import Floats
from credit_scoring.synthetic_data.profile import as_printed

_TRAIN_CLIENTS_WITH_BALANCE = 0.354
_ENDS_BEFORE_NOW = 0.108
_CLOSED_WITHOUT_C = 0.19
_STATES = np.array(["C", "X", "0", "1", "2", "3", "4", "5"], dtype=object)
_LATE_MONTH_SHARE = 0.03


def bureau_balance(chunk: Chunk, clients: Clients, bureau: pl.DataFrame) -> pl.DataFrame:
    """Months of the bureau credits of a chunk, newest first within a credit.

    Every credit of a test client has months, but only those of every third train client: so it is in the source.
    """
    random = chunk.random("bureau_balance")
    reported = clients.is_test | (random.random(len(clients)) < _TRAIN_CLIENTS_WITH_BALANCE)
    owner = bureau["SK_ID_CURR"].to_numpy() - clients.identifiers[0]
    credits = bureau.filter(pl.Series(reported[owner]))
    owner = owner[reported[owner]]
    opened, closed = credits["DAYS_CREDIT"].to_numpy(), credits["DAYS_ENDDATE_FACT"].to_numpy()
    first = np.maximum(-np.floor(-opened / DAYS_PER_MONTH).astype(np.int64), OLDEST_MONTH)
    last = np.where(
        random.random(len(owner)) < _ENDS_BEFORE_NOW, -np.floor(-first * random.random(len(owner))), 0
    )
    last = np.maximum(last.astype(np.int64), first)
    lengths = last - first + 1
    back = steps_within(lengths)
    month = np.repeat(last, lengths) - back
    says_closed = random.random(len(owner)) >= _CLOSED_WITHOUT_C
    closed_month = np.where(
        np.isnan(closed) | ~says_closed, 1.0, -np.floor(-np.nan_to_num(closed) / DAYS_PER_MONTH)
    )
    state = _open_states(
        np.repeat(clients.habits["late payments"][owner], lengths),
        np.repeat(random.random(len(owner)) < 0.2, lengths),
        random,
    )
    state[month >= np.repeat(closed_month, lengths)] = 0
    return as_printed(
        "bureau_balance",
        {
            "SK_ID_BUREAU": np.repeat(credits["SK_ID_BUREAU"].to_numpy(), lengths),
            "MONTHS_BALANCE": month,
            "STATUS": _STATES[state],
        },
    )


def _open_states(late: Floats, silent: NDArray[np.bool_], random: np.random.Generator) -> NDArray[np.int64]:
    """State of each month of an open credit: unknown, paid in time, or late by one to five classes."""
    draw = random.random(len(late))
    state = np.where(silent | (draw < 0.25), 1, 2)
    is_late = (follow(late, 0.5, random) > 1.0 - _LATE_MONTH_SHARE) & ~silent
    depth = np.minimum(3 + (random.exponential(0.35, len(late))).astype(np.int64), 7)
    return np.where(is_late, depth, state)
