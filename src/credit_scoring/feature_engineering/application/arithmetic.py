"""Elementwise arithmetic that gives the same bits for one row and for a million.

Nothing here reduces over an axis: NumPy's reductions add in an order that depends on the number of rows.
"""

import numpy as np

from credit_scoring.feature_engineering.application.definition import Values


def ratio(numerator: Values, denominator: Values) -> Values:
    """Quotient; NaN where the denominator is zero or either side is missing."""
    return numerator / np.where(denominator, denominator, np.nan)


def known_count(*columns: Values) -> Values:
    """How many of the columns are known in each row."""
    return sum((~np.isnan(column) for column in columns), np.zeros(columns[0].shape))


def known_sum(*columns: Values) -> Values:
    """Sum of the known values of each row; 0 where none is known."""
    total = np.zeros(columns[0].shape)
    for column in columns:
        total = total + np.where(np.isnan(column), 0.0, column)
    return total


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
