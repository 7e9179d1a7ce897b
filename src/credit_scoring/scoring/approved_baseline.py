"""Baseline of accepted applicants that a client's reasons are compared with."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pydantic import BaseModel

from credit_scoring.core.atomic_files import clear_read_errors
from credit_scoring.scoring.model_family import Model
from credit_scoring.scoring.models import RETRAIN

ACCEPTED_FILE = "accepted.json"
MAXIMUM_CLIENTS = 4_000
"""Enough for means with an error below 0.01 log-odds, and explained within seconds."""


class AcceptedClients(BaseModel, frozen=True, extra="forbid"):
    """Averages over accepted training clients, each explained by a model that was not fitted on them.

    Attributes:
        clients: number of clients averaged over.
        contributions: mean contribution of each feature to the log-odds, (features,).
        typical: median of each feature over the clients with a value, (features,); None where there are none.
    """

    clients: int
    contributions: tuple[float, ...]
    typical: tuple[float | None, ...]


def accepted_clients(
    models: Sequence[Model], folds: np.ndarray, features: np.ndarray, is_accepted: np.ndarray
) -> AcceptedClients:
    """Averages over a sample of accepted clients, always the same one.

    Args:
        models: model of each fold, fitted on the clients of the other folds.
        folds: (n,) fold of each client.
        features: float32 (n, features).
        is_accepted: (n,) whether the out-of-fold probability is below the threshold.

    Raises:
        UnexplainableModelError: the models' family has no exact contributions.
    """
    chosen = np.flatnonzero(is_accepted)
    if len(chosen) > MAXIMUM_CLIENTS:
        chosen = np.sort(np.random.default_rng(0).choice(chosen, MAXIMUM_CLIENTS, replace=False))
    rows, total = features[chosen], np.zeros(features.shape[1])
    for fold, model in enumerate(models):
        own = rows[folds[chosen] == fold]
        if len(own):
            total += model.contributions(own)[:, :-1].sum(axis=0)
    mean = total / max(len(chosen), 1)
    return AcceptedClients(
        clients=len(chosen),
        contributions=tuple(float(value) for value in mean),
        typical=tuple(_typical(column) for column in rows.T),
    )


def save_accepted(accepted: AcceptedClients, folder: Path) -> None:
    """Write accepted.json."""
    (folder / ACCEPTED_FILE).write_text(accepted.model_dump_json())


def load_accepted(folder: Path) -> AcceptedClients | None:
    """Read accepted.json; None for a Scorer that was saved without it.

    Raises:
        StorageError: the file is damaged.
    """
    path = folder / ACCEPTED_FILE
    if not path.exists():
        return None
    with clear_read_errors(f"The averages of accepted clients {path}", RETRAIN):
        return AcceptedClients.model_validate_json(path.read_bytes())


def _typical(column: np.ndarray) -> float | None:
    known = np.sort(column[~np.isnan(column)])
    return float(known[(len(known) - 1) // 2]) if len(known) else None
