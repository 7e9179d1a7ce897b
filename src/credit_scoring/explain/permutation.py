"""Permutation importance: how much worse the ranking gets when values are dealt out at random."""

from collections.abc import Iterable, Sequence

import numpy as np

from credit_scoring.evaluation.auc import auc
from credit_scoring.explain.out_of_fold import HeldOut

_SEED = 0


def permutation_importance(rows: HeldOut, groups: Sequence[Sequence[int]]) -> np.ndarray:
    """AUC lost by permuting the features of each group together, (groups,).

    Near zero or below for a feature that says nothing which others do not say too: permute such features together.
    Values are dealt out among the rows of one model, so that every row is still scored by a model that never saw it.
    Source: Breiman, "Random Forests", 2001; on held-out rows, as Fisher, Rudin and Dominici, 2019.

    Args:
        rows: outcomes of all rows are known, and both occur.
        groups: columns of the features of each group.
    """
    features = rows.features.copy()
    whole = auc(_margins(rows, features), rows.default)
    order = _shuffled_within(rows.model_of)
    lost = np.empty(len(groups))
    for position, places in enumerate(map(list, groups)):
        features[:, places] = rows.features[order][:, places]
        lost[position] = whole - auc(_margins(rows, features), rows.default)
        features[:, places] = rows.features[:, places]
    return lost


def _margins(rows: HeldOut, features: np.ndarray) -> np.ndarray:
    margins = np.empty(len(features))
    for place in np.unique(rows.model_of):
        own = rows.model_of == place
        margins[own] = rows.models[place].margin(features[own])
    return margins


def _shuffled_within(groups: np.ndarray) -> np.ndarray:
    random = np.random.default_rng(_SEED)
    order = np.arange(len(groups))
    for members in _members(groups):
        order[members] = random.permutation(members)
    return order


def _members(groups: np.ndarray) -> Iterable[np.ndarray]:
    return (np.flatnonzero(groups == group) for group in np.unique(groups))
