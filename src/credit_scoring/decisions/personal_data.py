"""Data subject rights: everything the ledger holds about a person, and its erasure."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from credit_scoring.core.errors import MissingArtefactError, ModelNotFoundError, StorageError
from credit_scoring.decisions.decision_record import Entry
from credit_scoring.decisions.ledger import Erasure, Ledger
from credit_scoring.decisions.outcomes import Outcome
from credit_scoring.decisions.spool import spooled_entries
from credit_scoring.model_registry.registry import ModelRegistry


def as_json_values(
    entries: Iterable[Entry], registry: ModelRegistry, outcomes: Mapping[str, Sequence[Outcome]] | None = None
) -> list[dict[str, object]]:
    """Decisions with their feature vectors by name, and their outcomes if given; a missing feature is null."""
    load_version = lru_cache(registry.load_version)
    decisions = []
    for entry in entries:
        values = [None if np.isnan(value) else float(value) for value in entry.features]
        try:
            names = load_version(entry.record.model_version).scorer.description.feature_names
        except (ModelNotFoundError, StorageError):
            # The right of access does not depend on the model still being available.
            names = tuple(f"feature {number}" for number in range(1, len(values) + 1))
        value = entry.record.model_dump(mode="json") | {"features": dict(zip(names, values, strict=True))}
        if outcomes is not None:
            became = outcomes.get(entry.record.decision_id, ())
            value["outcomes"] = [one.model_dump(mode="json", exclude={"decision_id"}) for one in became]
        decisions.append(value)
    return decisions


def decisions_about(ledger: Ledger, spool_folder: Path, client_id: int) -> list[Entry]:
    """Every decision on a client: those in the ledger, then those in spools.

    Raises:
        MissingArtefactError: there is none, or all were erased.
    """
    recorded = ledger.of_client(client_id)
    known = {entry.record.decision_id for entry in recorded}
    spooled = [
        entry
        for entry in spooled_entries(spool_folder)
        if entry.record.client_id == client_id and entry.record.decision_id not in known
    ]
    if not recorded and not spooled:
        raise MissingArtefactError(
            f"The ledger holds no decision on client {client_id}.", "Check SK_ID_CURR; the client may have been erased."
        )
    return recorded + spooled


def erase_client(ledger: Ledger, spool_folder: Path, client_id: int, erasure: Erasure) -> int:
    """Make every decision on a client permanently unreadable; returns their number. Raises like `decisions_about`."""
    # Reading first fails if the table of keys assigns another person's decisions to the client.
    decisions_about(ledger, spool_folder, client_id)
    return ledger.erase(client_id, erasure)


def require_drained(spool_folder: Path) -> None:
    """Raises StorageError while decisions are spooled: they would reach the ledger after an erasure."""
    if next(spooled_entries(spool_folder), None) is not None:
        raise StorageError(
            f"Nothing is erased: decisions wait in {spool_folder} for the ledger, perhaps on the same persons.",
            "Wait until the service has drained its spool, and erase again.",
        )
