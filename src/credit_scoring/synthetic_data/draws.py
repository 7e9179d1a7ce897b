"""Columns as expressions: a table is declared as names with Polars expressions, and ``Source.compute`` draws it.

An expression may use earlier columns of its table, random numbers (``uniform``, ``normal``), columns of the client who
owns the row (``of_client``), and values of the published distributions (``draw``, ``published``). Random numbers have
names, and each name has its own stream: a new column does not change the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl
from scipy.special import ndtr

from credit_scoring.synthetic_data.chunks import Chunk
from credit_scoring.synthetic_data.profile import distributions, is_text

OWNER = "index of the client"
DAYS_PER_MONTH = 30.4375
_INPUTS = _UNIFORM, _NORMAL, _CLIENT = "uniform: ", "normal: ", "client: "
Columns = Mapping[str, pl.Expr]
# Columns whose values, joined by ``|``, name the group of a row.
Groups = Sequence[str | pl.Expr]


@dataclass(frozen=True)
class Source:
    """Random numbers and clients of a chunk.

    Attributes:
        clients: one row per client of the chunk.
    """

    chunk: Chunk
    clients: pl.DataFrame

    def compute(self, purpose: str, rows: pl.DataFrame, columns: Columns) -> pl.DataFrame:
        """The rows with more columns, each of which may use the ones before it.

        Args:
            purpose: name of the random numbers; different for each call of a chunk.
            rows: has the column ``OWNER`` if an expression uses ``of_client``.
        """
        names = [*rows.columns, *(name for name in columns if name not in rows.columns)]
        roots = {root for expression in columns.values() for root in expression.meta.root_names()}
        inputs = (self._input(purpose, root, rows) for root in sorted(roots) if root.startswith(_INPUTS))
        rows = rows.with_columns(*inputs)
        together: dict[str, pl.Expr] = {}
        for name, expression in columns.items():
            if not together.keys().isdisjoint(expression.meta.root_names()):
                rows, together = rows.with_columns(**together), {}
            together[name] = expression
        return rows.with_columns(**together).select(names)

    def expand(
        self, purpose: str, rows: pl.DataFrame, counts: str, step: str, columns: Columns
    ) -> pl.DataFrame:
        """Each row as often as its column ``counts`` says, in order, with more columns.

        Keeps keys, and the other columns that the new ones use; ``step`` counts the copies of a row from 0.
        """
        used = {OWNER, *(root for expression in columns.values() for root in expression.meta.root_names())}
        times = rows[counts].to_numpy()
        index = np.repeat(np.arange(rows.height), times)
        steps = pl.Series(step, np.arange(len(index)) - (np.cumsum(times) - times)[index])
        rows = rows.select(name for name in rows.columns if name in used or name.startswith("SK_ID_"))
        return self.compute(purpose, rows[index].with_columns(steps), columns)

    def _input(self, purpose: str, root: str, rows: pl.DataFrame) -> pl.Series:
        if root.startswith(_CLIENT):
            return self.clients[root.removeprefix(_CLIENT)].gather(rows[OWNER]).alias(root)
        random = self.chunk.random(f"{purpose} {root}")
        numbers = random.random if root.startswith(_UNIFORM) else random.standard_normal
        return pl.Series(root, numbers(rows.height))


def uniform(name: str) -> pl.Expr:
    """A random number in [0, 1) for each row."""
    return pl.col(f"{_UNIFORM}{name}")


def normal(name: str) -> pl.Expr:
    """A standard normal random number for each row."""
    return pl.col(f"{_NORMAL}{name}")


def exponential(name: str) -> pl.Expr:
    """An exponential random number with mean 1 for each row."""
    return -(1.0 - uniform(name)).log()


def of_client(name: str) -> pl.Expr:
    """A column of the client who owns the row."""
    return pl.col(f"{_CLIENT}{name}")


def correlated(values: pl.Expr, strength: float, name: str) -> pl.Expr:
    """Standard normal values with this correlation to other standard normal values."""
    return strength * values + float(np.sqrt(1.0 - strength**2)) * normal(name)


def evenly(values: pl.Expr, name: str) -> pl.Expr:
    """Ranks in (0, 1) in the order of the values, one in each of as many equal steps as there are rows.

    Published shares are met even by few rows. Add ``.over(group)`` for ranks within groups.
    """
    ranks: pl.Expr = (values.rank("ordinal") - 1 + uniform(f"{name}, within its step")) / pl.len()
    return ranks


def follows(habit: str, strength: float, name: str) -> pl.Expr:
    """Even ranks that are correlated with a habit of the client."""
    return evenly(correlated(of_client(habit), strength, name), name)


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
        return groups.replace_strict({label: known.of(label).chance() for label in groups.unique()})

    return pl.concat_str(given, separator="|").fill_null("").map_batches(chances, return_dtype=pl.Float64)


def interpolated(rank: pl.Expr, probabilities: Sequence[float], values: Sequence[float]) -> pl.Expr:
    """Quantile function through a few points."""
    return rank.map_batches(
        lambda ranks: pl.Series(np.interp(ranks.to_numpy(), probabilities, values)), return_dtype=pl.Float64
    )


def normal_rank(values: pl.Expr) -> pl.Expr:
    """Rank in (0, 1) of standard normal values."""
    return values.map_batches(lambda found: pl.Series(ndtr(found.to_numpy())), return_dtype=pl.Float64)


def stepped(amounts: pl.Expr, step: float) -> pl.Expr:
    """Amounts rounded to multiples of a step."""
    return ((amounts / step).round() * step).round(3)


def number_of_bin(values: pl.Expr, edges: Sequence[int]) -> pl.Expr:
    """Number of edges below each value."""
    return pl.sum_horizontal((values > edge).cast(pl.Int64) for edge in edges)


def month_of(days: pl.Expr) -> pl.Expr:
    """MONTHS_BALANCE of the month that a day before the application belongs to."""
    return (days / DAYS_PER_MONTH).ceil().cast(pl.Int64)


def shuffled(rows: pl.DataFrame, random: np.random.Generator) -> pl.DataFrame:
    """The rows in random order."""
    return rows[random.permutation(rows.height)]


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
