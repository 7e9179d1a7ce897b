"""Two example applications: one correctly refused and one correctly accepted."""

from typing import NamedTuple

import numpy as np

from credit_scoring.explain.portfolio import Portfolio


class ExampleCase(NamedTuple):
    """An application that a report describes.

    Attributes:
        title: decision, and outcome where it is known.
        row: index in the portfolio.
    """

    title: str
    row: int


def example_cases(portfolio: Portfolio) -> list[ExampleCase]:
    """The case with the median probability of each kind that occurs.

    With known outcomes these are a refused client who defaulted and an accepted one who paid; otherwise a refused and
    an accepted one.
    """
    refused, accepted = ~portfolio.accepted, portfolio.accepted
    if portfolio.outcome_known:
        kinds = (
            ("Refused, and the client did default", refused & (portfolio.rows.default == 1)),
            ("Accepted, and the client paid", accepted & (portfolio.rows.default == 0)),
        )
    else:
        kinds = (("Refused", refused), ("Accepted", accepted))
    return [ExampleCase(title, _median(portfolio.probability, members)) for title, members in kinds if members.any()]


def _median(probability: np.ndarray, members: np.ndarray) -> int:
    rows = np.flatnonzero(members)
    ranked = rows[np.argsort(probability[rows], kind="stable")]
    return int(ranked[len(ranked) // 2])
