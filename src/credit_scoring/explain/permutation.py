"""Permutation importance: the AUC lost when the values of features are shuffled."""

from collections.abc import Iterable, Sequence

import numpy as np

from credit_scoring.evaluation.auc import auc
from credit_scoring.explain.out_of_fold import HeldOutRows

_SEED = 0


def permutation_importance(rows: HeldOutRows, groups: Sequence[Sequence[int]]) -> np.ndarray:
    """AUC lost by permuting the features of each group together, (groups,).

    It is near zero or negative for a feature whose information others carry too: permute such features together.
    Values are shuffled among the rows of one model, so that each row is still scored by a model that never saw it.
    Source: Breiman, "Random Forests", 2001; on held-out rows, as Fisher, Rudin and Dominici, 2019.

    Args:
        rows: with known outcomes of both kinds.
        groups: columns of the features of each group.
    """
    features = rows.features.copy()
    whole = auc(_margins(rows, features), rows.default)
    order = _shuffled_within(rows.model_of)
    lost = np.empty(len(groups))
    for position, columns in enumerate(map(list, groups)):
        features[:, columns] = rows.features[order][:, columns]
        lost[position] = whole - auc(_margins(rows, features), rows.default)
        features[:, columns] = rows.features[:, columns]
    return lost


def _margins(rows: HeldOutRows, features: np.ndarray) -> np.ndarray:
    margins = np.empty(len(features))
    for index in np.unique(rows.model_of):
        own = rows.model_of == index
        margins[own] = rows.models[index].margin(features[own])
    return margins


def _shuffled_within(groups: np.ndarray) -> np.ndarray:
    random = np.random.default_rng(_SEED)
    order = np.arange(len(groups))
    for members in _members(groups):
        order[members] = random.permutation(members)
    return order


def _members(groups: np.ndarray) -> Iterable[np.ndarray]:
    return (np.flatnonzero(groups == group) for group in np.unique(groups))
