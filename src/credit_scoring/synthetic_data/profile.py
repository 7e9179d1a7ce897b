"""The published profile of the tables, ``calibration.json``: the distributions of single columns, and of kinds.

Numbers are described by their quantiles, lists of values by their shares.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PROBABILITIES: tuple[float, ...] = (0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0)
_TAIL: tuple[float, ...] = (0.995, 0.999, 0.9995, 0.9999, 0.99995, 0.99999)


@dataclass(frozen=True)
class Numbers:
    """A numeric column: nulls, an atom at zero, and quantiles of the other values."""

    null_share: float
    zero_share: float
    probabilities: Floats
    values: Floats

    def at(self, rank: Floats) -> Floats:
        """Quantile function at ranks in (0, 1); the atom at zero is where the sorted values cross zero."""
        if self.zero_share == 0.0:
            return np.interp(rank, self.probabilities, self.values)
        below = float(np.interp(0.0, self.values, self.probabilities)) * (1.0 - self.zero_share)
        above = below + self.zero_share
        others = np.where(rank < below, rank, np.maximum(rank - self.zero_share, below))
        values = np.interp(others / (1.0 - self.zero_share), self.probabilities, self.values)
        return np.where((rank >= below) & (rank < above), 0.0, values)

    def chance(self) -> float:
        """For a column of zeros and ones: the share of ones."""
        return 1.0 - self.zero_share


@dataclass(frozen=True)
class Choices:
    """A column with a short list of values (numbers or text) and the share of each, in a fixed order."""

    null_share: float
    values: NDArray[Any]
    shares: Floats

    def at(self, rank: Floats) -> NDArray[Any]:
        """Value at ranks in (0, 1)."""
        return np.asarray(self.values[index_at(rank, self.shares)])

    def chance(self) -> float:
        """For a column of zeros and ones: the share of ones."""
        return float(self.shares[self.values == 1.0].sum())


Distribution = Numbers | Choices


@dataclass(frozen=True)
class Distributions:
    """The distribution of a column in each group; the group ``""`` covers groups with too few rows."""

    groups: Mapping[str, Distribution]

    def of(self, group: str) -> Distribution:
        """The distribution in a group."""
        return self.groups[group if group in self.groups else ""]

    def draw(self, labels: Sequence[str], codes: NDArray[np.int64], order: Floats, null: Floats) -> NDArray[Any]:
        """A value for each row; NaN or None where it is null.

        Args:
            labels: name of each group.
            codes: (n,) index of the group of each row.
            order: (n,) rows with a higher order have higher values within their distribution.
            null: (n,) rows with the lowest values are null, as many as the share of nulls says.
        """
        found = [self.of(label) for label in labels]
        distinct = list({id(one): one for one in found}.values())
        of_label = np.array([next(i for i, one in enumerate(distinct) if one is other) for other in found])
        of_row = of_label[codes]
        text = any(isinstance(one, Choices) and one.values.dtype == np.object_ for one in distinct)
        drawn: NDArray[Any] = np.full(len(codes), None if text else np.nan, dtype=object if text else float)
        for index, distribution in enumerate(distinct):
            rows = np.flatnonzero(of_row == index)
            values = distribution.at(_even_ranks(order[rows]))
            if distribution.null_share > 0:
                values[_even_ranks(null[rows]) < distribution.null_share] = None if text else np.nan
            drawn[rows] = values
        return drawn


def index_at(rank: Floats, shares: Floats) -> NDArray[np.int64]:
    """Index of the value at ranks in (0, 1), for values with these shares."""
    return np.searchsorted(np.cumsum(shares)[:-1] / shares.sum(), rank, side="right")


def read_distribution(entry: Mapping[str, Any]) -> Distribution:
    """A distribution from its entry in the calibration file: ``q`` quantiles, or ``v``/``w`` values and shares."""
    if "v" in entry:
        values = entry["v"]
        kind = np.float64 if isinstance(values[0], int | float) else np.object_
        return Choices(entry.get("null", 0.0), np.array(values, dtype=kind), np.array(entry["w"], dtype=np.float64))
    probabilities, values = _with_heavy_tail(np.array(PROBABILITIES), np.array(entry["q"], dtype=np.float64))
    return Numbers(entry.get("null", 0.0), entry.get("zero", 0.0), probabilities, values)


def _with_heavy_tail(probabilities: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Bend the last percent into a Pareto tail where the maximum is far from the 99 % quantile.

    A straight line from there to a maximum of 117 million would raise the mean many times.
    """
    last, maximum = values[-2], values[-1]
    if last <= 0 or maximum - last <= 3 * (last - values[-4]):
        return probabilities, values
    tail = np.array(_TAIL)
    decades = np.log10((1 - tail) / 0.01) / np.log10(1e-6 / 0.01)
    bent = last * (maximum / last) ** decades
    return np.concatenate([probabilities[:-1], tail, [1.0]]), np.concatenate([values[:-1], bent, [maximum]])


