"""Nulls and distribution of each column, comparable with the previous version, and fences for outliers.

Numbers are binned and fenced on the scale asinh(x / typical size), which is linear around zero and logarithmic far
from it. One rule then fits amounts with a heavy tail as well as offsets in days.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from credit_scoring.data_contracts import Column, Table
from credit_scoring.data_validation.report import ColumnReport, Distribution, TableReport
from credit_scoring.data_validation.row_rules import Fences, NoFences
from credit_scoring.data_validation.table_checks import MIN_ROWS, too_few

SAMPLED_ROWS = 100_000
BINS = 24
SHOWN_CATEGORIES = 12
OTHER_CATEGORIES = "all others"
NULL_MAP_ROWS = 100
FENCE_DISTANCE = 3.0
"""In interquartile ranges beyond the quartiles; Tukey's "far out" (Exploratory Data Analysis, 1977)."""

Numbers = NDArray[np.float64]


def sample_of(frame: pl.DataFrame) -> pl.DataFrame:
    """At most `SAMPLED_ROWS` rows, evenly spread over the frame."""
    return frame.gather_every(-(-frame.height // SAMPLED_ROWS)) if frame.height else frame


def column_reports(
    table: Table, sample: pl.DataFrame, rows: int, nulls: Mapping[str, int], previous: TableReport | None
) -> tuple[ColumnReport, ...]:
    """One report per declared column.

    Args:
        rows, nulls: of the whole table.
        previous: the same table in the previous version; its bins are reused.
    """
    return tuple(
        _column_report(
            column,
            sample,
            nulls[column.name] / max(rows, 1),
            previous.column(column.name) if previous is not None else None,
        )
        for column in table.columns
    )


def _column_report(
    column: Column, sample: pl.DataFrame, null_share: float, before: ColumnReport | None
) -> ColumnReport:
    previous = before.distribution if before is not None else Distribution()
    distribution = Distribution()  # an identifier has none
    if column.is_category:
        distribution = category_distribution(known_values(sample, column), previous.categories)
    elif column.unit:
        distribution = number_distribution(number_values(sample, column), previous.edges)
    return ColumnReport(
        name=column.name,
        null_share=round(null_share, 6),
        previous_null_share=before.null_share if before is not None else None,
        null_map=null_map(sample, column.name),
        distribution=distribution,
        previous=before.distribution if before is not None else None,
    )


def known_values(frame: pl.DataFrame, column: Column) -> pl.Series:
    """Values of a column that are neither null nor a missing code."""
    values = frame[column.name].drop_nulls()
    return values.filter(~values.is_in(list(column.missing_codes))) if column.missing_codes else values


def number_values(frame: pl.DataFrame, column: Column) -> Numbers:
    """Finite values of a column that are neither null nor a missing code."""
    numbers: Numbers = known_values(frame, column).cast(pl.Float64).to_numpy()
    return numbers[np.isfinite(numbers)]


def number_distribution(numbers: Numbers, edges: Sequence[float] = ()) -> Distribution:
    """Histogram and quartiles.

    Args:
        edges: bin edges of another version, for comparison; derived from the data by default.
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
    """One bin per value if there are few values, otherwise equal steps on the asinh scale.

    The outermost 0.5 % at each end share the outermost bins.
    """
    distinct = np.unique(numbers)
    if len(distinct) <= BINS:
        between = (distinct[1:] + distinct[:-1]) / 2
        first, last = (between[0], between[-1]) if len(between) else (distinct[0] - 0.5, distinct[0] + 0.5)
        return _edges(np.array([2 * distinct[0] - first, *between, 2 * distinct[-1] - last]))
    typical = _typical_size(numbers)
    low, high = np.quantile(numbers, (0.005, 0.995))
    if low == high:
        low, high = distinct[0], distinct[-1]
    return _edges(np.sinh(np.linspace(np.arcsinh(low / typical), np.arcsinh(high / typical), BINS + 1)) * typical)


def _edges(values: Numbers) -> tuple[float, ...]:
    """Distinct edges; between adjacent floats there is no further edge."""
    edges = np.unique(values)
    return tuple(map(float, edges if len(edges) > 1 else (edges[0] - 0.5, edges[0] + 0.5)))


def category_distribution(values: pl.Series, order: Sequence[str] = ()) -> Distribution:
    """Shares of the most frequent categories, and of all others together.

    Args:
        order: categories of another version, for comparison; by default the most frequent ones.
    """
    counts = values.value_counts(sort=True, name="rows")
    total = max(1, counts["rows"].sum())
    rows_of = dict(counts.rows())
    shown = [category for category in order if category != OTHER_CATEGORIES] or list(rows_of)[:SHOWN_CATEGORIES]
    shares = [rows_of.get(category, 0) / total for category in shown]
    if OTHER_CATEGORIES in order or len(set(rows_of) - set(shown)) > 0:
        shown.append(OTHER_CATEGORIES)
        shares.append(1 - sum(shares))
    return Distribution(categories=tuple(shown), shares=tuple(round(share, 6) for share in shares))


def fences_of(frame: pl.DataFrame, table: Table) -> dict[str, Fences | NoFences]:
    """Fences of every number with a unit, or why there are none."""
    return {
        column.name: _fences(number_values(frame, column))
        for column in table.columns
        if column.unit and not column.is_category
    }


def _fences(numbers: Numbers) -> Fences | NoFences:
    if len(numbers) < MIN_ROWS:
        # Quartiles of fewer values are too uncertain.
        return NoFences("too few rows", too_few(len(numbers), "sampled rows with a value"))
    nearly_constant = NoFences("too few different values", "the quartiles are equal")
    typical = _typical_size(numbers)
    scaled = np.arcsinh(numbers / typical)
    low, middle, high = np.quantile(scaled, (0.25, 0.5, 0.75))
    if low == middle or middle == high:
        # One value, usually zero, fills a quarter of the rows; use the quartiles of the others.
        scaled = scaled[scaled != middle]
        if not len(scaled):
            return nearly_constant
        low, high = np.quantile(scaled, (0.25, 0.75))
    if low == high:
        return nearly_constant
    distance = FENCE_DISTANCE * (high - low)
    # asinh(x) = 50 is 1e21 times the typical size; a wider fence would overflow without any use.
    lowest, highest = np.clip((low - distance, high + distance), -50, 50)
    return Fences(float(np.sinh(lowest) * typical), float(np.sinh(highest) * typical))


def _typical_size(numbers: Numbers) -> float:
    sizes = np.abs(numbers[numbers != 0])
    return float(np.median(sizes)) if len(sizes) else 1.0


def null_map(frame: pl.DataFrame, column: str) -> str:
    """Evenly spaced rows of the frame, the same for every column: 1 where the value is null."""
    step = max(1, frame.height // NULL_MAP_ROWS)
    nulls = frame[column].gather_every(step).head(NULL_MAP_ROWS).is_null()
    return "".join("1" if null else "0" for null in nulls)
