"""Fit what linear models and networks need before they can read features, on the training rows of a fold alone."""

import numpy as np

from credit_scoring.feature_engineering.catalogue import FEATURES
from credit_scoring.feature_engineering.definition import CATEGORY_INDEX
from credit_scoring.scoring.models.preparation import Preparation

_CATEGORIES = frozenset(feature.name for feature in FEATURES if feature.unit == CATEGORY_INDEX)
_LEAST_INDICATED_SHARE = 0.02
"""A gap rarer than this, or a value rarer than this, says too little for a column of its own."""
_LEAST_CODE_SHARE = 0.005
_ROWS_FOR_QUARTILES = 20_000


def fit_preparation(features: np.ndarray, names: tuple[str, ...]) -> Preparation:
    """Centres, scales, gaps worth indicating and codes, of float32 training features (n, features).

    The scale of asinh is half the distance between the quartiles, as in data validation; features with one value
    only are left out.
    """
    is_category = np.array([name in _CATEGORIES for name in names])
    sample = features[:: max(1, len(features) // _ROWS_FOR_QUARTILES)]
    low, centre, high = _quantiles(sample)
    scale = (high - low) / 2
    # Mostly one value: the quartiles say nothing, so the size of the other values decides.
    for place in np.flatnonzero(scale == 0):
        others = np.abs(
            features[:, place][~np.isnan(features[:, place]) & (features[:, place] != centre[place])]
        )
        scale[place] = np.median(others) if len(others) else 0.0
    usable = ~is_category & np.isfinite(centre) & np.isfinite(scale) & (scale > 0)
    numbers = np.flatnonzero(usable)
    kept = {
        "centre": centre[numbers].astype(np.float32),
        "scale": scale[numbers].astype(np.float32),
    }
    mean, spread = _moments(features, numbers, kept["centre"], kept["scale"])
    varies = np.isfinite(spread) & (spread > 0)
    categories, codes = _codes(features, np.flatnonzero(is_category))
    return Preparation(
        numbers=numbers[varies],
        centre=kept["centre"][varies],
        scale=kept["scale"][varies],
        mean=mean[varies],
        spread=spread[varies],
        indicated=_gaps(features),
        categories=categories,
        codes=codes,
    )


def _quantiles(sample: np.ndarray) -> np.ndarray:
    """First quartile, median and third quartile of each column; NaN for a column without any value."""
    ordered = np.sort(sample, axis=0)
    known = (~np.isnan(sample)).sum(axis=0)
    places = [
        np.clip((known * share).astype(np.int64), 0, np.maximum(known - 1, 0)) for share in (0.25, 0.5, 0.75)
    ]
    return np.array([np.take_along_axis(ordered, place[np.newaxis], axis=0)[0] for place in places])


def _moments(
    features: np.ndarray, numbers: np.ndarray, centre: np.ndarray, scale: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of each transformed column over its known values, as float32."""
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


def _gaps(features: np.ndarray) -> np.ndarray:
    """Places of the features whose absence gets a column; of those that are absent together only the first."""
    absent = np.isnan(features)
    share = absent.mean(axis=0)
    often = np.flatnonzero((share >= _LEAST_INDICATED_SHARE) & (share <= 1 - _LEAST_INDICATED_SHARE))
    first = {np.packbits(absent[:, place]).tobytes(): place for place in often[::-1]}
    return np.array(sorted(first.values()), dtype=np.int64)


def _codes(features: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Place and code of each category that is frequent enough for a column."""
    found: list[tuple[int, float]] = []
    for place in places:
        codes, counts = np.unique(features[:, place], return_counts=True)
        frequent = (counts >= _LEAST_CODE_SHARE * len(features)) & ~np.isnan(codes)
        found += [(int(place), float(code)) for code in codes[frequent]]
    return (
        np.array([place for place, _ in found], dtype=np.int64),
        np.array([code for _, code in found], dtype=np.float32),
    )
