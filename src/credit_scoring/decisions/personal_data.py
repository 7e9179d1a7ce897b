"""Data subject rights: everything the ledger holds about a person, and its erasure."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from credit_scoring.core.errors import MissingArtefactError, ModelNotFoundError, StorageError
from credit_scoring.decisions.decision_record import Entry
from credit_scoring.decisions.ledger import Erasure, Ledger
from credit_scoring.decisions.spool import spooled_entries
from credit_scoring.model_registry.registry import ModelRegistry


def as_json_values(entries: Iterable[Entry], registry: ModelRegistry) -> list[dict[str, object]]:
    """Decisions with their feature vectors by name; a missing feature is null."""
    load_version = lru_cache(registry.load_version)
    decisions = []
    for entry in entries:
        values = [None if np.isnan(value) else float(value) for value in entry.features]
        try:
            names = load_version(entry.record.model_version).scorer.description.feature_names
        except (ModelNotFoundError, StorageError):
            # The right of access does not depend on the model still being available.
            names = tuple(f"feature {number}" for number in range(1, len(values) + 1))
        decisions.append(entry.record.model_dump(mode="json") | {"features": dict(zip(names, values, strict=True))})
    return decisions


def decisions_about(ledger: Ledger, spool_folder: Path, client_id: int) -> list[Entry]:
    """Every decision on a client: those in the ledger, then those in spools.

    Raises:
        MissingArtefactError: there is none, or all were erased.
    """
    recorded = ledger.of_client(client_id)
    waiting = _waiting(spool_folder, client_id, recorded)
    if not recorded and not waiting:
        raise _no_decision_on(client_id)
    return recorded + waiting


def erase_client(ledger: Ledger, spool_folder: Path, client_id: int, erasure: Erasure) -> int:
    """Make every decision on a client permanently unreadable; returns their number.

    Raises:
        MissingArtefactError: there is nothing to erase.
        StorageError: decisions on the client are still spooled; they would reach the ledger afterwards.
    """
    if _waiting(spool_folder, client_id, ledger.of_client(client_id)):
        raise StorageError(
            f"Decisions on client {client_id} wait in {spool_folder} for the ledger.",
            "Wait until the service has drained its spool, and erase again.",
        )
    erased = ledger.erase(client_id, erasure)
    if not erased:
        raise _no_decision_on(client_id)
    return erased


def _waiting(spool_folder: Path, client_id: int, recorded: Sequence[Entry]) -> list[Entry]:
    known = {entry.record.decision_id for entry in recorded}
    return [
        entry
        for entry in spooled_entries(spool_folder)
        if entry.record.client_id == client_id and entry.record.decision_id not in known
    ]


def _no_decision_on(client_id: int) -> MissingArtefactError:
    return MissingArtefactError(
        f"The ledger holds no decision on client {client_id}.", "Check SK_ID_CURR; the client may have been erased."
    )
