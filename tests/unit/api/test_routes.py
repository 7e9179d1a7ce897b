"""The service translates requests and answers, and decides nothing while a component it needs is unavailable."""

from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from credit_scoring import __version__
from credit_scoring.api.main import create_app
from credit_scoring.core.errors import ErasedError, SettingsError, StorageError
from credit_scoring.data_contracts.application_request import EXAMPLE
from credit_scoring.decisions.replay import Difference, Replay
from credit_scoring.scoring.scorer import Decision
from tests.unit.api.fake_decisions import DECISION_ID, PUBLISHED_AT, FakeDecisions


def test_a_decision_is_answered_with_its_versions(client: TestClient) -> None:
    answer = client.post("/predict", json=EXAMPLE | {"SK_ID_CURR": 100_001})
    assert answer.status_code == 200
    assert answer.json() == {
        "decision_id": DECISION_ID,
        "probability_of_default": 0.25,
        "decision": "refused",
        "threshold": 0.1,
        "model_name": "credit-scoring",
        "model_version": 5,
        "feature_version": 3,
        "feature_date": "2026-01-02T03:04:00Z",
        "history_found": True,
        "data_source": "synthetic",
    }


def test_the_application_is_passed_on_unchanged(client: TestClient, decisions: FakeDecisions) -> None:
    client.post("/predict", json=EXAMPLE | {"SK_ID_CURR": 100_001})
    without_client = {name: value for name, value in EXAMPLE.items() if name != "SK_ID_CURR"}
    client.post("/predict", json=without_client | {"OCCUPATION_TYPE": None})
    expected_without = {name: value for name, value in without_client.items() if name != "OCCUPATION_TYPE"}
    assert decisions.requests == [(EXAMPLE | {"SK_ID_CURR": 100_001}, 100_001), (expected_without, None)]


def test_a_whole_number_may_be_written_with_a_decimal_point(client: TestClient, decisions: FakeDecisions) -> None:
    assert client.post("/predict", json=EXAMPLE | {"CNT_FAM_MEMBERS": 2.0}).status_code == 200
    passed_on = decisions.requests[0][0]["CNT_FAM_MEMBERS"]
    assert passed_on == 2
    assert isinstance(passed_on, int)


def test_an_unknown_category_is_accepted(client: TestClient, decisions: FakeDecisions) -> None:
    answer = client.post("/predict", json=EXAMPLE | {"OCCUPATION_TYPE": "Astronaut"})
    assert answer.status_code == 200
    assert decisions.requests[0][0]["OCCUPATION_TYPE"] == "Astronaut"


def test_health_names_versions_and_components(client: TestClient, decisions: FakeDecisions) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "healthy",
        "version": __version__,
        "model_version": 5,
        "feature_version": 3,
        "parts": {"model": "ready", "store": "ready", "ledger": "ready", "deciding": "ready"},
        "spooled_decisions": 0,
    }


def test_while_decisions_are_spooled_health_is_degraded_but_the_service_is_ready(
    client: TestClient, decisions: FakeDecisions
) -> None:
    decisions.ledger_unavailable_reason = "it is away"
    answer = client.get("/health").json()
    assert (answer["status"], answer["spooled_decisions"]) == ("degraded", 7)
    assert answer["parts"]["ledger"] == "unavailable; decisions are spooled on the local disk"
    assert client.get("/health/ready").status_code == 200


def test_an_unavailable_component_is_named_and_the_process_stays_alive(
    client: TestClient, decisions: FakeDecisions
) -> None:
    decisions.reasons = {"model": None, "store": "The online store does not answer.", "ledger": None}
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["detail"]) == (503, "Unavailable: store.")
    answer = client.get("/health")
    assert answer.status_code == 503
    assert (answer.json()["status"], answer.json()["version"]) == ("unhealthy", __version__)
    assert answer.json()["parts"] == {"model": "ready", "store": "unavailable", "ledger": "ready", "deciding": "ready"}
    assert client.get("/health/live").json() == {"status": "alive"}


def test_without_the_decision_thread_the_service_is_not_ready(client: TestClient) -> None:
    client.app.state.service.batcher.stop()  # type: ignore[attr-defined]
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["detail"]) == (503, "Unavailable: deciding.")
    refused = client.post("/predict", json=EXAMPLE)
    assert refused.status_code == 503
    assert "decides nothing any more" in refused.json()["detail"]


def test_a_batch_is_answered_in_its_order(client: TestClient, decisions: FakeDecisions) -> None:
    applications = [EXAMPLE | {"SK_ID_CURR": number} for number in (3, 1, 2)]
    answer = client.post("/predict/batch", json={"applications": applications})
    assert answer.status_code == 200
    assert [one["decision_id"] for one in answer.json()["predictions"]] == [DECISION_ID] * 3
    assert [client_id for _, client_id in decisions.requests] == [3, 1, 2]


