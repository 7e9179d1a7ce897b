"""Decisions to record, without a model behind them."""

import uuid
from datetime import UTC, datetime

import numpy as np

from credit_scoring.decisions.decision_record import DecisionRecord, Entry
from credit_scoring.decisions.ledger import Erasure
from credit_scoring.scoring.scorer import Decision

ERASURE = Erasure(by="clerk", why="request of 3 May")
FEATURES = np.array([1.5, np.nan, -0.0, 1e-40], dtype=np.float32)


def record(decision_id: str = "a" * 32, **changed: object) -> DecisionRecord:
    """A decision on client 100001, with the changes that are given."""
    return DecisionRecord(
        decision_id=decision_id,
        decided_at=datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC),
        client_id=100_001,
        application={"AMT_CREDIT": 0.1 + 0.2, "CNT_CHILDREN": 1, "CODE_GENDER": "F", "OWN_CAR_AGE": None},
        history_found=True,
        feature_version=3,
        feature_fingerprint="0123456789abcdef",
        feature_date=datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        model_name="credit-scoring",
        model_version=2,
        model_hash="f" * 16,
        source="synthetic",
        threshold=1 / 11,
        probability=0.1 + 0.2,
        decision=Decision.REFUSED,
        caller="a test",
    ).model_copy(update=changed)


def entry(decision_id: str = "a" * 32, **changed: object) -> Entry:
    """That decision with a vector of four features, one of them missing."""
    return Entry(record(decision_id, **changed), FEATURES)


def entries(count: int, **changed: object) -> list[Entry]:
    """Several decisions, each with an id of its own."""
    return [entry(uuid.uuid4().hex, **changed) for _ in range(count)]
