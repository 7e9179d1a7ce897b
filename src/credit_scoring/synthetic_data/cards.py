"""Credit cards that were approved before: their limit, first drawing and closing."""

from dataclasses import dataclass

import numpy as np

from credit_scoring.synthetic_data.credits import Codes, Groups, Mask, draw_given, lean
from credit_scoring.synthetic_data.loans import LAST_KNOWN_DAY
from credit_scoring.synthetic_data.marginals import Floats
from credit_scoring.synthetic_data.ranks import even_ranks

# Cards older than five years are another product: nearly all are drawn, and many are closed.
OLD_CARD_DAYS = -1826.0
_NEVER_DRAWN_SHARE_OF_OLD_CARDS, _NEVER_DRAWN_SHARE_OF_CARDS = 0.065, 0.387
_SMALL_LIMIT, _MORE_OFTEN_UNDRAWN, _LESS_OFTEN_UNDRAWN = 120_000.0, 1.25, 0.85
_CLOSED_SHARE_OF_OLD_CARDS, _CLOSED_SHARE_OF_CARDS = 0.43, 0.21
_CLOSING_DATE_KNOWN, _LAST_DUE_KNOWN = 0.8, 0.37
_DAYS_TO_FIRST_DUE = (25.0, 60.0)


@dataclass(frozen=True)
class Cards:
    """Credit cards; one value per card.

    Attributes:
        previous: place of the previous application in its table.
        owner: place of the client in the chunk.
        decided: day of the decision, relative to the application.
        drawn: day of the first drawing, or NaN.
        limit: credit limit agreed.
        closed: day of the closing, or NaN while it is open.
    """

    previous: Codes
    owner: Codes
    decided: Floats
    drawn: Floats
    limit: Floats
    closed: Floats


def draw_cards(
    chosen: Codes,
    columns: dict[str, Floats],
    types: Groups,
    owner: Codes,
    use: Floats,
    random: np.random.Generator,
) -> tuple[dict[str, Floats], Cards]:
    """Dates of some previous applications, and the cards behind them. A date that never comes is NaN.

    Args:
        chosen: places of the applications in their table.
        columns: DAYS_DECISION and AMT_CREDIT of all previous applications.
        types: contract types of the chosen ones.
        owner, use: client of each chosen one, and the client's habit of using the limit.
    """
    count = len(chosen)
    decided, limit = columns["DAYS_DECISION"][chosen], columns["AMT_CREDIT"][chosen]
    drawn = decided + np.round(
        np.nan_to_num(draw_given("previous_application", "DRAWING", types, random), nan=14.0)
    )
    old = decided < OLD_CARD_DAYS
    undrawn = np.where(old, _NEVER_DRAWN_SHARE_OF_OLD_CARDS, _NEVER_DRAWN_SHARE_OF_CARDS)
    undrawn = undrawn * np.where(limit < _SMALL_LIMIT, _MORE_OFTEN_UNDRAWN, _LESS_OFTEN_UNDRAWN)
    never = (_even_chance(old, lean(use, 0.5, random), random) < undrawn) | (drawn > LAST_KNOWN_DAY)
    drawn = np.where(never, np.nan, drawn)
    closes = np.where(old, _CLOSED_SHARE_OF_OLD_CARDS, _CLOSED_SHARE_OF_CARDS)
    is_closed = _even_chance(old, random.random(count), random) < closes
    life = np.where(never, decided, drawn)
    closed = np.where(is_closed, np.round(life * random.uniform(0.15, 0.95, count)), np.nan)
    first_due = drawn + np.round(random.uniform(*_DAYS_TO_FIRST_DUE, count))
    last_due = np.round(drawn * random.uniform(0.0, 0.7, count))
    has_last_due = (last_due > first_due) & (random.random(count) < _LAST_DUE_KNOWN)
    dates = {
        "DAYS_FIRST_DRAWING": drawn,
        "DAYS_FIRST_DUE": first_due,
        "DAYS_LAST_DUE": np.where(has_last_due, last_due, np.nan),
        "DAYS_TERMINATION": np.where(random.random(count) < _CLOSING_DATE_KNOWN, closed, np.nan),
    }
    return dates, Cards(
        previous=chosen, owner=owner, decided=decided, drawn=drawn, limit=limit, closed=closed
    )


def _even_chance(old: Mask, leaning: Floats, random: np.random.Generator) -> Floats:
    """Chances in (0, 1) spread evenly over old and over other cards: few old ones hold many rows."""
    chance = np.empty(len(old))
    for group in (old, ~old):
        chance[group] = even_ranks(leaning[group], random)
    return chance
