"""POS_CASH_balance: the monthly state of previous loans, from the decision to the end or to the application."""

import numpy as np
import polars as pl

from credit_scoring.synthetic_data.chunks import Chunk
from credit_scoring.synthetic_data.clients import Clients
from credit_scoring.synthetic_data.credits import OLDEST_MONTH, Codes, Mask, follow, month_of, steps_within
from credit_scoring.synthetic_data.loans import Loans
from credit_scoring.synthetic_data.marginals import Floats
from credit_scoring.synthetic_data.profile import as_printed

_STATES = np.array(
    ["Active", "Completed", "Signed", "Demand", "Returned to the store", "Approved"], dtype=object
)
_ACTIVE, _COMPLETED, _SIGNED, _DEMAND, _RETURNED, _APPROVED = range(6)
_FIRST_STATES = (0.089, 0.0056, 0.005)
_STARTS_IN_MONTH_OF_DECISION = 0.5
_OLD_MONTH, _COMPLETED_SHARE_OF_OLD, _COMPLETED_SHARE = -50, 0.80, 0.985
_LATE_SHARE, _SERIOUS_SHARE = 0.019, 0.0105
_LAST_MONTH_MISSING, _CLOSED_A_MONTH_EARLIER, _DEMANDED_SHARE = 0.39, 0.35, 0.1

_COUNT_NULL_SHARE = 0.0026
_PREPAID_SHARE, _PREPAID_PART = 0.3, 0.3


def pos_cash_balance(chunk: Chunk, clients: Clients, loans: Loans, identifiers: Codes) -> pl.DataFrame:
    """Months of the loans of a chunk, in no order.

    Args:
        identifiers: SK_ID_PREV of each previous application of the chunk.
    """
    random = chunk.random("POS_CASH_balance")
    count = len(loans.previous)
    late = clients.habits["late payments"][loans.owner]
    given_up = loans.is_given_up
    runs = np.isnan(loans.ended)
    first = month_of(loans.decided) - (random.random(count) >= _STARTS_IN_MONTH_OF_DECISION)
    last = np.where(
        runs, -1 - (random.random(count) < _LAST_MONTH_MISSING), month_of(np.nan_to_num(loans.ended))
    )
    last = np.where(runs, last, last - (random.random(count) < _CLOSED_A_MONTH_EARLIER))
    last = np.minimum(last, -1)
    start = np.maximum(first, OLDEST_MONTH)
    lengths = np.maximum(last - start + 1, 0)
    loan = np.repeat(np.arange(count), lengths)
    month = start[loan] + steps_within(lengths)
    since = month - first[loan]
    completes = ~runs & (
        random.random(count) < np.where(last < _OLD_MONTH, _COMPLETED_SHARE_OF_OLD, _COMPLETED_SHARE)
    )
    completed = (month == last[loan]) & completes[loan]
    demanded = given_up[loan] & (since > loans.planned[loan]) & (random.random(len(loan)) < _DEMANDED_SHARE)
    first_state = _first_states(count, random)[loan]
    state = np.select([demanded, completed, since == 0], [_DEMAND, _COMPLETED, first_state], _ACTIVE)
    prepays = np.where(random.random(count) < _PREPAID_SHARE, random.random(count), 2.0)
    prepaid = np.where(since > (prepays * loans.planned)[loan], _PREPAID_PART * loans.planned[loan], 0.0)
    left = np.where(completed, 0, np.maximum(np.round(loans.planned[loan] - since - prepaid), 0))
    unknown = np.where(random.random(len(loan)) < _COUNT_NULL_SHARE, np.nan, 0.0)
    overdue, serious = _days_late(loans, late, given_up, loan, since, random)
    return as_printed(
        "POS_CASH_balance",
        {
            "SK_ID_PREV": identifiers[loans.previous[loan]],
            "SK_ID_CURR": clients.identifiers[loans.owner[loan]],
            "MONTHS_BALANCE": month,
            "CNT_INSTALMENT": np.where(completed, loans.paid[loan], loans.planned[loan]) + unknown,
            "CNT_INSTALMENT_FUTURE": left + unknown,
            "NAME_CONTRACT_STATUS": _STATES[state],
            "SK_DPD": overdue,
            "SK_DPD_DEF": serious,
        },
    )[random.permutation(len(loan))]


def _first_states(count: int, random: np.random.Generator) -> Codes:
    edges = np.cumsum(_FIRST_STATES)
    return np.array([_SIGNED, _RETURNED, _APPROVED, _ACTIVE])[
        np.searchsorted(edges, random.random(count), side="right")
    ]


def _days_late(
    loans: Loans, late: Floats, given_up: Mask, loan: Codes, since: Codes, random: np.random.Generator
) -> tuple[Floats, Floats]:
    """Days past due of each month; loans that were given up fall behind for good, mostly by small sums."""
    rank = follow(late[loan], 0.6, random)
    days = np.ceil(random.exponential(5.0, len(loan)) ** 1.35)
    overdue = np.where(rank > 1.0 - _LATE_SHARE, days, 0.0)
    serious = np.where(rank > 1.0 - _SERIOUS_SHARE, days, 0.0)
    since_planned_end = since - loans.planned[loan] // 2
    lost = given_up[loan] & (since_planned_end > 0)
    overdue = np.where(lost, 30.0 * since_planned_end + 8, overdue)
    return overdue, np.where(lost & (random.random(len(loan)) < 0.1), overdue, serious)
