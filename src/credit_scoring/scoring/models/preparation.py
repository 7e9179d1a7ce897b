"""What a linear model or a network needs before it can read features: no gap, one scale, categories apart."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

import numpy as np

ROWS_AT_ONCE = 4096


@dataclass(frozen=True)
class Preparation:
    """From features to a design matrix without gaps; every column of it comes from one feature.

    A number becomes (asinh((x - centre) / scale) - mean) / spread, which is bounded by the logarithm of an outlier, and
    0 where it is missing. A feature whose absence says something gets a column that is 1 where it is missing. A
    category gets one column per code; a code never seen is 0 in all of them.

    Attributes:
        numbers: (k,) places of the numeric features; centre, scale, mean, spread: (k,) float32.
        indicated: (m,) places of the features whose absence is indicated.
        categories, codes: (c,) place of the feature and the code of each indicator column.
    """

    numbers: np.ndarray
    centre: np.ndarray
    scale: np.ndarray
    mean: np.ndarray
    spread: np.ndarray
    indicated: np.ndarray
    categories: np.ndarray
    codes: np.ndarray

    def design(self, features: np.ndarray) -> np.ndarray:
        """Design matrix (n, columns) as float32, of float32 features (n, features)."""
        # `take` lays the chosen columns out by rows and an index by columns; sums of a row depend on that.
        numbers = np.arcsinh((np.take(features, self.numbers, axis=1) - self.centre) / self.scale)
        numbers = np.nan_to_num((numbers - self.mean) / self.spread, nan=0.0)
        absent = np.isnan(np.take(features, self.indicated, axis=1))
        matches = np.take(features, self.categories, axis=1) == self.codes
        return np.ascontiguousarray(np.hstack([numbers, absent, matches], dtype=np.float32))

    @property
    def sources(self) -> np.ndarray:
        """Place of the feature that each column of the design comes from (columns,)."""
        return np.concatenate([self.numbers, self.indicated, self.categories])

    def arrays(self) -> dict[str, np.ndarray]:
        """What has to be kept in a file."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Preparation":
        """The preparation whose arrays were kept among others."""
        return cls(**{field.name: arrays[field.name] for field in fields(cls)})


def by_rows(features: np.ndarray, compute: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """A row-wise function over many rows, some thousands at a time, so that what it makes of them stays small."""
    if len(features) <= ROWS_AT_ONCE:
        return compute(features)
    starts = range(0, len(features), ROWS_AT_ONCE)
    return np.concatenate([compute(features[start : start + ROWS_AT_ONCE]) for start in starts])


def sum_by_source(terms: np.ndarray, sources: np.ndarray, feature_count: int) -> np.ndarray:
    """Terms (n, columns) of a sum, added up by the feature that each comes from: (n, features)."""
    summed = np.zeros((feature_count, len(terms)))
    np.add.at(summed, sources, terms.T)
    return summed.T
