"""The service translates requests and answers, and decides nothing when a part it needs is away."""

import pytest
from fastapi.testclient import TestClient

from credit_scoring import __version__
from credit_scoring.api.application import EXAMPLE
from credit_scoring.api.main import create_app
from credit_scoring.core.errors import SettingsError
from tests.unit.api.fake_decisions import DECISION_ID, FakeDecisions


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


def test_the_application_is_passed_on_as_it_was_sent(client: TestClient, decisions: FakeDecisions) -> None:
    client.post("/predict", json=EXAMPLE | {"SK_ID_CURR": 100_001})
    without_client = {name: value for name, value in EXAMPLE.items() if name != "SK_ID_CURR"}
    client.post("/predict", json=without_client | {"OCCUPATION_TYPE": None})
    asked_without = {name: value for name, value in without_client.items() if name != "OCCUPATION_TYPE"}
    assert decisions.asked == [(EXAMPLE | {"SK_ID_CURR": 100_001}, 100_001), (asked_without, None)]


def test_a_whole_number_may_be_written_with_a_point(client: TestClient, decisions: FakeDecisions) -> None:
    assert client.post("/predict", json=EXAMPLE | {"CNT_FAM_MEMBERS": 2.0}).status_code == 200
    passed_on = decisions.asked[0][0]["CNT_FAM_MEMBERS"]
    assert passed_on == 2
    assert isinstance(passed_on, int)


def test_a_category_never_seen_is_a_legal_value(client: TestClient, decisions: FakeDecisions) -> None:
    answer = client.post("/predict", json=EXAMPLE | {"OCCUPATION_TYPE": "Astronaut"})
    assert answer.status_code == 200
    assert decisions.asked[0][0]["OCCUPATION_TYPE"] == "Astronaut"


def test_health_names_the_versions_in_use(client: TestClient) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "healthy",
        "version": __version__,
        "model_version": 5,
        "feature_version": 3,
    }


def test_without_the_ledger_the_answer_is_503_and_says_what_to_do(
    client: TestClient, decisions: FakeDecisions
) -> None:
    decisions.ledger_is_away = True
    answer = client.post("/predict", json=EXAMPLE)
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["type"]) == (503, "urn:credit-scoring:problem:unavailable")
    assert problem["detail"] == "The decision ledger does not answer. Start it."


def test_a_wrong_setting_stops_the_service_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDIT_LEDGER", "sqlite://")
    with pytest.raises(SettingsError, match="CREDIT_LEDGER"):
        create_app()


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nothing", 404), ("GET", "/predict", 405)])
def test_what_the_framework_refuses_is_a_problem_too(
    client: TestClient, method: str, path: str, status: int
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
