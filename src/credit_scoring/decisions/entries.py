"""From what was asked and what the model said to the entries of the ledger."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import JsonValue

from credit_scoring.decisions.explanation_types import Application
from credit_scoring.decisions.record import DecisionRecord, Entry
from credit_scoring.feature_store.serving import ServedFeatures
from credit_scoring.model_registry.registry import RegisteredScorer


@dataclass(frozen=True)
class DecisionRequest:
    """A decision that somebody asks for.

    Attributes:
        application: raw application columns by name; absent ones are missing.
        client_id: whose history to use; None for a client never seen.
        caller: who asks, as the ledger shall name them.
        request_id: of the request that is answered; None outside the service.
    """

    application: Application
    client_id: int | None
    caller: str
    request_id: str | None = None


def entries_of(
    asked: Sequence[DecisionRequest],
    served: Sequence[ServedFeatures],
    registered: RegisteredScorer,
    probabilities: Sequence[float],
    reasons: Sequence[JsonValue],
) -> list[Entry]:
    """Decisions made now, each with its inputs and the versions that made it; all arguments in the same order.

    Args:
        registered: the Scorer that gave the probabilities.
        reasons: None for a decision without.
    """
    scorer, description = registered.scorer, registered.scorer.description
    now = datetime.now(UTC)
    return [
        Entry(
            DecisionRecord(
                decision_id=uuid.uuid4().hex,
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
                decision=scorer.decide(probability),
                caller=one.caller,
                request_id=one.request_id,
                reasons=why,
            ),
            features.values,
        )
        for one, features, probability, why in zip(asked, served, probabilities, reasons, strict=True)
    ]
