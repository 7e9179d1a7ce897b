"""What a person may ask for: everything the ledger holds about them, or that it is erased."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from credit_scoring.core.errors import MissingArtefactError, ModelNotFoundError, StorageError
from credit_scoring.decisions.decision_record import Entry
from credit_scoring.decisions.ledger import Ledger
from credit_scoring.decisions.spool import spooled_entries
from credit_scoring.model_registry.registry import ModelRegistry


class Readable:
    """Turns decisions into JSON values for human readers.

    Args:
        registry: knows what the features of a model version are called.
    """

    def __init__(self, registry: ModelRegistry) -> None:
        self._version = lru_cache(registry.load_version)

    def of(self, entry: Entry) -> dict[str, object]:
        """A decision with its vector by name; a missing feature is null."""
        values = [None if np.isnan(value) else float(value) for value in entry.features]
        names = self._names(entry)
        return entry.record.model_dump(mode="json") | {"features": dict(zip(names, values, strict=True))}

    def _names(self, entry: Entry) -> Sequence[str]:
        try:
            return self._version(entry.record.model_version).scorer.description.feature_names
        except (ModelNotFoundError, StorageError):
            # A person gets their data even when the model is gone.
            return [f"feature {place}" for place in range(1, len(entry.features) + 1)]


def decisions_about(ledger: Ledger, spool_folder: Path, client_id: int) -> list[Entry]:
    """Every decision on a client: those of the ledger, then those that wait for it.

    Raises:
        MissingArtefactError: there is none, or all were erased.
    """
    recorded = ledger.of_client(client_id)
    known = {entry.record.decision_id for entry in recorded}
    waiting = [
        entry
        for entry in spooled_entries(spool_folder)
        if entry.record.client_id == client_id and entry.record.decision_id not in known
    ]
    if not recorded and not waiting:
        raise MissingArtefactError(
            f"The ledger holds no decision on client {client_id}.",
            "Check SK_ID_CURR; it may have been erased.",
        )
    return recorded + waiting


def erase_client(ledger: Ledger, spool_folder: Path, client_id: int) -> int:
    """Make every decision on a client unreadable for ever; returns how many.

    Raises:
        MissingArtefactError: there is nothing to erase.
        StorageError: decisions on the client still wait for the database; they would come in afterwards.
    """
    known = {entry.record.decision_id for entry in ledger.of_client(client_id)}
    for entry in spooled_entries(spool_folder):
        if entry.record.client_id == client_id and entry.record.decision_id not in known:
            raise StorageError(
                f"Decisions on client {client_id} wait in {spool_folder} for the ledger.",
                "Wait until the service has drained its spool, and erase again.",
            )
    erased = ledger.erase(client_id)
    if not erased:
        raise MissingArtefactError(
            f"The ledger holds no decision on client {client_id}.",
            "Check SK_ID_CURR; it may have been erased.",
        )
    return erased


def erase_applicant(ledger: Ledger, decision_id: str) -> int:
    """The same for whoever is behind a decision: the only way for an applicant without a number."""
    erased = ledger.erase_decision(decision_id)
    if not erased:
        # Says which it is: unknown, or erased before.
        ledger.get(decision_id)
    return erased
