"""installments_payments: what was due on previous loans and cards, and what was paid when."""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import ndtr

from credit_scoring.synthetic_data.card_histories import CardMonths
from credit_scoring.synthetic_data.cards import Cards
from credit_scoring.synthetic_data.chunks import Chunk
from credit_scoring.synthetic_data.clients import Clients
from credit_scoring.synthetic_data.credits import DAYS_PER_MONTH, OLDEST_DAY, Codes, lean, steps_within
from credit_scoring.synthetic_data.loans import DAYS_BETWEEN_INSTALMENTS, Loans
from credit_scoring.synthetic_data.marginals import Floats
from credit_scoring.synthetic_data.profile import as_printed

_TABLE = "installments_payments"
_SPLIT_SHARE = 0.10
_UNPAID_SHARE = 0.00021
_OVERPAID_SHARE, _OVERPAID_TIMES = 0.008, 1.4
_CHANGED_PLAN_SHARE = 0.07
_PAYOFF_DISCOUNT = 0.15
_DAYS_PER_YEAR = 365.25
# Days from due to paid, early ones negative: quantiles of real loans, and of regular card payments.
_DELAY_RANKS = (0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.83, 0.893, 0.94, 0.97, 0.99, 0.998, 1.0)
_LOAN_DELAYS = (-150, -78, -39, -30, -17, -9, -2.4, -0.6, 0.4, 3, 8, 20, 60, 400)
_CARD_DELAYS = (-40, -30, -25, -22, -15, -10, -3, -0.6, 0.4, 3, 8, 20, 60, 300)
_CARD_PARTS = (0.25, 0.28, 0.21, 0.15, 0.11)
# In how many payments a month's sum on a card is paid: shares of one, two ...; long ago more often in one.
_FEW_PARTS_BEFORE, _ONE_PART_THEN = -54, 0.4

Columns = dict[str, NDArray[Any]]


def installments_payments(
    chunk: Chunk, clients: Clients, loans: Loans, cards: Cards, months: CardMonths, identifiers: Codes
) -> pl.DataFrame:
    """Instalments of the loans and cards of a chunk that fell due before the application, in no order.

    Args:
        identifiers: SK_ID_PREV of each previous application of the chunk.
    """
    random = chunk.random(_TABLE)
    of_loans = _loan_instalments(clients, loans, random)
    of_cards = _card_instalments(clients, cards, months, random)
    previous = np.concatenate([loans.previous[of_loans.pop("of")], cards.previous[of_cards.pop("of")]])
    owner = np.concatenate([of_loans.pop("owner"), of_cards.pop("owner")])
    columns: Columns = {name: np.concatenate([of_loans[name], of_cards[name]]) for name in of_loans}
    columns["SK_ID_PREV"] = identifiers[previous]
    columns["SK_ID_CURR"] = clients.identifiers[owner]
    rows = len(previous)
    unpaid = random.random(rows) < _UNPAID_SHARE
    for name in ("DAYS_ENTRY_PAYMENT", "AMT_PAYMENT"):
        columns[name] = np.where(unpaid, np.nan, columns[name])
    return as_printed(_TABLE, columns)[random.permutation(rows)]


