"""Exact contributions of features to the margin, as the model's family computes them itself."""

import numpy as np

from credit_scoring.scoring.scorer import Scorer


def contributions(scorer: Scorer, features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What each feature adds to the log-odds before calibration.

    Args:
        features: float32 (n, features).

    Returns:
        Contributions (n, features) and the base value (n,); each row and its base sum to the margin.

    Raises:
        UnexplainableModelError: the model's family has no exact contributions.
    """
    raw = scorer.model.contributions(features)
    return raw[:, :-1], raw[:, -1]
