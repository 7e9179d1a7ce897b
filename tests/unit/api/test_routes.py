"""The service translates requests and answers, and decides nothing when a part it needs is away."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from credit_scoring import __version__
from credit_scoring.api.main import create_app
from credit_scoring.core.errors import SettingsError, StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.decisions.ledger import DecisionRecord
from credit_scoring.scoring.scorer import Decision
from credit_scoring.tables.application import APPLICATION_TEST

REQUEST: dict[str, Any] = {
    "NAME_CONTRACT_TYPE": "Cash loans",
    "AMT_INCOME_TOTAL": 135_000.0,
    "AMT_CREDIT": 500_000.0,
    "DAYS_BIRTH": -12_000,
}
PUBLISHED_AT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


class FakeDecisions:
    """Refuses everybody with probability 0.25, unless the ledger is away."""

    feature_version = SimpleNamespace(number=3, created_at=PUBLISHED_AT)
    registered = SimpleNamespace(version=5)

    def __init__(self) -> None:
        self.ledger_is_away = False
        self.asked: list[tuple[dict[str, Any], int | None]] = []

    def decide(self, application: Mapping[str, Any], client_id: int | None) -> DecisionRecord:
        if self.ledger_is_away:
            raise StorageError("The decision ledger does not answer.", "Start it.")
        self.asked.append((dict(application), client_id))
        return DecisionRecord(
            decision_id="0123456789abcdef0123456789abcdef",  # pragma: allowlist secret
            decided_at=datetime.now(UTC),
            client_id=client_id,
            application=dict(application),
            history_found=client_id is not None,
            feature_version=3,
            feature_fingerprint="0123456789abcdef",
            feature_date=datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
            model_name="credit-scoring",
            model_version=5,
            model_hash="f" * 16,
            source="synthetic",
            threshold=0.1,
            probability=0.25,
            decision=Decision.REFUSED,
        )


@pytest.fixture
def decisions() -> FakeDecisions:
    return FakeDecisions()


@pytest.fixture
def client(decisions: FakeDecisions, settings: Settings) -> TestClient:
    app = create_app(settings)
    # Not entered as a context: the service's own start, which needs a model, is left out.
    app.state.decisions = decisions
    return TestClient(app)


def test_a_decision_is_answered_with_its_versions(client: TestClient) -> None:
    answer = client.post("/predict", json=REQUEST | {"SK_ID_CURR": 100_001})
    assert answer.status_code == 200
    assert answer.json() == {
        "decision_id": "0123456789abcdef0123456789abcdef",  # pragma: allowlist secret
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
    client.post("/predict", json=REQUEST | {"SK_ID_CURR": 100_001, "OCCUPATION_TYPE": None})
    client.post("/predict", json=REQUEST)
    assert decisions.asked == [(REQUEST | {"SK_ID_CURR": 100_001}, 100_001), (REQUEST, None)]


def test_a_category_never_seen_is_a_legal_value(client: TestClient, decisions: FakeDecisions) -> None:
    answer = client.post("/predict", json=REQUEST | {"OCCUPATION_TYPE": "Astronaut"})
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


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("AMT_CREDIT", "a lot"),
        ("AMT_CREDIT", [1]),
        ("AMT_CREDIT", None),
        ("DAYS_BIRTH", -12_000.5),
        ("DAYS_BIRTH", 10**400),
        ("SK_ID_CURR", 2**31),
        ("CNT_CHILDREN", 300),
        ("NAME_CONTRACT_TYPE", 7),
        ("NAME_CONTRACT_TYPE", "x" * 101),
        ("COLOUR", "blue"),
        ("TARGET", 1),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_decided(
    client: TestClient, decisions: FakeDecisions, field: str, value: object
) -> None:
    answer = client.post("/predict", json=REQUEST | {field: value})
    assert answer.status_code == 422
    assert [problem["loc"] for problem in answer.json()["detail"]] == [["body", field]]
    assert decisions.asked == []


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_what_is_no_finite_number_is_refused(
    client: TestClient, decisions: FakeDecisions, number: str
) -> None:
    text = (
        '{"NAME_CONTRACT_TYPE": "Cash loans", "AMT_INCOME_TOTAL": 1, "DAYS_BIRTH": -9000, "AMT_CREDIT": '
        + number
        + "}"
    )
    answer = client.post("/predict", content=text, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "AMT_CREDIT"]
    assert decisions.asked == []


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"text"', '{"NAME_CONTRACT_TYPE": "\\ud800"}'])
def test_a_body_that_is_no_application_is_refused(client: TestClient, text: str) -> None:
    answer = client.post("/predict", content=text, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["detail"]


@pytest.mark.parametrize("required", REQUEST)
def test_a_required_column_cannot_be_left_out(client: TestClient, required: str) -> None:
    answer = client.post(
        "/predict", json={name: value for name, value in REQUEST.items() if name != required}
    )
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", required]


def test_a_refusal_to_read_does_not_repeat_what_was_sent(client: TestClient) -> None:
    answer = client.post("/predict", json=REQUEST | {"AMT_CREDIT": "something personal"})
    assert "personal" not in answer.text


def test_without_the_ledger_the_answer_is_503_and_says_what_to_do(
    client: TestClient, decisions: FakeDecisions
) -> None:
    decisions.ledger_is_away = True
    answer = client.post("/predict", json=REQUEST)
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["type"]) == (503, "about:blank")
    assert problem["detail"] == "The decision ledger does not answer. Start it."


def test_a_wrong_setting_stops_the_service_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDIT_LEDGER", "sqlite://")
    with pytest.raises(SettingsError, match="CREDIT_LEDGER"):
        create_app()


def test_the_description_of_the_service_names_every_raw_column(client: TestClient) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    fields = schemas["Application"]["properties"]
    assert list(fields) == list(APPLICATION_TEST.column_names)
    for column in APPLICATION_TEST.columns:
        assert column.meaning in fields[column.name]["description"]
        assert all(category in fields[column.name]["description"] for category in column.categories)
        assert column.unit in fields[column.name]["description"]
    assert set(schemas["Application"]["required"]) == set(REQUEST)
