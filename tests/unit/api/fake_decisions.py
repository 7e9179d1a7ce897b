"""Fakes of the decision service and the registry: no model, store or ledger."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any

from pydantic import JsonValue

from credit_scoring.core.errors import MissingArtefactError, ModelNotFoundError, UnexplainableModelError
from credit_scoring.core.supervised_thread import SupervisedThread
from credit_scoring.decisions.decision_record import DecisionRecord
from credit_scoring.decisions.decision_request import DecisionRequest
from credit_scoring.decisions.outcome_reports import OutcomeReport
from credit_scoring.decisions.outcomes import Recorded
from credit_scoring.decisions.replay import Replay
from credit_scoring.decisions.service import ScoringObserver
from credit_scoring.feature_store.online import OnlineVersion
from credit_scoring.model_registry.registry import Deployment, RegisteredScorer
from credit_scoring.scoring.scorer import Decision
from tests.support.scorers import small_scorer

PUBLISHED_AT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
DECISION_ID = "0123456789abcdef0123456789abcdef"  # pragma: allowlist secret


class FakeRegistry:
    """The alias points to `number`; tests add versions."""

    def __init__(self) -> None:
        self.number = 5
        self.versions: dict[int, RegisteredScorer] = {}

    def deployment(self, alias: str) -> Deployment:
        """The version that the alias points to."""
        return Deployment(self.number, alias, PUBLISHED_AT)

    def load_version(self, number: int) -> RegisteredScorer:
        """A version that a test added."""
        if number not in self.versions:
            raise ModelNotFoundError(f"There is no version {number}.", "Train one.")
        return self.versions[number]


class FakeDecisions:
    """Refuses every application with probability 0.25, unless `failure` is set."""

    def __init__(self) -> None:
        self.threads: tuple[SupervisedThread, ...] = ()
        self.on_scoring: ScoringObserver = lambda *_: None
        self.feature_version = OnlineVersion(
            fingerprint="0123456789abcdef",
            number=3,
            created_at=PUBLISHED_AT,
            source="synthetic",
            history_features=("a",),
            population="{}",
            without_history=(None,),
        )
        self.registered = RegisteredScorer(
            small_scorer(), "credit-scoring", 5, deployment=Deployment(5, "production", PUBLISHED_AT)
        )
        self.failure: BaseException | None = None
        self.reasons: dict[str, str | None] = {"model": None, "store": None, "ledger": None}
        self.ledger_unavailable_reason: str | None = None
        self.is_called = threading.Event()
        self.wait_for: threading.Event | None = None
        self.requests: list[tuple[dict[str, Any], int | None]] = []
        self.callers: list[tuple[str, str | None]] = []
        self.reasons_recorded: JsonValue = None
        self.is_explainable = True
        self.replay_answer: Replay | None = None

    def observe(self, on_lookup: Callable[[float], None], on_scoring: ScoringObserver) -> None:
        """Keep the observer; tests call it."""
        self.on_scoring = on_scoring

    def close(self) -> None:
        """Nothing to close."""

    def use(self, registered: RegisteredScorer) -> None:
        """Decide with another Scorer."""
        self.registered = registered

    def record_reports(self, reports: Sequence[OutcomeReport], by: str) -> Recorded:
        """Record every outcome as new."""
        return Recorded(new=len(reports))

    def readiness(self) -> dict[str, str | None]:
        """The reasons that a test set."""
        return self.reasons

    def check_store(self) -> None:
        """Works, like readiness, as a test set it."""

    def spool_depth(self) -> int:
        """Seven while the ledger is unavailable."""
        return 0 if self.ledger_unavailable_reason is None else 7

    def begin_decisions(
        self, requests: Sequence[DecisionRequest], explain: object = None
    ) -> tuple[list[DecisionRecord], Future[None]]:
        """Remember the requests, and refuse."""
        self.is_called.set()
        if self.wait_for is not None:
            self.wait_for.wait(30)
        if self.failure is not None:
            raise self.failure
        if explain is not None and not self.is_explainable:
            raise UnexplainableModelError("The blend has no averages.", "Choose another.")
        recorded: Future[None] = Future()
        recorded.set_result(None)
        records = []
        for request in requests:
            self.requests.append((dict(request.application), request.client_id))
            self.callers.append((request.caller, request.request_id))
            record = record_of(request.application, request.client_id, request.caller)
            records.append(record.model_copy(update={"reasons": explain and self.reasons_recorded}))
        return records, recorded

    def make_decisions(self, requests: Sequence[DecisionRequest]) -> list[DecisionRecord]:
        """Refuse all."""
        return self.begin_decisions(requests)[0]

    def find(self, decision_id: str) -> DecisionRecord:
        """The only decision."""
        if self.failure is not None:
            raise self.failure
        if decision_id != DECISION_ID:
            raise MissingArtefactError("The ledger holds no such decision.", "Check the id.")
        return record_of({"AMT_CREDIT": 1.0, "AMT_ANNUITY": float("nan")}, 7, "somebody")

    def replay(self, decision_id: str) -> Replay:
        """The replay that a test set, else an equal one."""
        record = self.find(decision_id)
        return self.replay_answer or Replay(record, 0.25, Decision.REFUSED, True, ())

    def history_of(self, client_id: int) -> tuple[OnlineVersion, dict[str, float | None] | None]:
        """Only client 7 has a history."""
        return self.feature_version, {"loans": 2.0, "days_late": None} if client_id == 7 else None


def record_of(application: Mapping[str, Any], client_id: int | None, caller: str) -> DecisionRecord:
    """A decision on an application."""
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
