"""credit_card_balance: the monthly state of previous credit cards."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from credit_scoring.synthetic_data.card_histories import CardMonths
from credit_scoring.synthetic_data.cards import Cards
from credit_scoring.synthetic_data.chunks import Chunk
from credit_scoring.synthetic_data.clients import Clients
from credit_scoring.synthetic_data.credits import Codes, Mask, follow
from credit_scoring.synthetic_data.marginals import Floats
from credit_scoring.synthetic_data.profile import as_printed

_STATES = np.array(["Active", "Completed", "Signed"], dtype=object)
_COMPLETED_SHARE, _SIGNED_SHARE = 0.17, 0.09
_SILENT_SHARE = 0.97
_PAYMENT_SILENT_SHARE = 0.004
_LATE_SHARE, _MORE_THAN_A_DAY = 0.088, 0.45
_PRINCIPAL_SHARE = (0.94, 0.985)


def credit_card_balance(
    chunk: Chunk, clients: Clients, cards: Cards, months: CardMonths, identifiers: Codes
) -> pl.DataFrame:
    """Months of the credit cards of a chunk, in no order.

    Args:
        identifiers: SK_ID_PREV of each previous application of the chunk.
    """
    random = chunk.random("credit_card_balance")
    card, rows = months.card, len(months.card)
    silent = ~months.is_drawn & (random.random(rows) < _SILENT_SHARE)
    without_plan = _without_plan(cards, months, random)
    cash_count = np.where(months.cash > 0, 1 + random.poisson(0.9, rows), 0)
    purchase_count = np.where(months.purchases > 0, 1 + np.floor(random.exponential(3.0, rows)), 0)
    principal = months.balance * random.uniform(*_PRINCIPAL_SHARE, rows)
    matured = _running_count(months)
    overdue, serious = _days_late(clients, cards, months, random)
    drawings = _blank(
        {
            "AMT_DRAWINGS_ATM_CURRENT": months.cash,
            "AMT_DRAWINGS_OTHER_CURRENT": np.zeros(rows),
            "AMT_DRAWINGS_POS_CURRENT": months.purchases,
            "CNT_DRAWINGS_ATM_CURRENT": cash_count,
            "CNT_DRAWINGS_OTHER_CURRENT": np.zeros(rows),
            "CNT_DRAWINGS_POS_CURRENT": purchase_count,
        },
        silent,
    )
    plan = _blank(
        {"AMT_INST_MIN_REGULARITY": months.minimum, "CNT_INSTALMENT_MATURE_CUM": matured}, without_plan
    )
    payment = _blank(
        {"AMT_PAYMENT_CURRENT": months.paid}, silent | (random.random(rows) < _PAYMENT_SILENT_SHARE)
    )
    return as_printed(
        "credit_card_balance",
        {
            "SK_ID_PREV": identifiers[cards.previous[card]],
            "SK_ID_CURR": clients.identifiers[cards.owner[card]],
            "MONTHS_BALANCE": months.month,
            "AMT_BALANCE": months.balance,
            "AMT_CREDIT_LIMIT_ACTUAL": months.limit,
            "AMT_DRAWINGS_CURRENT": months.cash + months.purchases,
            "AMT_PAYMENT_TOTAL_CURRENT": months.paid,
            "AMT_RECEIVABLE_PRINCIPAL": np.round(principal, 3),
            "AMT_RECIVABLE": months.balance,
            "AMT_TOTAL_RECEIVABLE": months.balance,
            "CNT_DRAWINGS_CURRENT": cash_count + purchase_count,
            "NAME_CONTRACT_STATUS": _STATES[_states(cards, months, random)],
            "SK_DPD": overdue,
            "SK_DPD_DEF": serious,
            **drawings,
            **plan,
            **payment,
        },
    )[random.permutation(rows)]


def _blank(columns: dict[str, NDArray[np.float64]], null: Mask) -> dict[str, Floats]:
    return {name: np.where(null, np.nan, values) for name, values in columns.items()}


def _without_plan(cards: Cards, months: CardMonths, random: np.random.Generator) -> Mask:
    """Months at the start of a card for which no minimum payment is recorded."""
    count = len(cards.previous)
    never_drawn = np.isnan(cards.drawn)
    starts = random.random(count) < np.where(never_drawn, 0.58, 0.23)
    blank = np.where(starts, np.ceil(random.exponential(np.where(never_drawn, 28.0, 4.0), count)), 0)
    return months.step < blank[months.card]


def _running_count(months: CardMonths) -> Floats:
    """Instalments that have matured on the card so far."""
    asked = (months.minimum > 0).astype(float)
    total = np.cumsum(asked)
    first = np.flatnonzero(months.step == 0)
    before = (total - asked)[first]
    return np.asarray(total - np.repeat(before, np.diff(np.append(first, len(total)))), dtype=np.float64)


def _states(cards: Cards, months: CardMonths, random: np.random.Generator) -> Codes:
    count = len(cards.previous)
    completes = (random.random(count) < _COMPLETED_SHARE)[months.card] & months.is_closed
    signed = (random.random(count) < _SIGNED_SHARE)[months.card] & (months.step == 0)
    return np.where(completes, 1, np.where(signed, 2, 0))


def _days_late(
    clients: Clients, cards: Cards, months: CardMonths, random: np.random.Generator
) -> tuple[Floats, Floats]:
    rows = len(months.card)
    habit = clients.habits["late payments"][cards.owner[months.card]]
    is_late = (follow(habit, 0.6, random) > 1.0 - _LATE_SHARE) & (months.balance > 0)
    longer = np.ceil(random.exponential(4.0, rows) ** 2.2)
    days = np.where(is_late, np.where(random.random(rows) < _MORE_THAN_A_DAY, longer, 1.0), 0.0)
    return days, np.where(random.random(rows) < 0.55, np.minimum(days, 60.0), 0.0)
