"""A background thread that dies is restarted, or the service reports that it is no longer alive, within 5 s."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from credit_scoring.data_contracts.application_request import EXAMPLE
from credit_scoring.decisions.decision_record import DecisionRecord, Entry
from credit_scoring.decisions.decision_request import DecisionRequest
from credit_scoring.decisions.ledger import Ledger
from credit_scoring.decisions.recorder import Recorder
from credit_scoring.decisions.spool import Spool
from credit_scoring.model_registry.registry import Deployment, RegisteredScorer
from tests.support.scorers import Misbehaving, small_features, small_scorer
from tests.unit.api.fake_decisions import DECISION_ID, PUBLISHED_AT, FakeDecisions, FakeRegistry

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")

Start = Callable[..., TestClient]
FEATURES = small_features(3, rows=4)


class Killer:
    """Raises in the thread of its first caller once armed; `except Exception` does not catch a SystemExit."""

    def __init__(self, is_armed: bool = True, error: type[BaseException] = SystemExit) -> None:
        self.is_armed = is_armed
        self.error = error
        self.later_calls = 0

    def __call__(self) -> None:
        """Kill, or count the call."""
        if self.is_armed:
            self.is_armed, self.later_calls = False, 0
            raise self.error
        self.later_calls += 1


@pytest.fixture(params=[SystemExit, ZeroDivisionError])
def killer(request: pytest.FixtureRequest) -> Killer:
    return Killer(error=request.param)


def expected_failures(killer: Killer, thread: str) -> dict[str, float]:
    """Ordinary exceptions are handled within the thread."""
    return {thread: 1} if killer.error is SystemExit else {}


def within_five_seconds(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline, "not within five seconds"
        time.sleep(0.01)


def failures(client: TestClient) -> dict[str, float]:
    """Failures by thread, as Prometheus would see them."""
    return {
        sample.labels["thread"]: sample.value
        for family in text_string_to_metric_families(client.get("/metrics").text)
        for sample in family.samples
        if sample.name == "credit_thread_failures_total" and sample.value
    }


def test_without_the_decision_thread_the_service_is_not_alive(started: Start, decisions: FakeDecisions) -> None:
    client = started(environment="dev", api={"request_timeout_seconds": 0.2})
    assert client.get("/health/live").status_code == 200
    decisions.failure = SystemExit()
    assert client.post("/predict", json=EXAMPLE).status_code == 503
    within_five_seconds(lambda: client.get("/health/live").status_code == 503)
    for path in ("/health/live", "/health/ready"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert answer.json()["detail"] == "Unavailable: deciding."
    assert failures(client) == {"deciding": 1}


class RecordedDecisions(FakeDecisions):
    """Made-up decisions that a recorder writes to a ledger."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self.recorder = recorder
        self.threads = recorder.threads

    def begin_decisions(
        self, requests: Sequence[DecisionRequest], explain: object = None
    ) -> tuple[list[DecisionRecord], Future[None]]:
        """Refuse, and start recording."""
        records, _ = super().begin_decisions(requests)
        return records, self.recorder.record([Entry(record, FEATURES[0]) for record in records])

    def close(self) -> None:
        """Finish recording."""
        self.recorder.close()


class KilledLedger(Ledger):
    """Ends the threads that use it, once each."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"sqlite:///{path}", 1.0)
        self.kill_writer, self.kill_drainer = Killer(), Killer(is_armed=False)

    def append(self, entries: Sequence[Entry]) -> int:
        """Only the second call writes."""
        self.kill_writer()
        return super().append(entries)

    def check(self) -> None:
        """The next call fails once armed."""
        self.kill_drainer()
        super().check()


class TestRecorder:
    """On a ledger that ends the threads of its recorder."""

    @pytest.fixture
    def ledger(self, tmp_path: Path) -> KilledLedger:
        return KilledLedger(tmp_path / "decisions.db")

    @pytest.fixture
    def decisions(self, ledger: KilledLedger, tmp_path: Path) -> Iterator[FakeDecisions]:
        yield RecordedDecisions(Recorder(lambda: ledger, Spool(tmp_path / "spool", 1_000_000), 0.02))

    def test_its_threads_are_restarted_and_the_next_decision_is_recorded(
        self, client: TestClient, ledger: KilledLedger
    ) -> None:
        refused = client.post("/predict", json=EXAMPLE)
        assert refused.status_code == 503
        assert "may not have been recorded" in refused.json()["detail"]
        assert client.post("/predict", json=EXAMPLE).status_code == 200
        ledger.kill_drainer.is_armed = True
        within_five_seconds(lambda: not ledger.kill_drainer.is_armed and ledger.kill_drainer.later_calls > 0)
        assert ledger.get(DECISION_ID).record.probability == 0.25
        assert client.get("/health/live").status_code == 200
        assert failures(client) == {"ledger writer": 1, "ledger drainer": 1}


def test_the_shadow_is_restarted_and_compares_the_next_scoring(
    started: Start, decisions: FakeDecisions, registry: FakeRegistry, killer: Killer
) -> None:
    champion = small_scorer()
    challenger = Misbehaving(champion.model, champion.description, deed=killer)
    registry.number, registry.versions = 9, {9: RegisteredScorer(challenger, "credit-scoring", 9)}
    client = started(environment="dev", api={"shadow_alias": "challenger"})
    for _ in range(2):
        decisions.on_scoring(champion, FEATURES, champion.probability(FEATURES), 0.001)
    within_five_seconds(lambda: 'credit_shadow_decisions_total{result="same"} 4.0' in client.get("/metrics").text)
    assert client.get("/health/live").status_code == 200
    assert failures(client) == expected_failures(killer, "shadow scoring")


def test_the_model_watcher_is_restarted_and_activates_the_next_champion(
    started: Start, registry: FakeRegistry, killer: Killer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deployment(alias: str) -> Deployment:
        killer()
        return Deployment(registry.number, alias, PUBLISHED_AT)

    monkeypatch.setattr(registry, "deployment", deployment)
    registry.number, registry.versions = 6, {6: RegisteredScorer(small_scorer(), "credit-scoring", 6)}
    client = started(environment="dev", api={"model_refresh_seconds": 0.02})
    within_five_seconds(lambda: bool(client.get("/model-info").json()["model_version"] == 6))
    assert client.get("/health/live").status_code == 200
    assert failures(client) == expected_failures(killer, "champion")
