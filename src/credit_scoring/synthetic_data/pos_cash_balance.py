"""POS_CASH_balance: the monthly state of previous loans, from the decision to the end or to the application."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from credit_scoring.synthetic_data.chunks import Chunk
from credit_scoring.synthetic_data.clients import Clients
from credit_scoring.synthetic_data.credits import DAYS_PER_MONTH, OLDEST_MONTH, follow, steps_within
from credit_scoring.synthetic_data.profile import as_printed
from credit_scoring.synthetic_data.schedules import Loans

_STATES = np.array(["Active", "Completed", "Signed"], dtype=object)
_SIGNED_SHARE = 0.095
_COMPLETED_SHARE = 0.97
_LATE_SHARE = 0.0295
_SERIOUS_SHARE = 0.0113


def pos_cash_balance(
    chunk: Chunk, clients: Clients, loans: Loans, identifiers: NDArray[np.int64]
) -> pl.DataFrame:
    """Months of the loans of a chunk."""
    random = chunk.random("POS_CASH_balance")
    first = np.ceil(loans.decided / DAYS_PER_MONTH).astype(np.int64)
    runs = np.isnan(loans.ended)
    last = np.where(runs, -1, np.ceil(np.nan_to_num(loans.ended) / DAYS_PER_MONTH).astype(np.int64))
    last = np.minimum(last, -1)
    start = np.maximum(first, OLDEST_MONTH)
    lengths = np.maximum(last - start + 1, 0)
    loan = np.repeat(np.arange(len(lengths)), lengths)
    month = start[loan] + steps_within(lengths)
    since = month - first[loan]
    is_last = month == last[loan]
    completed = is_last & ~runs[loan] & (random.random(len(lengths)) < _COMPLETED_SHARE)[loan]
    signed = (since == 0) & (random.random(len(lengths)) < _SIGNED_SHARE)[loan] & ~completed
    left = np.maximum(loans.planned[loan] - since, 0)
    late = follow(clients.habits["late payments"][loans.owner[loan]], 0.6, random)
    days_late = np.ceil(random.exponential(6.0, len(loan)) ** 1.6)
    return as_printed(
        "POS_CASH_balance",
        {
            "SK_ID_PREV": identifiers[loans.previous[loan]],
            "SK_ID_CURR": clients.identifiers[loans.owner[loan]],
            "MONTHS_BALANCE": month,
            "CNT_INSTALMENT": np.where(completed, loans.paid[loan], loans.planned[loan]),
            "CNT_INSTALMENT_FUTURE": np.where(completed, 0, left),
            "NAME_CONTRACT_STATUS": _STATES[np.where(completed, 1, np.where(signed, 2, 0))],
            "SK_DPD": np.where(late > 1 - _LATE_SHARE, days_late, 0),
            "SK_DPD_DEF": np.where(late > 1 - _SERIOUS_SHARE, days_late, 0),
        },
    )
