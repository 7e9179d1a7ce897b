"""A repeated request is answered with its first decision: the idempotency key determines the decision's id."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pydantic import JsonValue

from credit_scoring.api.instrumentation import BeginDecisions
from credit_scoring.core.errors import ErasedError, MissingArtefactError, StorageError
from credit_scoring.decisions.decision_record import DecisionRecord
from credit_scoring.decisions.decision_request import DecisionRequest
from credit_scoring.decisions.service import DecisionService
from credit_scoring.scoring.explanation_types import Explain

WINDOW = timedelta(hours=24)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def decide_once(
    service: DecisionService,
    begin_decisions: BeginDecisions,
    request: DecisionRequest,
    key: str,
    explain: Explain[JsonValue] | None,
) -> tuple[DecisionRecord, bool]:
    """The decision of the first request with this key and caller within 24 hours, and whether this request made it.

    Raises:
        ErasedError: that decision, or one with the key on the day before, was erased.
        StorageError: the ledger is unavailable, so an earlier decision cannot be found, or this one not recorded.
    """
    if (reason := service.ledger_unavailable_reason) is not None:
        raise StorageError(
            f"An earlier decision with the same idempotency key cannot be looked up: {reason}",
            "Restore the ledger's database.",
            "The ledger is unavailable, so a repeated request cannot be recognised. Send the request later, or without "
            "Idempotency-Key.",
        )
    now = datetime.now(UTC)
    ids = decision_ids(request.caller, key, now)
    for decision_id in ids:
        try:
            earlier = service.find(decision_id)
        except ErasedError:
            raise
        except MissingArtefactError:
            continue
        if now - earlier.decided_at < WINDOW:
            return earlier, False
    (made,), recorded = begin_decisions([replace(request, decision_id=ids[0])], explain)
    recorded.result()
    # Another request may have decided with the same key meanwhile; the ledger keeps the first decision.
    stored = service.find(ids[0])
    return stored, stored.decided_at == made.decided_at


def decision_ids(caller: str, key: str, now: datetime) -> tuple[str, str]:
    """Id of a decision that is made now with the key of a caller, and the id of one made in the window before."""
    window = (now - _EPOCH) // WINDOW
    return _decision_id(caller, key, window), _decision_id(caller, key, window - 1)


def _decision_id(caller: str, key: str, window: int) -> str:
    return hashlib.sha256(f"{window} {caller} {key}".encode()).hexdigest()[:32]
