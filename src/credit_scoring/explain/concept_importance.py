"""Importance of business concepts over a portfolio: features that carry the same information count together."""

import numpy as np
import polars as pl

from credit_scoring.explain.concepts import concepts_of
from credit_scoring.explain.out_of_fold import HeldOutRows
from credit_scoring.explain.permutation import permutation_importance
from credit_scoring.feature_engineering.concepts import Concept


def concept_importance(names: tuple[str, ...], rows: HeldOutRows) -> pl.DataFrame:
    """Importance of every concept that has features, the strongest first.

    Args:
        names: of the features.

    Returns:
        Columns concept, protected (never given as a reason), features (their number), mean_absolute_shap (of the summed
        contributions, log-odds), share (of its sum over all concepts), auc_loss_when_permuted (all features of the
        concept together; null if outcomes are unknown).
    """
    concepts = concepts_of(names)
    groups = {
        concept: [index for index, own in enumerate(concepts) if own is concept]
        for concept in Concept
        if concept in concepts
    }
    shap = np.array([np.abs(rows.contributions[:, indices].sum(axis=1)).mean() for indices in groups.values()])
    outcomes = set(np.unique(rows.default).tolist())
    lost = (
        permutation_importance(rows, list(groups.values())).tolist() if {0.0, 1.0} <= outcomes else [None] * len(groups)
    )
    return pl.DataFrame(
        {
            "concept": [concept.value for concept in groups],
            "protected": [concept.is_protected for concept in groups],
            "features": [len(indices) for indices in groups.values()],
            "mean_absolute_shap": shap,
            "share": shap / max(float(shap.sum()), 1e-300),
            "auc_loss_when_permuted": pl.Series(lost, dtype=pl.Float64),
        }
    ).sort("mean_absolute_shap", "concept", descending=[True, False])


def concept_contributions(names: tuple[str, ...], contributions: np.ndarray) -> dict[Concept, float]:
    """Log-odds that each concept adds to one margin, from the contributions (features,)."""
    sums = dict.fromkeys(concepts_of(names), 0.0)
    for concept, amount in zip(concepts_of(names), contributions.tolist(), strict=True):
        sums[concept] += amount
    return sums
