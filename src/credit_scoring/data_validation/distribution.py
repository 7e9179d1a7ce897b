"""How the values of a column are spread: histograms that can be compared, and fences beyond which a value is far off.

Numbers are looked at on the scale asinh(x / typical size): even around zero and logarithmic far from it, so that
amounts with a heavy tail and offsets in days can be drawn and fenced by one rule.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from credit_scoring.data_contracts import Column, Table
from credit_scoring.data_validation.row_rules import Fences

BINS = 24
SHOWN_CATEGORIES = 12
OTHER_CATEGORIES = "all others"
NULL_MAP_ROWS = 100
FENCE_DISTANCE = 3.0
"""In interquartile ranges beyond the quartiles; Tukey's "far out" (Exploratory Data Analysis, 1977)."""

ENOUGH_NUMBERS = 1_000
"""Quartiles of fewer values fence too arbitrarily."""

Numbers = NDArray[np.float64]


class Distribution(BaseModel):
    """Shares of the values of one column, without nulls and missing codes.

    Attributes:
        edges: borders of the bins of a number, one more than shares; values beyond count in the outermost bins.
        words: what a share stands for in a category; the last may be "all others".
        shares: from 0 to 1; empty when there are no values.
        quartiles: minimum, quartiles and maximum of a number.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    edges: tuple[float, ...] = ()
    words: tuple[str, ...] = ()
    shares: tuple[float, ...] = ()
    quartiles: tuple[float, ...] = ()


def number_values(frame: pl.DataFrame, column: Column) -> Numbers:
    """Finite values of a column that are neither null nor a missing code."""
    values = frame[column.name].drop_nulls()
    if column.missing_codes:
        values = values.filter(~values.is_in(list(column.missing_codes)))
    numbers: Numbers = values.cast(pl.Float64).to_numpy()
    return numbers[np.isfinite(numbers)]


def number_distribution(numbers: Numbers, edges: Sequence[float] = ()) -> Distribution:
    """Histogram and quartiles.

    Args:
        edges: bins to use, so that two versions can be compared; by default the data decides.
    """
    if not len(numbers):
        return Distribution(edges=tuple(edges))
    edges = tuple(edges) or bin_edges(numbers)
    counts, _ = np.histogram(np.clip(numbers, edges[0], edges[-1]), bins=np.asarray(edges))
    quartiles = np.quantile(numbers, (0, 0.25, 0.5, 0.75, 1))
    return Distribution(
        edges=edges,
        shares=tuple(round(float(count) / len(numbers), 6) for count in counts),
        quartiles=tuple(float(f"{value:.7g}") for value in quartiles),
    )


def bin_edges(numbers: Numbers) -> tuple[float, ...]:
    """One bin per value where there are few values; otherwise even steps on the asinh scale.

    The outermost 0.5 % at each end get no bins of their own.
    """
    different = np.unique(numbers)
    if len(different) <= BINS:
        between = (different[1:] + different[:-1]) / 2
        first, last = (between[0], between[-1]) if len(between) else (different[0] - 0.5, different[0] + 0.5)
        return _edges(np.array([2 * different[0] - first, *between, 2 * different[-1] - last]))
    typical = _typical_size(numbers)
    low, high = np.quantile(numbers, (0.005, 0.995))
    if low == high:
        low, high = different[0], different[-1]
    return _edges(
        np.sinh(np.linspace(np.arcsinh(low / typical), np.arcsinh(high / typical), BINS + 1)) * typical
    )


def _edges(borders: Numbers) -> tuple[float, ...]:
    """Borders without repetitions; values that lie next to each other among the floats leave none between them."""
    edges = np.unique(borders)
    return tuple(map(float, edges if len(edges) > 1 else (edges[0] - 0.5, edges[0] + 0.5)))


def category_distribution(words: pl.Series, order: Sequence[str] = ()) -> Distribution:
    """Shares of the most frequent words, and of all others together.

    Args:
        order: words to show, so that two versions can be compared; by default the most frequent ones.
    """
    counts = words.value_counts(sort=True, name="rows")
    total = max(1, counts["rows"].sum())
    rows_of = dict(counts.rows())
    shown = [word for word in order if word != OTHER_CATEGORIES] or list(rows_of)[:SHOWN_CATEGORIES]
    shares = [rows_of.get(word, 0) / total for word in shown]
    if OTHER_CATEGORIES in order or len(set(rows_of) - set(shown)) > 0:
        shown.append(OTHER_CATEGORIES)
        shares.append(1 - sum(shares))
    return Distribution(words=tuple(shown), shares=tuple(round(share, 6) for share in shares))


def category_values(frame: pl.DataFrame, column: Column) -> pl.Series:
    """Values of a category that are neither null nor a missing code."""
    values = frame[column.name].drop_nulls()
    return values.filter(~values.is_in(list(column.missing_codes))) if column.missing_codes else values


def fences_of(frame: pl.DataFrame, table: Table) -> dict[str, Fences]:
    """Fences of every number that is measured in something and spreads."""
    found = {
        column.name: _fences(number_values(frame, column))
        for column in table.columns
        if column.unit and not column.is_category
    }
    return {name: fences for name, fences in found.items() if fences is not None}


def _fences(numbers: Numbers) -> Fences | None:
    if len(numbers) < ENOUGH_NUMBERS:
        return None
    typical = _typical_size(numbers)
    scaled = np.arcsinh(numbers / typical)
    low, middle, high = np.quantile(scaled, (0.25, 0.5, 0.75))
    if low == middle or middle == high:
        # One value, mostly zero, takes up a quarter of the rows: the others have to say what is usual.
        scaled = scaled[scaled != middle]
        if not len(scaled):
            return None
        low, high = np.quantile(scaled, (0.25, 0.75))
    if low == high:
        return None
    distance = FENCE_DISTANCE * (high - low)
    # Beyond asinh(x) = 50 lies 1e21 times the typical size; nothing is gained by going further.
    lowest, highest = np.clip((low - distance, high + distance), -50, 50)
    return Fences(float(np.sinh(lowest) * typical), float(np.sinh(highest) * typical))


def _typical_size(numbers: Numbers) -> float:
    sizes = np.abs(numbers[numbers != 0])
    return float(np.median(sizes)) if len(sizes) else 1.0


def null_map(frame: pl.DataFrame, column: str) -> str:
    """Some rows from top to bottom of the frame, the same for every column: 1 where the value is null."""
    step = max(1, frame.height // NULL_MAP_ROWS)
    nulls = frame[column].gather_every(step).head(NULL_MAP_ROWS).is_null()
    return "".join("1" if null else "0" for null in nulls)
