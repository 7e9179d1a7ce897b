"""Out-of-fold margins: each client is scored by a model that never saw it."""

import numpy as np

from credit_scoring.core.progress import progress
from credit_scoring.train.candidates import lightgbm


def out_of_fold_margins(
    features: np.ndarray, default: np.ndarray, folds: np.ndarray, feature_names: tuple[str, ...]
) -> np.ndarray:
    """Log-odds (n,) of float32 features (n, features), each from the model of the other folds.

    Args:
        default: (n,) 1 for a default, 0 otherwise.
        folds: (n,) fold of each client.
    """
    margins = np.empty(len(default))
    for fold in progress(np.unique(folds).tolist(), "Training folds"):
        held_out = folds == fold
        model = lightgbm.fit(features[~held_out], default[~held_out], feature_names)
        margins[held_out] = model.margin(features[held_out])
    return margins
