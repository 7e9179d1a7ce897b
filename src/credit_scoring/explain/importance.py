"""Which features matter over a portfolio, by three measures that can contradict each other."""

import numpy as np
import polars as pl

from credit_scoring.explain.out_of_fold import HeldOut
from credit_scoring.explain.permutation import permutation_importance
from credit_scoring.feature_engineering.catalogue import FEATURES
from credit_scoring.scoring.model_family import Model

PERMUTED_FEATURES = 40
"""Only the strongest are permuted: each one means scoring all rows again."""


def feature_importance(model: Model, names: tuple[str, ...], rows: HeldOut) -> pl.DataFrame:
    """Importance of every feature, the strongest first.

    Args:
        model: the registered one, asked what its family itself says.
        names: of the features.
        rows: applications that no model that explains them was fitted on.

    Returns:
        Columns feature, meaning, mean_absolute_shap (log-odds), native_share (what the model relies on by its
        family's own measure, for trees the share of the training loss reduction), auc_loss_when_permuted (null for
        features that were not permuted, or when outcomes are not known).
    """
    meanings = {feature.name: feature.meaning for feature in FEATURES}
    shap = np.abs(rows.contributions).mean(axis=0)
    strongest = np.argsort(-shap, kind="stable")[:PERMUTED_FEATURES].tolist()
    lost: list[float | None] = [None] * len(names)
    if {0.0, 1.0} <= set(np.unique(rows.default).tolist()):
        losses = permutation_importance(rows, [[place] for place in strongest])
        for place, loss in zip(strongest, losses.tolist(), strict=True):
            lost[place] = loss
    return pl.DataFrame(
        {
            "feature": names,
            "meaning": [meanings[name] for name in names],
            "mean_absolute_shap": shap,
            "native_share": model.importance(),
            "auc_loss_when_permuted": pl.Series(lost, dtype=pl.Float64),
        }
    ).sort("mean_absolute_shap", "feature", descending=[True, False])
