"""Raw application columns as numbers: one implementation for a table of applications and for a single one.

A category becomes its index in the contract's list. Values that the contract does not list, and every code for "not
known", become NaN, so nothing has to be fitted.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from credit_scoring.data_contracts.application import APPLICATION_TEST
from credit_scoring.data_contracts.contract import Column
from credit_scoring.feature_engineering.application.arithmetic import Values

if TYPE_CHECKING:
    import polars as pl

ENCODED_COLUMNS: tuple[Column, ...] = tuple(
    column for column in APPLICATION_TEST.columns if column.name != APPLICATION_TEST.primary_key[0]
)
"""Every column of an application except its identifier."""


def encode_column(column: Column, values: Sequence[object] | NDArray[np.generic]) -> Values:
    """Numbers for the values of one column: shape (number of values,), NaN where unknown."""
    if column.is_category:
        codes = _codes(column)
        return np.array([codes.get(value, np.nan) for value in values], dtype=np.float64)
    numbers = np.array(values, dtype=np.float64)
    for code in column.missing_codes:
        numbers[numbers == code] = np.nan
    return numbers


def encode_applications(frame: "pl.DataFrame") -> Values:
    """Every encoded column of a table of applications, shape (`ENCODED_COLUMNS`, applications)."""
    return np.array(
        [
            encode_column(column, frame[column.name].to_list() if column.is_category else frame[column.name].to_numpy())
            for column in ENCODED_COLUMNS
        ]
    )


def encode_requests(applications: Sequence[Mapping[str, object]]) -> Values:
    """Every encoded column of several applications, shape (`ENCODED_COLUMNS`, applications); absent ones are missing.

    All columns go into one array: 120 small arrays would take a request longer than the model.
    """
    rows = [
        [known.get(value := values.get(name), value if is_number else np.nan) for name, known, is_number in _COLUMNS]
        for values in applications
    ]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(_COLUMNS)).T


@cache
def _codes(column: Column) -> dict[object, float]:
    return {category: float(code) for code, category in enumerate(column.categories)}


_COLUMNS: tuple[tuple[str, dict[object, float], bool], ...] = tuple(
    (
        column.name,
        _codes(column) if column.is_category else dict.fromkeys((None, *column.missing_codes), np.nan),
        not column.is_category,
    )
    for column in ENCODED_COLUMNS
)
"""Name, encoding of the values that are not numbers themselves, and whether all other values are numbers."""
