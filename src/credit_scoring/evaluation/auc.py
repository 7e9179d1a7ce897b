"""Area under the ROC curve, the one definition that every component uses."""

import numpy as np


def auc(score: np.ndarray, default: np.ndarray) -> float:
    """Share of pairs of a default and a good client that the score ranks correctly; ties count half.

    Args:
        score: (n,) the higher, the riskier; without NaN.
        default: (n,) 1 for a default, anything else for a good client.

    Returns:
        From 0 to 1; NaN unless both outcomes occur.
    """
    values, index = np.unique(score, return_inverse=True)
    is_bad = default == 1
    bad, good = (np.bincount(index[members], minlength=len(values)) for members in (is_bad, ~is_bad))
    return auc_of_counts(bad, good)


def auc_of_counts(bad: np.ndarray, good: np.ndarray) -> float:
    """The same from the (expected) number of defaults and of good clients at each score, (k,) by rising score."""
    pairs = bad.sum() * good.sum()
    return float(bad @ (np.cumsum(good) - 0.5 * good) / pairs) if pairs else float("nan")
