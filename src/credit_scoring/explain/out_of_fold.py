"""Out-of-fold explanations: each client is explained by the model of the fold it was left out of."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from credit_scoring.scoring.model_family import Model


class HeldOutRows(NamedTuple):
    """Rows with the contributions of a model that was not fitted on them.

    Attributes:
        client_ids: (n,) SK_ID_CURR.
        default: (n,) 1 for a default, 0 for none; NaN where the outcome is unknown.
        features: float32 (n, features).
        contributions: (n, features) in log-odds before calibration.
        base: (n,) average output of the model; with the contributions it sums to the margin.
        model_of: (n,) index in ``models`` of the one that explains the row.
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
    client_ids: np.ndarray, default: np.ndarray, features: np.ndarray, model_of: np.ndarray, models: Sequence[Model]
) -> HeldOutRows:
    """Contributions of every feature to every row, by the row's own model.

    Args:
        client_ids, default, model_of: (n,), as in the result.
        features: float32 (n, features).

    Raises:
        UnexplainableModelError: the models' family has no exact contributions.
    """
    explained = np.empty((len(features), features.shape[1] + 1))
    for index in np.unique(model_of):
        own = model_of == index
        explained[own] = models[index].contributions(features[own])
    return HeldOutRows(client_ids, default, features, explained[:, :-1], explained[:, -1], model_of, tuple(models))


def sample_rows(rows: int, maximum: int) -> np.ndarray:
    """Indices (k,) of a fixed random sample of at most ``maximum`` rows, in ascending order."""
    if rows <= maximum:
        return np.arange(rows)
    return np.sort(np.random.default_rng(0).choice(rows, maximum, replace=False))
