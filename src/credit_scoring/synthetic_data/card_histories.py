"""What happens on a credit card month by month: drawings, payments, and the balance they leave."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from credit_scoring.synthetic_data.cards import OLD_CARD_DAYS, Cards
from credit_scoring.synthetic_data.clients import Clients
from credit_scoring.synthetic_data.credits import OLDEST_MONTH, Codes, Mask, month_of
from credit_scoring.synthetic_data.marginals import Floats

# A step after any month that can be reported.
_NEVER = 1_000
_INTEREST_PER_MONTH = 0.027
_MINIMUM_SHARE = 0.05
_MONTHS_OF_USE = 43.5
_PAID_TO_MINIMUM = ((0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0), (0.0, 0.6, 1.0, 1.03, 1.4, 3.0, 10.0))
_LAST_MONTHS = (-1, -2, -3, -4)
_LAST_MONTH_SHARES = (0.66, 0.24, 0.07, 0.03)
_LEAST_LIMIT, _SMALL_LIMIT, _MEDIUM_LIMIT = 45_000.0, 67_500.0, 120_000.0
_RAISED_SHARE, _RAISED_TO = 0.35, 3.5
_OVERDRAWN_TO, _CASH_STEP, _PAYMENT_STEP, _SMALL_BALANCE = 1.03, 450.0, 4.5, 300.0
_ASKS_SHARE_OF_LIMIT, _ASKED_SHARE_OF_BALANCE, _PAYS_ALL_SHARE = 0.85, 0.06, 0.018
_LIKES_CASH_SHARE, _CASH_SHARE_IF_LIKED, _CASH_SHARE_OTHERWISE = 0.7, 0.85, 0.15


@dataclass(frozen=True)
class CardMonths:
    """Months of cards, card by card; one value per month.

    Attributes:
        card: place of the card; step: months since its first month.
        is_drawn: the card has been drawn before or in this month.
        minimum: payment asked for; paid: payment made.
    """

    card: Codes
    step: Codes
    month: Codes
    limit: Floats
    balance: Floats
    is_drawn: Mask
    is_closed: Mask
    cash: Floats
    purchases: Floats
    minimum: Floats
    paid: Floats


def card_histories(clients: Clients, cards: Cards, random: np.random.Generator) -> CardMonths:
    """Simulate all cards of a chunk, from the month of the decision to the last month reported."""
    count = len(cards.previous)
    first = np.clip(month_of(cards.decided), OLDEST_MONTH, -1)
    last = np.maximum(random.choice(_LAST_MONTHS, count, p=_LAST_MONTH_SHARES), first)
    lengths = last - first + 1
    start = _step_of(cards.drawn, first)
    closing = np.maximum(_step_of(cards.closed, first), np.where(start < _NEVER, start + 1, 0))
    months = int(lengths.max(initial=0))
    limit = np.maximum(cards.limit, _LEAST_LIMIT)
    raised = (
        (limit <= _SMALL_LIMIT) & (cards.decided > OLD_CARD_DAYS) & (random.random(count) < _RAISED_SHARE)
    )
    limit = np.where(raised, _RAISED_TO * limit, limit)
    simulated = _simulate(clients, cards, limit, start, closing, months, random)
    inside = np.arange(months)[None, :] < lengths[:, None]
    card, step = np.nonzero(inside)
    is_closed = step >= closing[card]
    return CardMonths(
        card=card,
        step=step,
        month=first[card] + step,
        limit=np.where(is_closed, 0.0, limit[card]),
        is_drawn=step >= start[card],
        is_closed=is_closed,
        **{name: values[inside] for name, values in simulated.items()},
    )


def _step_of(day: Floats, first: Codes) -> Codes:
    return np.where(np.isnan(day), _NEVER, np.maximum(month_of(np.nan_to_num(day)) - first, 0))


def _simulate(
    clients: Clients,
    cards: Cards,
    limit: Floats,
    start: Codes,
    closing: Codes,
    months: int,
    random: np.random.Generator,
) -> dict[str, NDArray[np.float64]]:
    """Balance, drawings and payments; one row per card and one column per month."""
    count = len(start)
    use, worse, late = (
        clients.habits[name][cards.owner] for name in ("utilisation", "worsening", "late payments")
    )
    hungry = ndtr(0.9 * use + 0.44 * random.standard_normal(count))
    lasting = np.where(limit < _MEDIUM_LIMIT, 0.75, 1.2) * np.where(cards.decided < OLD_CARD_DAYS, 1.65, 0.68)
    stops = start + np.ceil(random.exponential(_MONTHS_OF_USE, count) * (0.4 + 1.2 * hungry) * lasting)
    often = 0.32 + 0.40 * hungry
    cash_share = np.where(
        random.random(count) < _LIKES_CASH_SHARE, _CASH_SHARE_IF_LIKED, _CASH_SHARE_OTHERWISE
    )
    asks_share_of_limit = random.random(count) < _ASKS_SHARE_OF_LIMIT
    matrices = {
        name: np.zeros((count, months)) for name in ("balance", "cash", "purchases", "minimum", "paid")
    }
    balance = np.zeros(count)
    for step in range(months):
        is_open = (step >= start) & (step < closing)

        chance = often * np.exp(0.25 * worse * (step / max(months, 1))) * (step < stops)
        draws = is_open & ((step == start) | (random.random(count) < chance))
        free = np.maximum(_OVERDRAWN_TO * limit - balance, 0.0)
        # Who draws takes much of what is left below the limit.
        share = np.where(step == start, 0.7 + 0.3 * hungry, 0.4 + 0.6 * hungry) * random.random(count) ** 0.3
        drawn = np.where(draws, free * share, 0.0)
        is_cash = random.random(count) < cash_share
        cash = np.where(is_cash, np.round(drawn / _CASH_STEP) * _CASH_STEP, 0.0)
        purchases = np.where(is_cash, 0.0, np.round(drawn, 3))
        asked = np.where(asks_share_of_limit, _MINIMUM_SHARE * limit, _ASKED_SHARE_OF_BALANCE * balance)
        minimum = np.round(np.where(balance > 0, np.minimum(asked, balance), 0.0), 3)
        ratio = np.interp(ndtr(random.standard_normal(count) - 0.35 * late), *_PAID_TO_MINIMUM)
        pays_all = (random.random(count) < _PAYS_ALL_SHARE) | (balance < _SMALL_BALANCE) | (step >= closing)
        some = np.minimum(np.round(minimum * ratio / _PAYMENT_STEP) * _PAYMENT_STEP, balance)
        paid = np.round(np.where(pays_all, balance, some), 3)
        owed = balance - paid
        balance = np.round(owed * (1.0 + _INTEREST_PER_MONTH) + cash + purchases, 3)
        for name, values in (
            ("balance", balance),
            ("cash", cash),
            ("purchases", purchases),
            ("minimum", minimum),
            ("paid", paid),
        ):
            matrices[name][:, step] = values
    return matrices
