"""Decisions without a model, a store or a ledger."""

import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from credit_scoring.core.errors import StorageError
from credit_scoring.decisions.record import DecisionRecord
from credit_scoring.scoring.scorer import Decision

PUBLISHED_AT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
DECISION_ID = "0123456789abcdef0123456789abcdef"  # pragma: allowlist secret


class FakeDecisions:
    """Refuses everybody with probability 0.25, unless the ledger is away."""

    feature_version = SimpleNamespace(number=3, created_at=PUBLISHED_AT)
    registered = SimpleNamespace(version=5)

    def __init__(self) -> None:
        self.ledger_is_away = False
        self.failure: Exception | None = None
        self.is_asked = threading.Event()
        self.wait_for: threading.Event | None = None
        self.asked: list[tuple[dict[str, Any], int | None]] = []

    def close(self) -> None:
        """Nothing is open."""

    def decide(
        self,
        application: Mapping[str, Any],
        client_id: int | None,
        *,
        caller: str,
        request_id: str | None = None,
    ) -> DecisionRecord:
        """Remember what was asked, and refuse."""
        self.is_asked.set()
        if self.wait_for is not None:
            self.wait_for.wait(30)
        if self.failure is not None:
            raise self.failure
        if self.ledger_is_away:
            raise StorageError("The decision ledger does not answer.", "Start it.")
        self.asked.append((dict(application), client_id))
        return DecisionRecord(
            decision_id=DECISION_ID,
            decided_at=datetime.now(UTC),
            client_id=client_id,
            application=dict(application),
            history_found=client_id is not None,
            feature_version=3,
            feature_fingerprint="0123456789abcdef",
            feature_date=PUBLISHED_AT,
            model_name="credit-scoring",
            model_version=5,
            model_hash="f" * 16,
            source="synthetic",
            threshold=0.1,
            probability=0.25,
            decision=Decision.REFUSED,
            caller=caller,
        )
