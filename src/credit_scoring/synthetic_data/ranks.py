"""Latent values turned into ranks that fill (0, 1) evenly, so that even small runs have the published marginals."""

import numpy as np
from numpy.typing import NDArray

from credit_scoring.synthetic_data.marginals import Floats


class Ranks:
    """Even ranks of latent variables.

    Args:
        latent: for each variable one value per row.
        random: shifts each rank within its step, so that values do not repeat from chunk to chunk.
    """

    def __init__(self, latent: dict[str, Floats], random: np.random.Generator) -> None:
        self._latent = latent
        self._random = random

    def __contains__(self, name: str) -> bool:
        return name in self._latent

    def of(self, name: str, among: NDArray[np.bool_] | None = None, lean: Floats | float = 0.0) -> Floats:
        """Rank of each row's value, in (0, 1); with ``among``, the rank among these rows, and 0.5 elsewhere.

        Args:
            lean: added to the values before they are ranked, to favour some rows.
        """
        values = self._latent[name] + lean
        if among is None:
            return even_ranks(values, self._random)
        ranks = np.full(len(values), 0.5)
        ranks[among] = even_ranks(values[among], self._random)
        return ranks

    def by_chance(self) -> Floats:
        """Ranks that depend on nothing."""
        return even_ranks(self._random.random(len(next(iter(self._latent.values())))), self._random)


def even_ranks(values: Floats, random: np.random.Generator) -> Floats:
    """Ranks in (0, 1), one in each of ``len(values)`` equal steps."""
    count = len(values)
    ranks = np.empty(count)
    ranks[np.argsort(values, kind="stable")] = (np.arange(count) + random.random(count)) / max(count, 1)
    return ranks