def _loan_instalments(clients: Clients, loans: Loans, random: np.random.Generator) -> Columns:
    """One row per instalment due before the application, two where it was paid in two parts.

    The instalments of a loan that runs to its end add up to the annuity times their number. The last one of a loan
    paid off early holds what was left, at a discount for the interest saved, under a new version of the plan.
    """
    known = np.clip(np.floor((-1 - loans.first_due) / DAYS_BETWEEN_INSTALMENTS) + 1, 0, loans.paid).astype(
        np.int64
    )
    loan = np.repeat(np.arange(len(known)), known)
    number = steps_within(known) + 1
    due = loans.first_due[loan] + DAYS_BETWEEN_INSTALMENTS * (number - 1)
    left = loans.planned[loan] - number + 1
    is_payoff = (number == loans.paid[loan]) & (left > 1) & ~loans.is_given_up[loan]
    amount = loans.annuity[loan] * np.where(is_payoff, 1 + (1 - _PAYOFF_DISCOUNT) * (left - 1), 1.0)
    changes = random.random(len(known)) < _CHANGED_PLAN_SHARE
    change = np.where(changes, np.ceil(loans.paid * random.random(len(known))), loans.paid + 1)
    version = 1.0 + is_payoff + (number >= change[loan]) * (1 + (number + loan) % 3)
    owner = loans.owner[loan]
    entry = np.minimum(due + _delays(clients, owner, due, _LOAN_DELAYS, random), -1.0)
    amount = np.round(amount, 3)
    paid = np.where(random.random(len(loan)) < _OVERPAID_SHARE, np.round(amount * _OVERPAID_TIMES, 3), amount)
    splits = random.random(len(loan)) < _SPLIT_SHARE
    first_part = np.where(splits, np.round(amount * random.random(len(loan)), 3), paid)
    later = np.minimum(entry + random.integers(1, 25, len(loan)), -1.0)
    inside = due >= OLDEST_DAY
    again = inside & splits
    return {
        name: np.concatenate([values[inside], others[again]])
        for name, values, others in (
            ("of", loan, loan),
            ("owner", owner, owner),
            ("NUM_INSTALMENT_VERSION", version, version),
            ("NUM_INSTALMENT_NUMBER", number, number),
            ("DAYS_INSTALMENT", due, due),
            ("DAYS_ENTRY_PAYMENT", entry, later),
            ("AMT_INSTALMENT", amount, amount),
            ("AMT_PAYMENT", first_part, np.round(amount - first_part, 3)),
        )
    }


def _card_instalments(
    clients: Clients, cards: Cards, months: CardMonths, random: np.random.Generator
) -> Columns:
    """The payments of each month of a card: the regular one on its due day, others on days of their own."""
    paying = np.flatnonzero(months.paid > 0)
    parts = 1 + random.choice(len(_CARD_PARTS), len(paying), p=_CARD_PARTS)
    parts = np.where(
        (months.month[paying] < _FEW_PARTS_BEFORE) & (random.random(len(paying)) < _ONE_PART_THEN), 1, parts
    )
    of = np.repeat(paying, parts)
    part = steps_within(parts)
    weight = np.where(part == 0, 1.0, 0.35) * random.uniform(0.3, 1.0, len(of))
    total = np.bincount(np.repeat(np.arange(len(paying)), parts), weight, minlength=len(paying))
    share = weight / np.repeat(total, parts)
    amount = np.maximum(np.round(months.paid[of] * share, 3), 0.045)
    card = months.card[of]
    end_of_month = np.ceil(months.month[of] * DAYS_PER_MONTH)
    due = np.minimum(end_of_month - np.floor(random.random(len(of)) * 28), -1.0)
    owner = cards.owner[card]
    delay = np.where(part == 0, _delays(clients, owner, due, _CARD_DELAYS, random), 0.0)
    starts = np.flatnonzero(np.diff(card, prepend=-1))
    number = steps_within(np.diff(np.append(starts, len(card)))) + 1
    inside = due >= OLDEST_DAY
    columns: Columns = {
        "of": card,
        "owner": owner,
        "NUM_INSTALMENT_VERSION": np.zeros(len(of)),
        "NUM_INSTALMENT_NUMBER": number,
        "DAYS_INSTALMENT": due,
        "DAYS_ENTRY_PAYMENT": np.minimum(due + delay, -1.0),
        "AMT_INSTALMENT": amount,
        "AMT_PAYMENT": amount,
    }
    return {name: values[inside] for name, values in columns.items()}


def _delays(
    clients: Clients, owner: Codes, due: Floats, quantiles: tuple[float, ...], random: np.random.Generator
) -> Floats:
    """Days between due and paid: careless clients are late more often, and more so of late as things worsen."""
    worse = clients.habits["worsening"][owner] * np.clip(1.0 + due / (3 * _DAYS_PER_YEAR), 0.0, 1.0)
    habit = (clients.habits["late payments"][owner] + 0.6 * worse) / 1.1
    rank: Floats = ndtr(lean(habit, 0.4, random))
    return np.round(np.interp(rank, _DELAY_RANKS, quantiles))
