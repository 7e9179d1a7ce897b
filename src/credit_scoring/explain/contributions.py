"""Exact contributions of features to the margin (SHAP values of trees), as the booster computes them itself."""

import numpy as np

from credit_scoring.scoring.scorer import Scorer


def contributions(scorer: Scorer, features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What each feature adds to the log-odds before calibration.

    Args:
        features: float32 (n, features).

    Returns:
        Contributions (n, features) and the base value (n,); each row and its base sum to the margin.
    """
    threads = 1 if len(features) == 1 else 0
    raw: np.ndarray = scorer.booster.predict(features, pred_contrib=True, num_threads=threads)
    return raw[:, :-1], raw[:, -1]
