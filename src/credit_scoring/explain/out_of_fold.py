"""Clients explained by models that never saw them: each by the model of the fold it was left out of."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from credit_scoring.scoring.model_family import Model


class HeldOut(NamedTuple):
    """Rows and what a model that never saw them says of each feature.

    Attributes:
        client_ids: (n,) SK_ID_CURR.
        default: (n,) 1 for a default, 0 for none; NaN where the outcome is not known.
        features: float32 (n, features).
        contributions: (n, features) in log-odds before calibration.
        base: (n,) what the model says of nobody in particular; with the contributions it sums to the margin.
        model_of: (n,) place in ``models`` of the one that explained the row.
        models: the models of the folds, or the registered one alone.
    """

    client_ids: np.ndarray
    default: np.ndarray
    features: np.ndarray
    contributions: np.ndarray
    base: np.ndarray
    model_of: np.ndarray
    models: tuple[Model, ...]

    @property
    def margins(self) -> np.ndarray:
        """Log-odds (n,) of the models."""
        margins: np.ndarray = self.contributions.sum(axis=1) + self.base
        return margins


def explain_held_out(
    client_ids: np.ndarray,
    default: np.ndarray,
    features: np.ndarray,
    model_of: np.ndarray,
    models: Sequence[Model],
) -> HeldOut:
    """Contributions of every feature for every row, by the row's own model.

    Args:
        client_ids, default, model_of: (n,), as in the result.
        features: float32 (n, features).

    Raises:
        UnexplainableModelError: the models' family has no exact contributions.
    """
    explained = np.empty((len(features), features.shape[1] + 1))
    for place in np.unique(model_of):
        own = model_of == place
        explained[own] = models[place].contributions(features[own])
    return HeldOut(
        client_ids, default, features, explained[:, :-1], explained[:, -1], model_of, tuple(models)
    )


def drawn(rows: int, most: int) -> np.ndarray:
    """Places (k,) of at most so many rows, drawn once and for all, in ascending order."""
    if rows <= most:
        return np.arange(rows)
    return np.sort(np.random.default_rng(0).choice(rows, most, replace=False))
