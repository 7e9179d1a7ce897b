"""Population stability index: how far a distribution has moved."""

import numpy as np

_SMALLEST_SHARE = 1e-4


def population_stability_index(reference: np.ndarray, current: np.ndarray, bins: int = 10) -> float:
    """Sum over bins of (current share - reference share) * log(current share / reference share).

    Bins are the reference's quantiles; missing values are a bin of their own. Below 0.1 is stable, above 0.25 has
    moved (N. Siddiqi, "Credit Risk Scorecards", 2006).

    Args:
        reference, current: (n,) and (m,) values, NaN where missing.
    """
    known = reference[~np.isnan(reference)]
    edges = np.unique(np.quantile(known, np.linspace(0, 1, bins + 1)[1:-1])) if len(known) else np.array([])
    expected = _shares(reference, edges)
    observed = _shares(current, edges)
    return float(np.sum((observed - expected) * np.log(observed / expected)))


def _shares(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    missing = np.isnan(values)
    counts = np.bincount(np.searchsorted(edges, values[~missing], side="right"), minlength=len(edges) + 1)
    shares = np.append(counts, missing.sum()) / len(values)
    return np.maximum(shares, _SMALLEST_SHARE)
