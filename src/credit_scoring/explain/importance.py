"""Which features matter over a portfolio."""

import numpy as np
import polars as pl

from credit_scoring.feature_engineering.catalogue import FEATURES
from credit_scoring.scoring.scorer import Scorer


def feature_importance(scorer: Scorer, shap_values: np.ndarray) -> pl.DataFrame:
    """Importance of every feature, the strongest first.

    Args:
        shap_values: contributions (n, features) on rows the model was not fitted on.

    Returns:
        Columns feature, meaning, mean_absolute_shap (log-odds), gain_share (what the model
        relies on by its family's own measure, for trees the share of the training loss reduction).
    """
    meanings = {feature.name: feature.meaning for feature in FEATURES}
    names = scorer.description.feature_names
    return pl.DataFrame(
        {
            "feature": names,
            "meaning": [meanings[name] for name in names],
            "mean_absolute_shap": np.abs(shap_values).mean(axis=0),
            "gain_share": scorer.model.importance(),
        }
    ).sort("mean_absolute_shap", "feature", descending=[True, False])
