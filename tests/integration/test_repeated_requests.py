"""A request that is sent again with its idempotency key is answered with its first decision."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient

from credit_scoring.api import idempotency
from credit_scoring.api.main import create_app
from credit_scoring.core.errors import StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.decisions.ledger import Erasure, Ledger
from tests.integration.test_prediction_service import REQUEST

KEY = {"Idempotency-Key": "application 4711"}
_MADE = "credit_predictions_total{"


@pytest.fixture
def replicas(trained_copy: Settings) -> Iterator[list[TestClient]]:
    """Two services on one ledger."""
    with ExitStack() as running:
        settings = trained_copy.with_values(environment="dev", api={"requests_per_second": 1e9})
        yield [running.enter_context(TestClient(create_app(settings))) for _ in range(2)]


def rows(settings: Settings) -> int:
    ledger = Ledger(Storage.of(settings).database_url("", "decisions"))
    count = ledger.head().rows
    ledger.close()
    return count


def test_the_first_decision_is_answered_again_by_every_replica(
    replicas: list[TestClient], trained_copy: Settings
) -> None:
    before = rows(trained_copy)
    answers = [replica.post("/predict", json=REQUEST, headers=KEY).json() for replica in (*replicas, *replicas)]
    assert all(answer == answers[0] for answer in answers)
    assert rows(trained_copy) == before + 1
    assert sum(line.startswith(_MADE) for line in replicas[1].get("/metrics").text.splitlines()) == 0


def test_requests_at_the_same_moment_get_one_decision(replicas: list[TestClient], trained_copy: Settings) -> None:
    before = rows(trained_copy)
    with ThreadPoolExecutor(8) as threads:
        sent = [
            threads.submit(replicas[number % 2].post, "/predict", json=REQUEST, headers=KEY) for number in range(16)
        ]
    answers = [one.result() for one in sent]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["decision_id"] for answer in answers}) == 1
    assert rows(trained_copy) == before + 1


def test_many_requests_with_one_key_in_one_transaction_leave_the_ledger_usable(replicas: list[TestClient]) -> None:
    for number in range(6):
        key = {"Idempotency-Key": f"round {number}"}
        with ThreadPoolExecutor(8) as threads:
            sent = [threads.submit(replicas[0].post, "/predict", json=REQUEST, headers=key) for _ in range(8)]
        assert len({one.result().json()["decision_id"] for one in sent}) == 1
    assert replicas[0].get("/health").json()["status"] == "healthy"


def test_another_application_with_the_same_key_is_rejected(replicas: list[TestClient]) -> None:
    assert replicas[0].post("/predict", json=REQUEST, headers=KEY).status_code == 200
    answer = replicas[1].post("/predict", json=REQUEST | {"AMT_CREDIT": 1_000.0}, headers=KEY)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["Idempotency-Key"]


def test_the_key_of_a_day_ago_makes_a_new_decision(replicas: list[TestClient], monkeypatch: pytest.MonkeyPatch) -> None:
    first = replicas[0].post("/predict", json=REQUEST, headers=KEY).json()

    passed = timedelta()
    clock = SimpleNamespace(now=lambda _: datetime.now(UTC) + passed)
    monkeypatch.setattr(idempotency, "datetime", clock)
    passed = timedelta(hours=23, minutes=59)
    assert replicas[0].post("/predict", json=REQUEST, headers=KEY).json() == first
    passed = timedelta(hours=24)
    later = replicas[0].post("/predict", json=REQUEST, headers=KEY).json()
    assert later["decision_id"] != first["decision_id"]


def test_another_caller_with_the_same_key_gets_a_decision_of_its_own() -> None:
    now = datetime.now(UTC)
    assert idempotency.decision_ids("a", "key", now) != idempotency.decision_ids("b", "key", now)
    assert idempotency.decision_ids("a", "key", now) == idempotency.decision_ids("a", "key", now)


def test_reasons_are_answered_again_with_the_decision(replicas: list[TestClient]) -> None:
    first, again = (replica.post("/predict?explain=true", json=REQUEST, headers=KEY).json() for replica in replicas)
    assert first == again and "reasons" in first["explanation"]


def test_an_erased_decision_is_not_made_again(replicas: list[TestClient], trained_copy: Settings) -> None:
    made = replicas[0].post("/predict", json=REQUEST, headers=KEY).json()
    ledger = Ledger(Storage.of(trained_copy).database_url("", "decisions"))
    ledger.erase_decision(made["decision_id"], Erasure("clerk", "requested"))
    ledger.close()
    assert replicas[1].post("/predict", json=REQUEST, headers=KEY).status_code == 410


@pytest.mark.parametrize(("first", "second"), [("false", "true"), ("true", "false")])
def test_another_value_of_explain_with_the_same_key_is_rejected(
    replicas: list[TestClient], first: str, second: str
) -> None:
    assert replicas[0].post(f"/predict?explain={first}", json=REQUEST, headers=KEY).status_code == 200
    answer = replicas[1].post(f"/predict?explain={second}", json=REQUEST, headers=KEY)
    assert answer.status_code == 422
    assert "`explain`" in answer.json()["errors"][0]["allowed"]


def test_a_repeated_request_that_names_no_value_of_explain_is_answered_as_its_first_was(
    replicas: list[TestClient], trained_copy: Settings
) -> None:
    changed = trained_copy.with_values(environment="dev", api={"requests_per_second": 1e9, "reasons_by_default": True})
    with TestClient(create_app(changed)) as with_reasons:
        for first, second, key in ((replicas[0], with_reasons, "a"), (with_reasons, replicas[0], "b")):
            answers = [
                one.post("/predict", json=REQUEST, headers={"Idempotency-Key": key}).json() for one in (first, second)
            ]
            assert answers[0] == answers[1], "replicas of a rolling update have different defaults"
            assert ("explanation" in answers[0]) is (first is with_reasons)
        explicit = with_reasons.post("/predict?explain=true", json=REQUEST, headers={"Idempotency-Key": "a"})
        assert explicit.status_code == 422


def test_two_keys_are_rejected(replicas: list[TestClient]) -> None:
    answer = replicas[0].post("/predict", json=REQUEST, headers=[("Idempotency-Key", "a"), ("Idempotency-Key", "b")])
    assert answer.status_code == 422
    assert [error["given"] for error in answer.json()["errors"]] == ["'a, b'"]


def test_a_request_with_a_key_is_not_decided_while_the_ledger_fails(
    replicas: list[TestClient], trained_copy: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(ledger: Ledger, entries: object) -> int:
        raise StorageError("The ledger failed between the look-up and the record.", "Send the request again.")

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "append", failing)
        assert replicas[0].post("/predict", json=REQUEST, headers=KEY).status_code == 503
    assert replicas[0].get("/health").json()["spooled_decisions"] == 0
    assert replicas[1].post("/predict", json=REQUEST, headers=KEY).status_code == 200


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_an_invalid_key_is_rejected(replicas: list[TestClient], key: str) -> None:
    answer = replicas[0].post("/predict", json=REQUEST, headers={"Idempotency-Key": key})
    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.text


def test_a_batch_does_not_take_a_key(replicas: list[TestClient]) -> None:
    answer = replicas[0].post("/predict/batch", json={"applications": [REQUEST]}, headers=KEY)
    assert answer.status_code == 422
    assert "only /predict recognises repeated requests" in answer.text
