"""Permutation importance: how much worse the ranking gets when one feature's values are dealt out at random."""

from collections.abc import Iterable, Sequence

import numpy as np
from scipy.stats import rankdata

from credit_scoring.explain.held_out import HeldOut

_SEED = 0


def permutation_importance(rows: HeldOut, places: Sequence[int]) -> np.ndarray:
    """AUC lost by permuting each of some features, (len(places),); near zero or below for one that says nothing alone.

    Values are dealt out among the rows of one model, so that every row is still scored by a model that never saw it.
    Source: Breiman, "Random Forests", 2001; on held-out rows, as Fisher, Rudin and Dominici, 2019.

    Args:
        rows: outcomes of all rows are known, and both occur.
        places: columns of the features.
    """
    features = rows.features.copy()
    whole = auc(_margins(rows, features), rows.default)
    order = _shuffled_within(rows.model_of)
    lost = np.empty(len(places))
    for position, place in enumerate(places):
        features[:, place] = rows.features[order, place]
        lost[position] = whole - auc(_margins(rows, features), rows.default)
        features[:, place] = rows.features[:, place]
    return lost


def auc(margins: np.ndarray, default: np.ndarray) -> float:
    """Share of pairs of a default and a good client that the margins (n,) put in the right order."""
    bad = default == 1
    ranks = rankdata(margins)
    bads, goods = int(bad.sum()), int((~bad).sum())
    return float((ranks[bad].sum() - bads * (bads + 1) / 2) / (bads * goods))


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
