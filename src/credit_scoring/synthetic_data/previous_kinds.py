"""Which kind each previous application is: nearly every client had a loan before, and no one two credit cards."""

import numpy as np

from credit_scoring.synthetic_data.clients import Clients
from credit_scoring.synthetic_data.credits import Codes, Kinds, Mask, kinds_of, lean, steps_within
from credit_scoring.synthetic_data.marginals import Floats
from credit_scoring.synthetic_data.ranks import even_ranks

_FROM_GOOD_TO_BAD = ("Approved", "Unused offer", "Canceled", "Refused")
_REFUSALS_FOLLOW_HABIT = 0.5


def kinds_of_previous() -> Kinds:
    """The kinds of previous applications, refused ones last."""
    return kinds_of("previous_application", "NAME_CONTRACT_STATUS", _FROM_GOOD_TO_BAD)


def draw_kinds(clients: Clients, owner: Codes, random: np.random.Generator) -> Codes:
    """A kind for each previous application, so that the kinds have their published shares.

    The first one of each client is an approved loan, another one of some clients is their card, and the others make
    up for what is then missing; clients used to being refused get more refusals.
    """
    kinds = kinds_of_previous()
    place = steps_within(clients.previous_applications)
    kind = np.zeros(len(owner), dtype=np.int64)
    for part, shares in ((~clients.is_test, kinds.train_shares), (clients.is_test, kinds.test_shares)):
        rows = np.flatnonzero(part[owner])
        if len(rows):
            habit = clients.habits["refusals"][owner[rows]]
            kind[rows] = _kinds_of_part(kinds, shares, place[rows], habit, random)
    return kind


def _kinds_of_part(
    kinds: Kinds, shares: Floats, place: Codes, habit: Floats, random: np.random.Generator
) -> Codes:
    approved = kinds.labels["NAME_CONTRACT_STATUS"] == "Approved"
    card = approved & (kinds.labels["NAME_CONTRACT_TYPE"] == "Revolving loans")
    loan = approved & ~card
    wanted = shares * len(place)
    has_loan = place == 0
    has_card = _card_rows(place, round(wanted[card].sum()), random)
    rest = ~has_loan & ~has_card
    missing = max(wanted[loan].sum() - has_loan.sum(), 0.0) / max(wanted[loan].sum(), 1e-9)
    kind = np.zeros(len(place), dtype=np.int64)
    for rows, weights, leaning in (
        (has_loan, np.where(loan, wanted, 0.0), random.standard_normal(int(has_loan.sum()))),
        (has_card, np.where(card, wanted, 0.0), random.standard_normal(int(has_card.sum()))),
        (
            rest,
            np.where(card, 0.0, np.where(loan, missing * wanted, wanted)),
            lean(habit[rest], _REFUSALS_FOLLOW_HABIT, random),
        ),
    ):
        edges = np.cumsum(weights)[:-1] / weights.sum()
        kind[rows] = np.searchsorted(edges, even_ranks(leaning, random), side="right")
    return kind


def _card_rows(place: Codes, cards: int, random: np.random.Generator) -> Mask:
    """Rows that become a card: one of a client at most, and rather of clients with many applications.

    Every row but a client's first draws a lot; a client's best lot counts, and the best lots of all win.
    """
    starts = np.flatnonzero(place == 0)
    lots = np.where(place == 0, -1.0, random.random(len(place)))
    best = np.maximum.reduceat(lots, starts)
    is_best = lots == np.repeat(best, np.diff(np.append(starts, len(place))))
    candidates = np.flatnonzero(is_best & (place > 0))
    winners = candidates[np.argsort(-lots[candidates], kind="stable")[:cards]]
    chosen = np.zeros(len(place), dtype=bool)
    chosen[winners] = True
    return chosen
