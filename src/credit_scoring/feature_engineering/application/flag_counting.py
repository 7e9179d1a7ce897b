"""Flags that values raise: thresholds that a number passes, categories that a column holds."""

from dataclasses import dataclass

import numpy as np

from credit_scoring.data_contracts.application import APPLICATION_TEST
from credit_scoring.data_contracts.contract import Column
from credit_scoring.feature_engineering.application.arithmetic import Reduction, Values


@dataclass(frozen=True)
class Thresholds:
    """Values beyond which a quantity warns: one flag for each threshold that is passed.

    Attributes:
        above: whether values above the thresholds warn, rather than those below them.
        phrase: the quantity, as part of a list.
    """

    column: str
    above: bool
    limits: tuple[float, ...]
    phrase: str

    @property
    def maximum(self) -> int:
        """How many flags one value may raise."""
        return len(self.limits)


@dataclass(frozen=True)
class Categories:
    """Categories that warn, by their names in the contract: one flag for each group that holds the value.

    Attributes:
        column: column of an application, or history feature that holds its category index.
        contract: column of the contract that lists the categories.
    """

    column: str
    contract: Column
    groups: tuple[tuple[str, ...], ...]
    phrase: str

    @property
    def maximum(self) -> int:
        """How many flags one value may raise."""
        return len(self.groups)

    @property
    def indices(self) -> tuple[float, ...]:
        """Index of each category that warns, as often as it is in a group."""
        return tuple(float(self.contract.categories.index(name)) for group in self.groups for name in group)


Flags = Thresholds | Categories


def above(column: str, phrase: str, *limits: float) -> Thresholds:
    """Flags of values above the limits."""
    return Thresholds(column, True, limits, phrase)


def below(column: str, phrase: str, *limits: float) -> Thresholds:
    """Flags of values below the limits."""
    return Thresholds(column, False, limits, phrase)


def one_of(column: str, phrase: str, *groups: tuple[str, ...]) -> Categories:
    """Flags of the categories of an application's column."""
    return Categories(column, APPLICATION_TEST.column(column), groups, phrase)


def flag_counter(subject: tuple[Flags, ...]) -> Reduction:
    """The number of flags raised, from one row of values per entry of the subject."""
    thresholds = [
        (row, 1.0 if flags.above else -1.0, limit)
        for row, flags in enumerate(subject)
        if isinstance(flags, Thresholds)
        for limit in flags.limits
    ]
    categories = [
        (row, index) for row, flags in enumerate(subject) if isinstance(flags, Categories) for index in flags.indices
    ]
    rows = np.array([row for row, _, _ in thresholds])
    # Below a limit is above it with both signs changed.
    signs = np.array([sign for _, sign, _ in thresholds])[:, np.newaxis]
    limits = signs * np.array([limit for _, _, limit in thresholds])[:, np.newaxis]
    category_rows = np.array([row for row, _ in categories], dtype=np.intp)
    indices = np.array([index for _, index in categories])[:, np.newaxis]

    def count(columns: Values) -> Values:
        # A missing value compares as false. Whole numbers add up exactly in any order.
        passed: Values = np.add.reduce(columns[rows] * signs > limits, axis=0, dtype=np.float64)
        held: Values = np.add.reduce(columns[category_rows] == indices, axis=0, dtype=np.float64)
        return passed + held

    return Reduction(count)
