"""What accepted clients have in common: the measure that a single client's reasons are taken with."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from credit_scoring.core.errors import StorageError
from credit_scoring.scoring.models.model import Model

ACCEPTED_FILE = "accepted.json"
MOST_CLIENTS = 4_000
"""Enough for means whose error is below a hundredth of log-odds, and explained in seconds."""


class AcceptedClients(BaseModel):
    """Averages over accepted training clients, each explained by a model that never saw them.

    Attributes:
        clients: over how many.
        contributions: mean of what each feature adds to the log-odds, (features,).
        typical: median of each feature, (features,); over the clients who have a value; None where nobody has one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    clients: int
    contributions: tuple[float, ...]
    typical: tuple[float | None, ...]


def accepted_clients(
    models: Sequence[Model], folds: np.ndarray, features: np.ndarray, is_accepted: np.ndarray
) -> AcceptedClients:
    """Averages over a sample of accepted clients, drawn once and for all.

    Args:
        models: model of each fold, which never saw the clients of that fold.
        folds: (n,) fold of each client.
        features: float32 (n, features).
        is_accepted: (n,) whether the out-of-fold probability lies below the threshold.

    Raises:
        UnexplainableModelError: the models' family has no exact contributions.
    """
    places = np.flatnonzero(is_accepted)
    if len(places) > MOST_CLIENTS:
        places = np.sort(np.random.default_rng(0).choice(places, MOST_CLIENTS, replace=False))
    rows, total = features[places], np.zeros(features.shape[1])
    for fold, model in enumerate(models):
        own = rows[folds[places] == fold]
        if len(own):
            total += model.contributions(own)[:, :-1].sum(axis=0)
    mean = total / max(len(places), 1)
    return AcceptedClients(
        clients=len(places),
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
    try:
        return AcceptedClients.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise StorageError(
            f"The averages of accepted clients {path} cannot be read ({error}).",
            "Run `credit-scoring train --force`, or choose another model version.",
        ) from error


def _typical(column: np.ndarray) -> float | None:
    known = np.sort(column[~np.isnan(column)])
    return float(known[(len(known) - 1) // 2]) if len(known) else None
