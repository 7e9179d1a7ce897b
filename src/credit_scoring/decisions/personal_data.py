"""Data subject rights: everything the ledger holds about a person, and its erasure."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from credit_scoring.core.errors import MissingArtefactError, ModelNotFoundError, StorageError
from credit_scoring.decisions.decision_record import Entry
from credit_scoring.decisions.ledger import Ledger
from credit_scoring.decisions.spool import spooled_entries
from credit_scoring.model_registry.registry import ModelRegistry


class DecisionFormatter:
    """Formats decisions as JSON values with named features.

    Args:
        registry: holds the feature names of each model version.
    """

    def __init__(self, registry: ModelRegistry) -> None:
        self._load_version = lru_cache(registry.load_version)

    def format(self, entry: Entry) -> dict[str, object]:
        """A decision with its feature vector by name; a missing feature is null."""
        values = [None if np.isnan(value) else float(value) for value in entry.features]
        names = self._feature_names(entry)
        return entry.record.model_dump(mode="json") | {"features": dict(zip(names, values, strict=True))}

    def _feature_names(self, entry: Entry) -> Sequence[str]:
        try:
            return self._load_version(entry.record.model_version).scorer.description.feature_names
        except (ModelNotFoundError, StorageError):
            # The right of access does not depend on the model still being available.
            return [f"feature {number}" for number in range(1, len(entry.features) + 1)]


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


def erase_client(ledger: Ledger, spool_folder: Path, client_id: int) -> int:
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
    erased = ledger.erase(client_id)
    if not erased:
        raise _no_decision_on(client_id)
    return erased


def erase_applicant(ledger: Ledger, decision_id: str) -> int:
    """Erase the applicant of a decision: the only way for applicants without a client number.

    Raises:
        MissingArtefactError: the decision does not exist.
        ErasedError: it was erased before.
    """
    erased = ledger.erase_decision(decision_id)
    if not erased:
        ledger.get(decision_id)
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
