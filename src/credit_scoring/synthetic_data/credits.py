"""What the tables of past credits share: rows that hang on clients, and the kind of each credit."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_scoring.synthetic_data.normal import Floats, probability
from credit_scoring.synthetic_data.profile import calibration

DAYS_PER_MONTH = 30.4375
OLDEST_MONTH = -96
OLDEST_DAY = -2922


def owners(rows_per_client: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each row of a table its client's place in the chunk."""
    return np.repeat(np.arange(len(rows_per_client)), rows_per_client)


def steps_within(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """0, 1, 2 ... for each group of rows, given the groups' lengths."""
    starts = np.cumsum(lengths) - lengths
    return np.arange(int(lengths.sum())) - np.repeat(starts, lengths)


def follow(habit: Floats, strength: float, random: np.random.Generator) -> Floats:
    """Ranks in (0, 1) whose normal scores correlate with a habit; one for each value of ``habit``."""
    noise = random.standard_normal(len(habit))
    return probability(strength * habit + np.sqrt(1.0 - strength**2) * noise)


@dataclass(frozen=True)
class Kinds:
    """Kinds of credits of a table, sorted so that the riskier come last.

    Attributes:
        labels: for each column of a kind the value of each kind.
        shares: share of each kind among the rows of the table.
    """

    labels: dict[str, NDArray[Any]]
    shares: Floats

    def draw(self, rank: Floats) -> NDArray[np.int64]:
        """A kind for each rank in (0, 1)."""
        return np.searchsorted(np.cumsum(self.shares)[:-1], rank, side="right")

    def named(self, *columns: str) -> list[str]:
        """For each kind the values of some columns, joined as in the calibration's groups."""
        return ["|".join(parts) for parts in zip(*(self.labels[column] for column in columns), strict=True)]


@cache
def kinds_of(table: str, status: str, from_good_to_bad: tuple[str, ...]) -> Kinds:
    """Kinds of a table, sorted by a status column."""
    section = calibration()[table]["kinds"]
    place = section["names"].index(status)
    order = sorted(
        range(len(section["labels"])), key=lambda row: from_good_to_bad.index(section["labels"][row][place])
    )
    shares = np.array(section["shares"])[order]
    labels = {
        name: np.array([section["labels"][row][column] for row in order], dtype=object)
        for column, name in enumerate(section["names"])
    }
    return Kinds(labels, shares / shares.sum())
