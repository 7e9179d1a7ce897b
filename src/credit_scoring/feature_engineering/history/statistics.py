"""How the rows of a client become one number: the third part that history features are composed of."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Statistic:
    """How the rows of a client become one number.

    Attributes:
        phrase: start of the meaning, in front of the measure.
        keeps_range: whether the result is between the smallest and largest possible value of a row.
        keeps_direction: whether the result rises with risk if the measure does.
        of_nothing: value when no row counts; None means missing.
    """

    name: str
    phrase: str
    aggregate: Callable[[pl.Expr], pl.Expr]
    keeps_range: bool = True
    keeps_direction: bool = True
    of_nothing: float | None = None


MEAN = Statistic("mean", "Average", lambda value: value.mean())
# A column without nulls is reduced twice as fast; what stays infinite is stored as missing.
LOWEST = Statistic(
    "min", "Lowest", lambda value: value.cast(pl.Float64).fill_null(math.inf).min(), keeps_direction=False
)
HIGHEST = Statistic("max", "Highest", lambda value: value.cast(pl.Float64).fill_null(-math.inf).max())
TOTAL = Statistic("sum", "Total", lambda value: value.fill_null(0).sum(), keeps_range=False, of_nothing=0)
SPREAD = Statistic(
    "std", "Standard deviation of the", lambda value: value.std(), keeps_range=False, keeps_direction=False
)
LATEST = Statistic("latest", "Most recent known", lambda value: value.drop_nulls().last())
