"""The published profile of the tables, as the generator and its report read it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from credit_scoring.synthetic_data.marginals import (
    Choices,
    Floats,
    Marginal,
    Numbers,
    read_marginal,
    with_nulls,
)


@cache
def calibration() -> dict[str, Any]:
    """The content of ``calibration.json``."""
    text = (files("credit_scoring.synthetic_data") / "calibration.json").read_text()
    content: dict[str, Any] = json.loads(text)
    return content


@cache
def marginal(table: str, column: str) -> Marginal:
    """Published distribution of one column."""
    return read_marginal(calibration()["columns"][table]["columns"][column])


def published_rows(table: str) -> int:
    """Number of rows of the full published table."""
    return int(calibration()["columns"][table]["rows"])


def column_names(table: str) -> list[str]:
    """Columns of a table in the order of the source."""
    return list(calibration()["columns"][table]["columns"])


def as_printed(table: str, columns: Mapping[str, NDArray[Any]]) -> pl.DataFrame:
    """A frame with the columns of the source in their order, as the source would print them.

    NaN becomes null, whole numbers are printed as such, and no amount is larger than the largest published one.
    """
    facts = calibration()["columns"][table]["columns"]
    return pl.DataFrame([_series(name, columns[name], entry) for name, entry in facts.items()])


def _series(name: str, values: NDArray[Any], entry: dict[str, Any]) -> pl.Series:
    if "q" not in entry:
        return pl.Series(name, values.tolist(), dtype=pl.String)
    series = pl.Series(name, values, nan_to_null=True)
    if entry.get("whole"):
        return series.cast(pl.Int64)
    # A share of an amount is drawn apart from the amount: their product can lie far beyond anything ever seen.
    largest = entry["q"][-1]
    # Adding zero turns -0.0 into 0.0.
    return series.cast(pl.Float64).clip(upper_bound=largest) + 0.0


@cache
def ordered_by_risk(table: str, column: str) -> Choices:
    """Published categories of a column of an application, from the lowest to the highest default rate."""
    found = marginal(table, column)
    if not isinstance(found, Choices):
        raise TypeError(f"{table}.{column} is not a category")
    rates = calibration()["target"]["rate_by_category"][column]
    order = np.argsort([rates.get(label, -1.0) for label in found.values], kind="stable")
    return Choices(found.null_share, found.values[order], found.shares[order])


@dataclass(frozen=True)
class Given:
    """A column whose distribution depends on a group; the group ``""`` stands for groups with too few rows."""

    groups: dict[str, Marginal]

    def of(self, group: str) -> Marginal:
        """The distribution in this group."""
        return self.groups[group if group in self.groups else ""]

    def chance(self, group: str) -> float:
        """For a column of zeros and ones: the share of ones in this group."""
        found = self.of(group)
        return (
            1.0 - found.zero_share
            if isinstance(found, Numbers)
            else float(found.shares[found.values == 1.0].sum())
        )

    def draw(self, labels: list[str], codes: NDArray[np.int64], u: Floats, known: Floats) -> NDArray[Any]:
        """A value for each row; null (NaN or None) where ``known``, in (0, 1), lies below the group's null share.

        Args:
            labels: group label of each code.
            codes: group of each row.
            u: rank of each row within its group, in (0, 1).
        """
        first = next(iter(self.groups.values()))
        words = isinstance(first, Choices) and first.values.dtype == np.object_
        drawn: NDArray[Any] = np.full(len(codes), None if words else np.nan, dtype=object if words else float)
        marginals = [self.of(label) for label in labels]
        distinct = {id(found): found for found in marginals}
        for key, found in distinct.items():
            members = np.flatnonzero(np.array([id(other) == key for other in marginals])[codes])
            values = found.at(_even(u[members]))
            if found.null_share > 0:
                values = with_nulls(values, _even(known[members]) < found.null_share)
            drawn[members] = values
        return drawn


def _even(u: Floats) -> Floats:
    """The same order of values in (0, 1), spread evenly; the digits behind decide where in its step each lies."""
    ranks = np.empty(len(u))
    ranks[np.argsort(u, kind="stable")] = np.arange(len(u))
    return (ranks + (u * 1e6) % 1.0) / max(len(u), 1)


@cache
def given(table: str, column: str) -> Given:
    """Distribution of a column, or of a ratio behind it, in each group of credits."""
    groups = calibration()[table]["given"][column]
    return Given({label: read_marginal(entry) for label, entry in groups.items()})
