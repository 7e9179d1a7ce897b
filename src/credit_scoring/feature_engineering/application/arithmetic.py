"""Elementwise arithmetic that gives the same bits for one row and for a million.

Nothing here reduces over an axis: NumPy's reductions add in an order that depends on the number of rows.
"""

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
"""One number per application, shape (applications,); NaN where it is not known."""


def unchanged(value: Values) -> Values:
    """The value itself."""
    return value


def ratio(numerator: Values, denominator: Values) -> Values:
    """Quotient; NaN where the denominator is zero or either side is missing."""
    return numerator / np.where(denominator, denominator, np.nan)


def known_count(*columns: Values) -> Values:
    """How many of the columns are known in each row."""
    known = ~np.isnan(np.array(columns))
    # Whole numbers, so the order of addition does not matter.
    count: Values = known.sum(axis=0, dtype=np.float64)
    return count


def known_sum(*columns: Values) -> Values:
    """Sum of the known values of each row, added from left to right; 0 where none is known."""
    stacked = np.array(columns)
    known = np.where(np.isnan(stacked), 0.0, stacked)
    total: Values = known[0]
    for column in known[1:]:
        total = total + column
    return total


def flag_count(*flags: Values) -> Values:
    """How many of the whole numbers 0 and 1 are 1 in each row; an unknown one counts as 0."""
    stacked = np.array(flags)
    count: Values = (stacked == 1).sum(axis=0, dtype=np.float64)
    return count


def lowest(*columns: Values) -> Values:
    """Smallest known value of each row; NaN where none is known."""
    result = columns[0]
    for column in columns[1:]:
        result = np.fmin(result, column)
    return result


def highest(*columns: Values) -> Values:
    """Largest known value of each row; NaN where none is known."""
    result = columns[0]
    for column in columns[1:]:
        result = np.fmax(result, column)
    return result


def middle(first: Values, second: Values, third: Values) -> Values:
    """Median of the known values of each row; the average of two where only two are known."""
    total = known_sum(first, second, third)
    extremes = lowest(first, second, third) + highest(first, second, third)
    return np.where(known_count(first, second, third) == 3, total - extremes, extremes / 2)
