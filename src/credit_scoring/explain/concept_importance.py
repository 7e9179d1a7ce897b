"""Which business concepts matter over a portfolio: features that say the same are weighed together."""

import numpy as np
import polars as pl

from credit_scoring.explain.concepts import Concept, concepts_of
from credit_scoring.explain.out_of_fold import HeldOut
from credit_scoring.explain.permutation import permutation_importance


def concept_importance(names: tuple[str, ...], rows: HeldOut) -> pl.DataFrame:
    """Importance of every concept that has features, the strongest first.

    Args:
        names: of the features.

    Returns:
        Columns concept, withheld (no client is given it as a reason), features (their number), mean_absolute_shap
        (of the summed contributions, log-odds), share (of the sum of these over all concepts),
        auc_loss_when_permuted (all features of the concept together; null when outcomes are not known).
    """
    concepts = concepts_of(names)
    groups = {
        concept: [place for place, own in enumerate(concepts) if own is concept]
        for concept in Concept
        if concept in concepts
    }
    moved = np.array([np.abs(rows.contributions[:, places].sum(axis=1)).mean() for places in groups.values()])
    outcomes = set(np.unique(rows.default).tolist())
    lost = (
        permutation_importance(rows, list(groups.values())).tolist()
        if {0.0, 1.0} <= outcomes
        else [None] * len(groups)
    )
    return pl.DataFrame(
        {
            "concept": [concept.value for concept in groups],
            "withheld": [concept.is_protected for concept in groups],
            "features": [len(places) for places in groups.values()],
            "mean_absolute_shap": moved,
            "share": moved / max(float(moved.sum()), 1e-300),
            "auc_loss_when_permuted": pl.Series(lost, dtype=pl.Float64),
        }
    ).sort("mean_absolute_shap", "concept", descending=[True, False])


def concept_contributions(names: tuple[str, ...], contributions: np.ndarray) -> dict[Concept, float]:
    """What each concept adds to one margin, from the contributions (features,) of its features."""
    sums = dict.fromkeys(concepts_of(names), 0.0)
    for concept, amount in zip(concepts_of(names), contributions.tolist(), strict=True):
        sums[concept] += amount
    return sums


def withheld_share(rows: HeldOut, names: tuple[str, ...]) -> np.ndarray:
    """Share of all contributions, without sign, that withheld concepts have in each row, (n,)."""
    withheld = np.array([concept.is_protected for concept in concepts_of(names)])
    amounts = np.abs(rows.contributions)
    share: np.ndarray = amounts[:, withheld].sum(axis=1) / np.maximum(amounts.sum(axis=1), 1e-300)
    return share
