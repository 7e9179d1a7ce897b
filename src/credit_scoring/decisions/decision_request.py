"""Decision requests, and the ledger entries made from them and the model's probabilities."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import JsonValue

from credit_scoring.data_contracts.application_request import RawColumns, client_of
from credit_scoring.decisions.decision_record import DecisionRecord, Entry
from credit_scoring.feature_store.serving import ServedFeatures
from credit_scoring.model_registry.registry import RegisteredScorer


@dataclass(frozen=True)
class DecisionRequest:
    """One application to decide on: the only request type between the API schema and the ledger.

    Attributes:
        application: raw application columns by name; absent ones are missing.
        client_id: client whose history is used; None for a new client.
        caller: API key id or command that the ledger records.
        request_id: of the HTTP request; None outside the service.
        decision_id: of the decision that is made; a random one if None.
    """

    application: RawColumns
    client_id: int | None
    caller: str
    request_id: str | None = None
    decision_id: str | None = None

    @classmethod
    def from_columns(cls, application: RawColumns, caller: str, request_id: str | None = None) -> "DecisionRequest":
        """A request whose client is the application's SK_ID_CURR, if it has one."""
        return cls(application, client_of(application), caller, request_id)


def entries_of(
    requests: Sequence[DecisionRequest],
    served: Sequence[ServedFeatures],
    registered: RegisteredScorer,
    probabilities: Sequence[float],
    reasons: Sequence[JsonValue],
) -> list[Entry]:
    """Entries of decisions made now, with their inputs and versions; all arguments are in the same order.

    Args:
        registered: the Scorer that computed the probabilities.
        reasons: None for a decision without an explanation.
    """
    scorer, description = registered.scorer, registered.scorer.description
    now = datetime.now(UTC)
    return [
        Entry(
            DecisionRecord(
                decision_id=one.decision_id or uuid.uuid4().hex,
                decided_at=now,
                client_id=one.client_id,
                application=dict(one.application),
                history_found=features.history_found,
                feature_version=features.version.number,
                feature_fingerprint=features.version.fingerprint,
                feature_date=features.version.created_at,
                model_name=registered.name,
                model_version=registered.version,
                model_hash=description.model_hash,
                source=description.source,
                threshold=description.threshold,
                probability=probability,
                decision=scorer.decision_for(probability),
                caller=one.caller,
                request_id=one.request_id,
                reasons=why,
            ),
            features.values,
        )
        for one, features, probability, why in zip(requests, served, probabilities, reasons, strict=True)
    ]
