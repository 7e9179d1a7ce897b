"""Raw application columns as numbers: one implementation for a table of applications and for a single one.

A category becomes its place in the contract's list. What the contract does not list, and every code for
"not known", becomes NaN, so nothing has to be fitted.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from credit_scoring.feature_engineering.application.arithmetic import Values
from credit_scoring.tables.application import APPLICATION_TEST
from credit_scoring.tables.contract import Column

if TYPE_CHECKING:
    import polars as pl

ENCODED_COLUMNS: tuple[Column, ...] = tuple(
    column for column in APPLICATION_TEST.columns if column.name != APPLICATION_TEST.primary_key[0]
)
"""Every column of an application but its number."""


def encode_column(column: Column, values: Sequence[object] | NDArray[np.generic]) -> Values:
    """Numbers for the values of one column: shape (number of values,), NaN where nothing is known."""
    if column.is_category:
        codes = _codes(column)
        return np.array([codes.get(value, np.nan) for value in values], dtype=np.float64)
    numbers = np.array(values, dtype=np.float64)
    for code in column.missing_codes:
        numbers[numbers == code] = np.nan
    return numbers


def encode_applications(frame: "pl.DataFrame") -> dict[str, Values]:
    """Every encoded column of a table of applications, by its raw name."""
    return {
        column.name: encode_column(
            column, frame[column.name].to_list() if column.is_category else frame[column.name].to_numpy()
        )
        for column in ENCODED_COLUMNS
    }


def encode_application(values: Mapping[str, object]) -> dict[str, Values]:
    """Every encoded column of one application, as arrays of length 1; a column that is absent counts as missing."""
    return encode_requests([values])


def encode_requests(applications: Sequence[Mapping[str, object]]) -> dict[str, Values]:
    """The same of several applications, as arrays of their number.

    All columns go into one array: a request would otherwise wait longer for 120 small ones than for the model.
    """
    flat: list[object] = []
    for name, codes, unknown in _COLUMNS:
        given = [values.get(name) for values in applications]
        if codes is None:
            flat += [np.nan if value in unknown else value for value in given]
        else:
            flat += [codes.get(value, np.nan) for value in given]
    table = np.array(flat, dtype=np.float64).reshape(len(_COLUMNS), len(applications))
    return dict(zip(_NAMES, table, strict=True))


@cache
def _codes(column: Column) -> dict[object, float]:
    return {category: float(code) for code, category in enumerate(column.categories)}


_NAMES = tuple(column.name for column in ENCODED_COLUMNS)
_COLUMNS: tuple[tuple[str, dict[object, float] | None, frozenset[object]], ...] = tuple(
    (column.name, _codes(column) if column.is_category else None, frozenset((None, *column.missing_codes)))
    for column in ENCODED_COLUMNS
)
