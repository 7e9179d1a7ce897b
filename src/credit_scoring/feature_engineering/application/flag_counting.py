"""Flags that values raise: thresholds that a number passes, categories that a column holds."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from credit_scoring.data_contracts.application import APPLICATION_TEST
from credit_scoring.data_contracts.contract import Column
from credit_scoring.feature_engineering.application.arithmetic import Values, known_sum


@dataclass(frozen=True)
class Flags:
    """The flags that the values of one column raise.

    Attributes:
        column: column of an application, or history feature.
        phrase: what warns, as part of a list.
        compare: compares values with a limit; a missing value compares as false.
        limits: one flag each: thresholds, or indices of categories.
        maximum: how many flags one value may raise.
    """

    column: str
    phrase: str
    compare: np.ufunc
    limits: tuple[float, ...]
    maximum: int

    def raised_by(self, values: Values) -> Values:
        """How many flags each value (n,) raises, (n,)."""
        count: Values = self.compare.outer(values, self.limits).sum(axis=-1, dtype=np.float64)
        return count


def above(column: str, phrase: str, *limits: float) -> Flags:
    """Flags of values above the limits."""
    return Flags(column, phrase, np.greater, limits, len(limits))


def below(column: str, phrase: str, *limits: float) -> Flags:
    """Flags of values below the limits."""
    return Flags(column, phrase, np.less, limits, len(limits))


def one_of(column: str, phrase: str, *groups: tuple[str, ...], contract: Column | None = None) -> Flags:
    """One flag for each group of categories that holds the value, by their names in the contract.

    Args:
        contract: column that lists the categories, if it is not that of an application.
    """
    declared = (contract or APPLICATION_TEST.column(column)).categories
    # A category is compared as often as it is in a group.
    indices = tuple(float(declared.index(name)) for group in groups for name in group)
    return Flags(column, phrase, np.equal, indices, len(groups))


def flag_counter(subject: tuple[Flags, ...]) -> Callable[..., Values]:
    """A function for the number of flags raised, from one array of values per entry of the subject."""
    return lambda *columns: known_sum(
        *(flags.raised_by(values) for flags, values in zip(subject, columns, strict=True))
    )
