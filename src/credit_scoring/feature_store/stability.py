"""Population stability index: how far a distribution has moved."""

import numpy as np

_SMALLEST_SHARE = 1e-4


def population_stability_index(reference: np.ndarray, current: np.ndarray, bins: int = 10) -> float:
    """Sum over bins of (current share - reference share) * log(current share / reference share).

    Bins are the reference's quantiles; a value that many share and missing values are bins of their own. Below 0.1 is
    stable, above 0.25 has moved (N. Siddiqi, "Credit Risk Scorecards", 2006).

    Args:
        reference, current: (n,) and (m,) floating-point values of one type, NaN where missing; neither may be empty.
    """
    known = reference[~np.isnan(reference)]
    edges = _edges(known, bins) if len(known) else known
    expected = _shares(reference, edges)
    observed = _shares(current, edges)
    return float(np.sum((observed - expected) * np.log(observed / expected)))


def _edges(known: np.ndarray, bins: int) -> np.ndarray:
    """Lower edges of all bins but the first."""
    quantiles, times = np.unique(
        np.quantile(known, np.linspace(0, 1, bins + 1)[1:-1], method="lower"), return_counts=True
    )
    # Without an edge right above it, a flag that few have would share a bin with those who have it not.
    right_above = np.nextafter(quantiles[times > 1], np.inf, dtype=known.dtype)
    return np.union1d(quantiles, right_above)


def _shares(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    missing = np.isnan(values)
    counts = np.bincount(np.searchsorted(edges, values[~missing], side="right"), minlength=len(edges) + 1)
    shares = np.append(counts, missing.sum()) / len(values)
    return np.maximum(shares, _SMALLEST_SHARE)
