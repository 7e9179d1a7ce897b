"""The design matrix of linear models and networks: no missing values, one scale, one column per category code."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from credit_scoring.scoring.model_family import TrainingRows

ARRAYS_FILE = "model.npz"

_SMALLEST_INDICATED_SHARE = 0.02
"""A gap, or a value, rarer than this carries too little information for a column of its own."""
_SMALLEST_CODE_SHARE = 0.005
_ROWS_FOR_QUARTILES = 20_000
_BLOCK_ROWS = 4096


@dataclass(frozen=True)
class Preparation:
    """From features to a design matrix without missing values; every column of it comes from one feature.

    A number becomes (asinh((x - centre) / scale) - mean) / spread, so that an outlier grows only logarithmically, and
    0 where it is missing. A feature whose absence is informative gets a column that is 1 where it is missing. A
    category gets one column per code; a code never seen is 0 in all of them.

    Attributes:
        numbers: (k,) indices of the numeric features; centre, scale, mean, spread: (k,) float32.
        indicated: (m,) indices of the features whose absence is indicated.
        categories, codes: (c,) index of the feature and code of each indicator column.
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
        # `take` returns rows in memory order and indexing columns; sums of a row depend on that.
        numbers = np.arcsinh((np.take(features, self.numbers, axis=1) - self.centre) / self.scale)
        numbers = np.nan_to_num((numbers - self.mean) / self.spread, nan=0.0)
        absent = np.isnan(np.take(features, self.indicated, axis=1))
        matches = np.take(features, self.categories, axis=1) == self.codes
        return np.ascontiguousarray(np.hstack([numbers, absent, matches], dtype=np.float32))

    def keeping(self, columns: np.ndarray) -> "Preparation":
        """The preparation of some columns of the design, given as a mask (columns,)."""
        gaps = len(self.numbers)
        numbers, indicated, codes = np.split(columns, [gaps, gaps + len(self.indicated)])
        return Preparation(
            numbers=self.numbers[numbers],
            centre=self.centre[numbers],
            scale=self.scale[numbers],
            mean=self.mean[numbers],
            spread=self.spread[numbers],
            indicated=self.indicated[indicated],
            categories=self.categories[codes],
            codes=self.codes[codes],
        )

    @property
    def sources(self) -> np.ndarray:
        """Index of the feature that each column of the design comes from, (columns,)."""
        return np.concatenate([self.numbers, self.indicated, self.categories])

    def save(self, folder: Path, **further: np.ndarray | float) -> None:
        """Write model.npz with these and further arrays; the same arrays give the same bytes."""
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        np.savez_compressed(folder / ARRAYS_FILE, allow_pickle=False, **own, **further)

    @classmethod
    def load(cls, folder: Path) -> tuple["Preparation", dict[str, np.ndarray]]:
        """Read model.npz: the preparation, and the further arrays by name.

        Raises:
            ValueError: the file holds something other than plain arrays.
        """
        with np.load(folder / ARRAYS_FILE, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        return cls(**{field.name: arrays.pop(field.name) for field in fields(cls)}), arrays


def by_rows(features: np.ndarray, compute: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """A row-wise function applied to blocks of rows, which bounds the memory of its intermediate results."""
    if len(features) <= _BLOCK_ROWS:
        return compute(features)
    starts = range(0, len(features), _BLOCK_ROWS)
    return np.concatenate([compute(features[start : start + _BLOCK_ROWS]) for start in starts])


def sum_by_source(terms: np.ndarray, sources: np.ndarray, feature_count: int) -> np.ndarray:
    """Terms (n, columns) of a sum, added up by the feature that each comes from: (n, features)."""
    summed = np.zeros((feature_count, len(terms)))
    np.add.at(summed, sources, terms.T)
    return summed.T


def fit_preparation(rows: TrainingRows) -> Preparation:
    """Centres, scales, indicated gaps and codes of training rows.

    The scale of asinh is half the distance between the quartiles, as in data validation; features with a single value
    are left out.
    """
    features, is_category = rows.features, np.array([name in rows.categories for name in rows.names])
    sample = features[:: max(1, len(features) // _ROWS_FOR_QUARTILES)]
    low, centre, high = _quartiles(sample)
    scale = (high - low) / 2
    # A single value dominates: the quartiles carry no scale, so the median size of the other values does.
    for index in np.flatnonzero(scale == 0):
        column = features[:, index]
        others = np.abs(column[~np.isnan(column) & (column != centre[index])])
        scale[index] = np.median(others) if len(others) else 0.0
    numbers = np.flatnonzero(~is_category & np.isfinite(centre) & np.isfinite(scale) & (scale > 0))
    centre, scale = centre[numbers].astype(np.float32), scale[numbers].astype(np.float32)
    mean, spread = _moments(features, numbers, centre, scale)
    varies = np.isfinite(spread) & (spread > 0)
    categories, codes = _codes(features, np.flatnonzero(is_category))
    return Preparation(
        numbers=numbers[varies],
        centre=centre[varies],
        scale=scale[varies],
        mean=mean[varies],
        spread=spread[varies],
        indicated=_indicated_gaps(features),
        categories=categories,
        codes=codes,
    )


def _quartiles(sample: np.ndarray) -> np.ndarray:
    """First quartile, median and third quartile (3, columns); NaN for a column without any value."""
    ordered = np.sort(sample, axis=0)
    known = (~np.isnan(sample)).sum(axis=0)
    ranks = [np.clip((known * share).astype(np.int64), 0, np.maximum(known - 1, 0)) for share in (0.25, 0.5, 0.75)]
    return np.array([np.take_along_axis(ordered, rank[np.newaxis], axis=0)[0] for rank in ranks])


def _moments(
    features: np.ndarray, numbers: np.ndarray, centre: np.ndarray, scale: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of each transformed column (k,) over its known values, as float32."""
    total, squares, known = (np.zeros(len(numbers)) for _ in range(3))
    for start in range(0, len(features), _ROWS_FOR_QUARTILES):
        part = np.arcsinh((features[start : start + _ROWS_FOR_QUARTILES][:, numbers] - centre) / scale)
        total += np.nansum(part, axis=0, dtype=np.float64)
        squares += np.nansum(np.square(part, dtype=np.float64), axis=0)
        known += (~np.isnan(part)).sum(axis=0)
    with np.errstate(all="ignore"):
        mean = total / known
        spread = np.sqrt(np.maximum(squares / known - mean**2, 0.0))
    return mean.astype(np.float32), spread.astype(np.float32)


def _indicated_gaps(features: np.ndarray) -> np.ndarray:
    """Indices of the features whose absence gets a column; of those that are absent together only the first."""
    absent = np.isnan(features)
    share = absent.mean(axis=0)
    varying = np.flatnonzero((share >= _SMALLEST_INDICATED_SHARE) & (share <= 1 - _SMALLEST_INDICATED_SHARE))
    first = {np.packbits(absent[:, index]).tobytes(): index for index in varying[::-1]}
    return np.array(sorted(first.values()), dtype=np.int64)


def _codes(features: np.ndarray, categories: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Feature index and code (c,) of each category code that is frequent enough for a column."""
    found: list[tuple[int, float]] = []
    for index in categories:
        codes, counts = np.unique(features[:, index], return_counts=True)
        frequent = (counts >= _SMALLEST_CODE_SHARE * len(features)) & ~np.isnan(codes)
        found += [(int(index), float(code)) for code in codes[frequent]]
    return (
        np.array([index for index, _ in found], dtype=np.int64),
        np.array([code for _, code in found], dtype=np.float32),
    )
