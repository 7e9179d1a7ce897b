"""Two applications told in words: one that was rightly refused, and one that was rightly accepted."""

from typing import NamedTuple

import numpy as np

from credit_scoring.explain.portfolio import Portfolio


class Story(NamedTuple):
    """An application worth telling.

    Attributes:
        title: what happened.
        place: row in the portfolio.
    """

    title: str
    place: int


def stories(portfolio: Portfolio) -> list[Story]:
    """The typical case of each kind that occurs: the one in the middle of its probabilities.

    With known outcomes a refused client who defaulted and an accepted one who paid; otherwise a refused and an
    accepted one.
    """
    refused, accepted = ~portfolio.accepted, portfolio.accepted
    if portfolio.outcome_known:
        kinds = (
            ("Refused, and the client did default", refused & (portfolio.rows.default == 1)),
            ("Accepted, and the client paid", accepted & (portfolio.rows.default == 0)),
        )
    else:
        kinds = (("Refused", refused), ("Accepted", accepted))
    return [Story(title, _middle(portfolio.probability, chosen)) for title, chosen in kinds if chosen.any()]


def _middle(probability: np.ndarray, chosen: np.ndarray) -> int:
    places = np.flatnonzero(chosen)
    ranked = places[np.argsort(probability[places], kind="stable")]
    return int(ranked[len(ranked) // 2])
