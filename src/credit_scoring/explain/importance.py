"""Importance over a portfolio, by measures that can contradict each other: of features, and of business concepts."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from credit_scoring.evaluation.auc import auc
from credit_scoring.explain.displayed_values import concepts_of
from credit_scoring.explain.portfolio import HeldOutRows
from credit_scoring.feature_engineering.catalogue import FEATURES
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.scoring.model_family import Model

PERMUTED_FEATURES = 150
"""Of a model with interactions only the strongest are permuted, because each permutation scores all rows again."""
ADDITIVE_FAMILIES = ("logistic_regression", "scorecard")
"""Models that add up what each feature contributes: permuting a feature permutes its contributions."""
SHOWN_FEATURES = 30
NOT_DECLARED = "A feature of an earlier model, which is declared no longer."
_SEED = 0


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
    permuted = len(names) if is_additive(rows) else PERMUTED_FEATURES
    strongest = np.argsort(-shap, kind="stable")[:permuted].tolist()
    lost: list[float | None] = [None] * len(names)
    for index, loss in zip(strongest, auc_losses(rows, [[index] for index in strongest]), strict=True):
        lost[index] = loss
    return pl.DataFrame(
        {
            "feature": names,
            "meaning": [meanings.get(name, NOT_DECLARED) for name in names],
            "mean_absolute_shap": shap,
            "native_share": model.importance(),
            "auc_loss_when_permuted": pl.Series(lost, dtype=pl.Float64),
        }
    ).sort("mean_absolute_shap", "feature", descending=[True, False])


def native_importance(importance: pl.DataFrame) -> pl.DataFrame:
    """The strongest features by the model's own measure, the strongest first, with their rank."""
    ranked = importance.sort("native_share", "feature", descending=[True, False]).head(SHOWN_FEATURES)
    first = ("feature", "native_share", "mean_absolute_shap", "auc_loss_when_permuted", "meaning")
    return ranked.select(first).with_row_index("rank", offset=1)


def is_additive(rows: HeldOutRows) -> bool:
    """Whether every model adds up what each feature contributes."""
    return all(model.family in ADDITIVE_FAMILIES for model in rows.models)


def concept_importance(names: tuple[str, ...], rows: HeldOutRows) -> pl.DataFrame:
    """Importance of every concept that has features, the strongest first: its features carry related information.

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
    return pl.DataFrame(
        {
            "concept": [concept.value for concept in groups],
            "protected": [concept.is_protected for concept in groups],
            "features": [len(indices) for indices in groups.values()],
            "mean_absolute_shap": shap,
            "share": shap / max(float(shap.sum()), 1e-300),
            "auc_loss_when_permuted": pl.Series(auc_losses(rows, list(groups.values())), dtype=pl.Float64),
        }
    ).sort("mean_absolute_shap", "concept", descending=[True, False])


def permutation_importance(rows: HeldOutRows, groups: Sequence[list[int]]) -> np.ndarray:
    """AUC lost by permuting the features of each group together, (groups,).

    It is near zero or negative for a feature whose information others carry too: permute such features together.
    Values are shuffled among the rows of one model, so that each row is still scored by a model that never saw it.
    Source: Breiman, "Random Forests", 2001; on held-out rows, as Fisher, Rudin and Dominici, 2019.

    Args:
        rows: with known outcomes of both kinds.
        groups: columns of the features of each group.
    """
    random = np.random.default_rng(_SEED)
    order = np.arange(len(rows.features))
    for index in np.unique(rows.model_of):
        members = np.flatnonzero(rows.model_of == index)
        order[members] = random.permutation(members)
    if is_additive(rows):
        margins, moved = rows.margins, rows.contributions[order] - rows.contributions
        whole = auc(margins, rows.default)
        return np.array([whole - auc(margins + moved[:, columns].sum(axis=1), rows.default) for columns in groups])
    features, shuffled = rows.features.copy(), rows.features[order]
    lost = np.empty(len(groups))
    whole = auc(_margins(rows, features), rows.default)
    for position, columns in enumerate(groups):
        features[:, columns] = shuffled[:, columns]
        lost[position] = whole - auc(_margins(rows, features), rows.default)
        features[:, columns] = rows.features[:, columns]
    return lost


def auc_losses(rows: HeldOutRows, groups: Sequence[list[int]]) -> Sequence[float | None]:
    """`permutation_importance`; None for each group unless both outcomes are known."""
    has_both_outcomes = {0.0, 1.0} <= set(np.unique(rows.default).tolist())
    return permutation_importance(rows, groups).tolist() if has_both_outcomes else [None] * len(groups)


def _margins(rows: HeldOutRows, features: np.ndarray) -> np.ndarray:
    margins = np.empty(len(features))
    for index in np.unique(rows.model_of):
        own = rows.model_of == index
        margins[own] = rows.models[index].margin(features[own])
    return margins
