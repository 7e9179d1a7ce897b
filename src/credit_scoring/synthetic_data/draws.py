"""Values of the published distributions, and other expressions that several tables use."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import polars as pl

from credit_scoring.synthetic_data.noise import uniform
from credit_scoring.synthetic_data.profile import distributions, is_text
from credit_scoring.synthetic_data.source import Groups

DAYS_PER_MONTH = 30.4375


def published(table: str, column: str, rank: pl.Expr) -> pl.Expr:
    """Values of the published distribution of a column at ranks in (0, 1), without nulls."""

    def values(ranks: pl.Series) -> pl.Series:
        values = distributions(table, column).of("").at(ranks.to_numpy())
        return pl.Series(values.tolist() if is_text(table, column) else values, dtype=_type(table, column))

    return rank.map_batches(values, return_dtype=_type(table, column))


def draw(table: str, column: str, given: Groups = (), order: pl.Expr | None = None) -> pl.Expr:
    """Values from the distribution of a column in the group of each row; null for the published share.

    Args:
        given: the group, or all rows alike.
        order: rows with a higher order have higher values within their group; random by default.
    """
    group = pl.concat_str(given, separator="|").fill_null("") if given else pl.lit("")
    inputs = [uniform(column) if order is None else order, uniform(f"{column} is null"), group]
    return pl.map_batches(inputs, partial(_draw, table, column), return_dtype=_type(table, column))


def chance(table: str, column: str, given: Groups) -> pl.Expr:
    """Probability that a column of zeros and ones is 1 in the group of each row."""

    def chances(groups: pl.Series) -> pl.Series:
        known = distributions(table, column)
        chance_of = {label: known.of(label).chance() for label in groups.unique()}
        return pl.Series([chance_of[label] for label in groups], dtype=pl.Float64)

    return pl.concat_str(given, separator="|").fill_null("").map_batches(chances, return_dtype=pl.Float64)


def interpolated(rank: pl.Expr, probabilities: Sequence[float], values: Sequence[float]) -> pl.Expr:
    """Quantile function through a few points."""
    return rank.map_batches(
        lambda ranks: pl.Series(np.interp(ranks.to_numpy(), probabilities, values)), return_dtype=pl.Float64
    )


def case(*cases: tuple[pl.Expr, Any], otherwise: Any = None) -> pl.Expr:
    """The value of the first case whose condition holds; other than in Polars, a string is text and not a column."""
    value = pl.lit(otherwise) if isinstance(otherwise, str) else otherwise
    for condition, found in reversed(cases):
        value = pl.when(condition).then(pl.lit(found) if isinstance(found, str) else found).otherwise(value)
    return value


def named(*names: str) -> list[pl.Expr]:
    """Columns, to be used in several expressions."""
    return [pl.col(name) for name in names]


def stepped(amounts: pl.Expr, step: float) -> pl.Expr:
    """Amounts rounded to multiples of a step."""
    return ((amounts / step).round() * step).round(3)


def bin_number(values: pl.Expr, edges: Sequence[float]) -> pl.Expr:
    """Number of edges below each value."""
    return pl.sum_horizontal((values > edge).cast(pl.Int64) for edge in edges)


def month_of(days: pl.Expr) -> pl.Expr:
    """MONTHS_BALANCE of the month that a day before the application belongs to."""
    return (days / DAYS_PER_MONTH).ceil().cast(pl.Int64)


def _type(table: str, column: str) -> type[pl.DataType]:
    return pl.String if is_text(table, column) else pl.Float64


def _draw(table: str, column: str, inputs: Sequence[pl.Series]) -> pl.Series:
    order, null, groups = inputs
    groups = groups.gather(np.zeros(len(order), dtype=np.int64)) if len(groups) == 1 else groups
    labels = groups.unique().sort()
    codes = groups.cast(pl.Enum(labels)).to_physical().to_numpy()
    values = distributions(table, column).draw(labels.to_list(), codes, order.to_numpy(), null.to_numpy())
    if is_text(table, column):
        return pl.Series(values.tolist(), dtype=pl.String)
    return pl.Series(values, dtype=pl.Float64, nan_to_null=True)