def _even_ranks(order: Floats) -> Floats:
    """Ranks in (0, 1) with the same order, one in each of equal steps; late digits decide where in its step."""
    ranks = np.empty(len(order))
    ranks[np.argsort(order, kind="stable")] = np.arange(len(order))
    return (ranks + (order * 1e6) % 1.0) / max(len(order), 1)


@cache
def calibration() -> dict[str, Any]:
    """The content of ``calibration.json``."""
    text = (files("credit_scoring.synthetic_data") / "calibration.json").read_text()
    content: dict[str, Any] = json.loads(text)
    return content


@cache
def distributions(table: str, column: str) -> Distributions:
    """Distributions of a column, or of a ratio behind it: by group where the calibration knows groups.

    Categories of an application are sorted by default rate, the lowest first.
    """
    entries = calibration().get(table, {}).get("given", {}).get(column)
    if entries is None:
        entries = {"": calibration()["columns"][table]["columns"][column]}
    groups = {label: read_distribution(entry) for label, entry in entries.items()}
    rates = calibration()["target"]["rate_by_category"].get(column, {})
    for label, found in groups.items():
        if table.startswith("application_") and rates and isinstance(found, Choices):
            order = np.argsort([rates.get(value, -1.0) for value in found.values], kind="stable")
            groups[label] = Choices(found.null_share, found.values[order], found.shares[order])
    return Distributions(groups)


@cache
def is_text(table: str, column: str) -> bool:
    """Whether the values of a column are text."""
    facts = calibration()["columns"].get(table, {}).get("columns", {}).get(column, {})
    return "q" not in facts and any(isinstance(value, str) for value in facts.get("v", ()))


def column_names(table: str) -> list[str]:
    """Columns of a table in the order of the source."""
    return list(calibration()["columns"][table]["columns"])


def as_printed(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The columns of the source in their order, as the source prints them.

    NaN becomes null, whole numbers have no decimals, and no amount exceeds the largest published one.
    """
    facts = calibration()["columns"][table]["columns"]
    return rows.select(_printed(name, entry) for name, entry in facts.items())


def _printed(name: str, entry: dict[str, Any]) -> pl.Expr:
    column = pl.col(name)
    if "q" not in entry:
        return column.cast(pl.String)
    number = column.cast(pl.Float64).fill_nan(None)
    if entry.get("whole"):
        return number.cast(pl.Int64)
    # A share of an amount is drawn apart from the amount: their product can exceed anything ever published.
    # Adding zero turns -0.0 into 0.0.
    return number.clip(upper_bound=entry["q"][-1]) + 0.0


@cache
def kinds_of(table: str, status: str, from_good_to_bad: tuple[str, ...]) -> tuple[pl.DataFrame, dict[str, Floats]]:
    """Kinds of credits of a table, the riskier ones last.

    Args:
        status: the column that decides how risky a kind is.

    Returns:
        One row per kind with the values of its columns; and the share of each kind, of train and of test clients.
    """
    section = calibration()[table]["kinds"]
    labels = pl.DataFrame(section["labels"], schema=section["names"], orient="row")
    order = np.argsort([from_good_to_bad.index(label) for label in labels[status]], kind="stable")
    shares = {part: np.array(section["shares"][part])[order] for part in ("train", "test")}
    return labels[order], {part: found / found.sum() for part, found in shares.items()}
