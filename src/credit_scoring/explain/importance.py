"""Importance of features over a portfolio, by three measures that can contradict each other."""

import numpy as np
import polars as pl

from credit_scoring.explain.out_of_fold import HeldOutRows
from credit_scoring.explain.permutation import permutation_importance
from credit_scoring.feature_engineering.catalogue import FEATURES
from credit_scoring.scoring.model_family import Model

PERMUTED_FEATURES = 40
"""Only the strongest are permuted, because each permutation scores all rows again."""


def feature_importance(model: Model, names: tuple[str, ...], rows: HeldOutRows) -> pl.DataFrame:
    """Importance of every feature, the strongest first.

    Args:
        model: the registered one, for the importance that its family defines.
        names: of the features.
        rows: applications, each explained by a model that was not fitted on it.

    Returns:
        Columns feature, meaning, mean_absolute_shap (log-odds), native_share (importance as its family defines it, for
        trees the share of the reduction of the training loss), auc_loss_when_permuted (null for features that were
        not permuted, or if outcomes are unknown).
    """
    meanings = {feature.name: feature.meaning for feature in FEATURES}
    shap = np.abs(rows.contributions).mean(axis=0)
    strongest = np.argsort(-shap, kind="stable")[:PERMUTED_FEATURES].tolist()
    lost: list[float | None] = [None] * len(names)
    if {0.0, 1.0} <= set(np.unique(rows.default).tolist()):
        losses = permutation_importance(rows, [[index] for index in strongest])
        for index, loss in zip(strongest, losses.tolist(), strict=True):
            lost[index] = loss
    return pl.DataFrame(
        {
            "feature": names,
            "meaning": [meanings[name] for name in names],
            "mean_absolute_shap": shap,
            "native_share": model.importance(),
            "auc_loss_when_permuted": pl.Series(lost, dtype=pl.Float64),
        }
    ).sort("mean_absolute_shap", "feature", descending=[True, False])
