"""Arithmetic that gives the same bits for one row and for a million.

No sum runs over an axis whose order NumPy chooses: it adds in an order that depends on the number of rows.
"""

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
"""Numbers, usually one per application: shape (n,); NaN where unknown."""


def unchanged(value: Values) -> Values:
    """The value itself."""
    return value


def ratio(numerator: Values, denominator: Values) -> Values:
    """Quotient; NaN where the denominator is zero or either side is missing."""
    return numerator / np.where(denominator, denominator, np.nan)


def known_count(*columns: Values) -> Values:
    """How many of the columns are known."""
    # Whole numbers, so the order of addition does not matter.
    count: Values = np.add.reduce(~np.isnan(columns), axis=0, dtype=np.float64)
    return count


def known_sum(*columns: Values) -> Values:
    """Sum of the known values, added from the first to the last; 0 where none is known."""
    # An accumulation, unlike a sum, has one order.
    total: Values = np.add.accumulate(np.where(np.isnan(columns), 0.0, columns), axis=0)[-1]
    return total


def flag_count(*flags: Values) -> Values:
    """How many of the flags 0 and 1 are 1; an unknown flag counts as 0."""
    count: Values = np.add.reduce(np.equal(flags, 1), axis=0, dtype=np.float64)
    return count


def lowest(*columns: Values) -> Values:
    """Smallest known value; NaN where none is known."""
    result: Values = np.fmin.reduce(columns, axis=0)
    return result


def highest(*columns: Values) -> Values:
    """Largest known value; NaN where none is known."""
    result: Values = np.fmax.reduce(columns, axis=0)
    return result


def middle(first: Values, second: Values, third: Values) -> Values:
    """Median of the known ones of three values; the average of two where only two are known."""
    between = np.maximum(np.minimum(first, second), np.minimum(np.maximum(first, second), third))
    # Unlike `lowest` and `highest`, `between` is missing as soon as one of the three is.
    result: Values = np.where(
        np.isnan(between), (lowest(first, second, third) + highest(first, second, third)) / 2.0, between
    )
    return result


def product(*columns: Values) -> Values:
    """Product, multiplied from the first to the last; NaN where a factor is unknown."""
    result: Values = np.multiply.accumulate(columns, axis=0)[-1]
    return result


def known_mean(*columns: Values) -> Values:
    """Average of the known values; NaN where none is known."""
    return ratio(known_sum(*columns), known_count(*columns))
