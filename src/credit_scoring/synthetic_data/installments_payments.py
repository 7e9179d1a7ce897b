"""installments_payments: what was due on previous loans and cards, and what was paid when."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from credit_scoring.synthetic_data.chunks import Chunk
from credit_scoring.synthetic_data.clients import Clients
from credit_scoring.synthetic_data.credits import OLDEST_DAY, follow, steps_within
from credit_scoring.synthetic_data.normal import Floats
from credit_scoring.synthetic_data.profile import as_printed
from credit_scoring.synthetic_data.schedules import DAYS_BETWEEN_INSTALMENTS, Loans

_SPLIT_SHARE = 0.055
_LATE_SHARE = 0.085
_SAME_DAY_SHARE = 0.23
_UNPAID_SHARE = 0.00021
_PER_YEAR = 365.25


def loan_instalments(
    chunk: Chunk, clients: Clients, loans: Loans, identifiers: NDArray[np.int64]
) -> pl.DataFrame:
    """Instalments of the loans of a chunk that fell due before the application.

    Args:
        identifiers: SK_ID_PREV of each previous application of the chunk.
    """
    random = chunk.random("installments_payments")
    known = np.clip(np.floor((-1 - loans.first_due) / DAYS_BETWEEN_INSTALMENTS) + 1, 0, loans.paid).astype(
        np.int64
    )
    loan = np.repeat(np.arange(len(known)), known)
    number = steps_within(known) + 1
    due = loans.first_due[loan] + DAYS_BETWEEN_INSTALMENTS * (number - 1)
    is_payoff = (number == loans.paid[loan]) & (loans.paid[loan] < loans.planned[loan])
    left = loans.planned[loan] - loans.paid[loan] + 1
    amount = np.where(is_payoff, loans.annuity[loan] * (1 + 0.85 * (left - 1)), loans.annuity[loan])
    owner = loans.owner[loan]
    entry = np.minimum(due + _delays(clients, owner, due, random), -1.0)
    split = random.random(len(loan)) < _SPLIT_SHARE
    first_part = np.where(split, np.round(amount * random.random(len(loan)), 3), amount)
    inside = due >= OLDEST_DAY
    parts = [
        _rows(
            clients,
            loans,
            identifiers,
            loan[inside],
            number[inside],
            is_payoff[inside],
            due[inside],
            entry[inside],
            amount[inside],
            first_part[inside],
        ),
    ]
    again = inside & split
    later = np.minimum(entry + random.integers(1, 25, len(loan)), -1.0)
    parts.append(
        _rows(
            clients,
            loans,
            identifiers,
            loan[again],
            number[again],
            is_payoff[again],
            due[again],
            later[again],
            amount[again],
            np.round(amount - first_part, 3)[again],
        )
    )
    rows = pl.concat(parts)
    unpaid = pl.Series(random.random(rows.height) < _UNPAID_SHARE)
    return rows.with_columns(
        pl.when(unpaid).then(None).otherwise(pl.col(name)).alias(name)
        for name in ("DAYS_ENTRY_PAYMENT", "AMT_PAYMENT")
    )


def _delays(clients: Clients, owner: NDArray[np.int64], due: Floats, random: np.random.Generator) -> Floats:
    """Days between due and payment: careless clients are late more often, and more so as things worsen."""
    worse = clients.habits["worsening"][owner] * np.clip(1.0 + due / (3 * _PER_YEAR), 0.0, 1.0)
    habit = (clients.habits["late payments"][owner] + 0.6 * worse) / 1.1
    rank = follow(habit, 0.5, random)
    late = np.ceil(random.exponential(9.0, len(due)) ** 1.15)
    early = -np.ceil(random.exponential(11.0, len(due)))
    return np.where(
        rank > 1 - _LATE_SHARE, late, np.where(rank > 1 - _LATE_SHARE - _SAME_DAY_SHARE, 0.0, early)
    )


def _rows(
    clients: Clients,
    loans: Loans,
    identifiers: NDArray[np.int64],
    loan: NDArray[np.int64],
    number: NDArray[np.int64],
    is_payoff: NDArray[np.bool_],
    due: Floats,
    entry: Floats,
    amount: Floats,
    paid: Floats,
) -> pl.DataFrame:
    return as_printed(
        "installments_payments",
        {
            "SK_ID_PREV": identifiers[loans.previous[loan]],
            "SK_ID_CURR": clients.identifiers[loans.owner[loan]],
            "NUM_INSTALMENT_VERSION": np.where(is_payoff, 2.0, 1.0),
            "NUM_INSTALMENT_NUMBER": number,
            "DAYS_INSTALMENT": due,
            "DAYS_ENTRY_PAYMENT": entry,
            "AMT_INSTALMENT": np.round(amount, 3),
            "AMT_PAYMENT": paid,
        },
    )
