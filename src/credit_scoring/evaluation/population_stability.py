"""Population stability index: the distance of a distribution from a reference."""

from dataclasses import dataclass

import numpy as np

_SMALLEST_SHARE = 1e-4

STABLE_UP_TO = 0.1
MOVED_ABOVE = 0.25


_DRAWS = 2_000
_QUANTILE = 0.999
"""One index of a thousand exceeds the limit by chance: there are hundreds of features."""


@dataclass(frozen=True)
class Histogram:
    """A distribution, small enough to be stored with a model.

    Attributes:
        edges: (bins - 1,) lower edges of all bins but the first.
        shares: (bins + 1,) share of the values in each bin, then that of the missing ones.
    """

    edges: np.ndarray
    shares: np.ndarray

    def stability_index(self, current: np.ndarray) -> float:
        """Stability index of values (m,) against this distribution; at least one value, of its type."""
        return index_of_shares(self.shares, self.shares_of(current))

    def shares_of(self, current: np.ndarray) -> np.ndarray:
        """Share (bins + 1,) of values (m,) in each bin, then that of the missing ones; at least one value."""
        return _shares(current, self.edges)


def histogram(values: np.ndarray, bins: int = 10) -> Histogram:
    """The distribution of at least one value (n,), NaN where missing.

    Bins are quantiles; a frequent value and missing values have bins of their own.
    """
    known = values[~np.isnan(values)]
    edges = _edges(known, bins) if len(known) else known
    return Histogram(edges, _shares(values, edges))


def population_stability_index(reference: np.ndarray, current: np.ndarray, bins: int = 10) -> float:
    """Sum over bins of (current share - reference share) * log(current share / reference share).

    Up to ``STABLE_UP_TO`` is stable, above ``MOVED_ABOVE`` has moved (N. Siddiqi, "Credit Risk Scorecards", 2006).
    Values (n,) and (m,) are floating-point numbers of one type, NaN where missing; neither array may be empty.
    """
    return histogram(reference, bins).stability_index(current)


def stability_by_chance(reference_count: int, current_count: int, bins: int = 10) -> float:
    """The index that two samples of one distribution exceed with a probability of 0.001, drawn with a fixed seed.

    A limit that is fixed calls the noise of few rows a change (B. Yurdakul, "Statistical Properties of Population
    Stability Index", 2018).
    """
    random = np.random.default_rng(0)
    shares = np.full(bins, 1 / bins)
    reference, current = (
        random.multinomial(count, shares, _DRAWS) / count for count in (reference_count, current_count)
    )
    return float(np.quantile(_index(reference, current), _QUANTILE))


def index_of_shares(reference: np.ndarray, current: np.ndarray) -> float:
    """The index of shares (bins,) of the same bins."""
    return float(_index(reference, current))


def expected_index(reference: np.ndarray, reference_count: int, current_count: int) -> float:
    """The index to expect of two samples of one distribution, whose shares are (bins,).

    The index of k bins that are not empty is close to (1/n + 1/m) times a chi-square variable with k - 1 degrees of
    freedom (B. Yurdakul, "Statistical Properties of Population Stability Index", 2018).
    """
    bins = int(np.count_nonzero(reference))
    return (bins - 1) * (1 / reference_count + 1 / current_count)


def index_by_bin(reference: np.ndarray, current: np.ndarray) -> np.ndarray:
    """What each bin of shares (..., bins) adds to the index."""
    expected, observed = np.maximum(reference, _SMALLEST_SHARE), np.maximum(current, _SMALLEST_SHARE)
    return np.asarray((observed - expected) * np.log(observed / expected))


def _index(reference: np.ndarray, current: np.ndarray) -> np.ndarray:
    """The index of shares (..., bins)."""
    return np.asarray(np.sum(index_by_bin(reference, current), axis=-1))


def _edges(known: np.ndarray, bins: int) -> np.ndarray:
    quantiles, times = np.unique(
        np.quantile(known, np.linspace(0, 1, bins + 1)[1:-1], method="lower"), return_counts=True
    )
    # Without an edge right above it, a rare flag would share a bin with its absence.
    right_above = np.nextafter(quantiles[times > 1], np.inf, dtype=known.dtype)
    return np.union1d(quantiles, right_above)


def _shares(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    missing = np.isnan(values)
    counts = np.bincount(np.searchsorted(edges, values[~missing], side="right"), minlength=len(edges) + 1)
    return np.asarray(np.append(counts, missing.sum()) / len(values))