@pytest.mark.parametrize(
    ("count", "status"), [(0, 422), (1, 200), (1000, 200), (1001, 422)], ids=["none", "one", "maximum", "too many"]
)
def test_a_batch_holds_one_to_a_thousand(client: TestClient, count: int, status: int) -> None:
    small = {name: EXAMPLE[name] for name in ("NAME_CONTRACT_TYPE", "AMT_INCOME_TOTAL", "AMT_CREDIT", "DAYS_BIRTH")}
    answer = client.post("/predict/batch", json={"applications": [small] * count})
    assert answer.status_code == status


def test_an_invalid_application_of_a_batch_is_named_by_its_index(client: TestClient, decisions: FakeDecisions) -> None:
    body = {"applications": [EXAMPLE, EXAMPLE | {"AMT_CREDIT": -1}]}
    answer = client.post("/predict/batch", json=body)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["pointer"] == "#/applications/1/AMT_CREDIT"
    assert error["allowed"].startswith("a number from 0 to")
    assert decisions.requests == []


def test_the_ledger_gets_the_caller_and_the_request(client: TestClient, decisions: FakeDecisions) -> None:
    client.post("/predict", json=EXAMPLE, headers={"X-Request-ID": "order-7"})
    assert decisions.callers == [("without-key", "order-7")]


def test_a_recorded_decision_can_be_read(client: TestClient) -> None:
    answer = client.get(f"/decisions/{DECISION_ID}")
    assert answer.status_code == 200
    assert answer.json()["client_id"] == 7
    assert answer.json()["application"] == {"AMT_CREDIT": 1.0, "AMT_ANNUITY": None}


def test_a_replay_says_whether_everything_is_equal(client: TestClient, decisions: FakeDecisions) -> None:
    answer = client.post(f"/decisions/{DECISION_ID}/replay").json()
    assert (answer["is_equal"], answer["differences"]) == (True, [])
    difference = Difference("probability", "0.25", "0.26")
    record = decisions.find(DECISION_ID)
    decisions.replay_answer = Replay(record, 0.26, Decision.REFUSED, False, (difference,))
    answer = client.post(f"/decisions/{DECISION_ID}/replay").json()
    assert not answer["is_equal"]
    assert answer["differences"] == [{"name": "probability", "recorded": "0.25", "replayed": "0.26"}]


def test_an_unknown_decision_is_not_found(client: TestClient) -> None:
    for answer in (client.get(f"/decisions/{'0' * 32}"), client.post(f"/decisions/{'0' * 32}/replay")):
        assert answer.status_code == 404
        assert answer.json()["type"] == "urn:credit-scoring:problem:not-found"


def test_an_erased_decision_is_gone(client: TestClient, decisions: FakeDecisions) -> None:
    decisions.failure = ErasedError("The decision was erased.", "It cannot be had again.")
    assert client.get(f"/decisions/{DECISION_ID}").status_code == 410


@pytest.mark.parametrize(
    "path", ["/decisions/1", f"/decisions/{'G' * 32}", "/clients/0", "/clients/x", "/clients/99999999999"]
)
def test_an_invalid_id_is_rejected_with_the_allowed_values(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["pointer"] in {"decision_id", "client_id"}
    assert error["given"]
    assert error["allowed"]


def test_the_history_of_a_client_is_what_a_decision_would_use(client: TestClient) -> None:
    answer = client.get("/clients/7").json()
    assert answer["features"] == {"loans": 2.0, "days_late": None}
    assert (answer["feature_version"], answer["data_source"]) == (3, "synthetic")
    assert client.get("/clients/8").status_code == 404


def test_the_model_in_use_is_described(client: TestClient) -> None:
    answer = client.get("/model-info").json()
    assert (answer["model_name"], answer["model_version"]) == ("credit-scoring", 5)
    assert answer["metrics"] == {"auc": 0.75}
    assert answer["data_source"] == "synthetic"
    assert datetime.fromisoformat(answer["in_use_since"]) <= datetime.now(UTC)
    assert (answer["alias"], datetime.fromisoformat(answer["deployed_at"])) == ("production", PUBLISHED_AT)


def test_without_the_ledger_the_answer_is_503_and_says_what_to_do(client: TestClient, decisions: FakeDecisions) -> None:
    decisions.failure = StorageError(
        "postgresql://10.0.0.7/credit does not answer.", "Start it.", "The ledger is unavailable."
    )
    answer = client.post("/predict", json=EXAMPLE)
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["type"]) == (503, "urn:credit-scoring:problem:unavailable")
    assert problem["detail"] == "The ledger is unavailable."


def test_an_unknown_setting_stops_the_service_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDIT_LEDGER", "sqlite://")
    with pytest.raises(SettingsError, match="CREDIT_LEDGER"):
        create_app()


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nothing", 404), ("GET", "/predict", 405)])
def test_errors_of_the_framework_are_problems_too(client: TestClient, method: str, path: str, status: int) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
