"""What the tables of past credits share: rows that hang on clients, and the kind of each credit."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_scoring.synthetic_data.marginals import Floats
from credit_scoring.synthetic_data.profile import calibration, given
from credit_scoring.synthetic_data.ranks import even_ranks

DAYS_PER_MONTH = 30.4375
OLDEST_MONTH = -96
OLDEST_DAY = -2922
# Edges of groups by instalments agreed and by age of a credit; the calibration numbers its groups by them.
TERM_BINS = (4, 7, 11, 13, 19, 25, 37)
AGE_BINS_DAYS = (365, 730, 1460)

Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]
# Labels of groups, and for each row the place of its label.
Groups = tuple[list[str], Codes]


def owners(rows_per_client: Codes) -> Codes:
    """For each row of a table its client's place in the chunk."""
    return np.repeat(np.arange(len(rows_per_client)), rows_per_client)


def steps_within(lengths: Codes) -> Codes:
    """0, 1, 2 ... for each group of rows, given the groups' lengths."""
    starts = np.cumsum(lengths) - lengths
    return np.arange(int(lengths.sum())) - np.repeat(starts, lengths)


def month_of(days: Floats) -> Codes:
    """MONTHS_BALANCE of the month in which a day before the application lies."""
    return np.asarray(np.ceil(days / DAYS_PER_MONTH), dtype=np.int64)


def lean(habit: Floats, strength: float, random: np.random.Generator) -> Floats:
    """Standard normal values, one for each value of ``habit``, with this correlation to it."""
    return np.asarray(
        strength * habit + np.sqrt(1.0 - strength**2) * random.standard_normal(len(habit)), dtype=np.float64
    )


def follow(habit: Floats, strength: float, random: np.random.Generator) -> Floats:
    """Even ranks in (0, 1) that correlate with a habit; one for each value of ``habit``."""
    return even_ranks(lean(habit, strength, random), random)


def bin_of(values: Floats, edges: tuple[int, ...]) -> Codes:
    """Number of edges below each value."""
    return np.searchsorted(np.array(edges), values, side="left")


def paired(labels: list[str], codes: Codes, bins: Codes, bin_count: int) -> Groups:
    """Groups made of a label and the number of a bin, as the calibration names them."""
    return [f"{label}|{place}" for label in labels for place in range(bin_count)], codes * bin_count + bins


def joined(columns: list[NDArray[Any]]) -> Groups:
    """Groups made of the words in several columns."""
    codes = np.zeros(len(columns[0]), dtype=np.int64)
    labels = [""]
    for words in columns:
        distinct, places = np.unique(words.astype(str), return_inverse=True)
        labels = [f"{label}|{word}" if label else str(word) for label in labels for word in distinct]
        codes = codes * len(distinct) + places
    return labels, codes


def draw_given(
    table: str, column: str, group: Groups, random: np.random.Generator, rank: Floats | None = None
) -> NDArray[Any]:
    """Values of a column given a group of credits, at random ranks where none are given."""
    count = len(group[1])
    return given(table, column).draw(
        *group, random.random(count) if rank is None else rank, random.random(count)
    )


@dataclass(frozen=True)
class Kinds:
    """Kinds of credits of a table, sorted so that the riskier come last.

    Attributes:
        labels: for each column of a kind the value of each kind.
        train_shares, test_shares: share of each kind among the rows of train and of test clients.
    """

    labels: dict[str, NDArray[Any]]
    train_shares: Floats
    test_shares: Floats

    def draw(self, rank: Floats, is_test: Mask) -> Codes:
        """A kind for each rank in (0, 1)."""
        train, test = (
            np.searchsorted(np.cumsum(shares)[:-1], rank, side="right") for shares in self._shares()
        )
        return np.where(is_test, test, train)

    def named(self, *columns: str) -> list[str]:
        """For each kind the values of some columns, joined as in the calibration's groups."""
        return ["|".join(parts) for parts in zip(*(self.labels[column] for column in columns), strict=True)]

    def _shares(self) -> tuple[Floats, Floats]:
        return self.train_shares, self.test_shares


@cache
def kinds_of(table: str, status: str, from_good_to_bad: tuple[str, ...]) -> Kinds:
    """Kinds of a table, sorted by a status column."""
    section = calibration()[table]["kinds"]
    rows, names = section["labels"], section["names"]
    place = names.index(status)
    order = sorted(range(len(rows)), key=lambda row: from_good_to_bad.index(rows[row][place]))
    labels = {name: np.array([rows[row][at] for row in order], dtype=object) for at, name in enumerate(names)}
    train, test = (np.array(section["shares"][part])[order] for part in ("train", "test"))
    return Kinds(labels, train / train.sum(), test / test.sum())
