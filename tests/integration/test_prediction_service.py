"""The service on a real store, registry and ledger, in this process."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from fastapi.testclient import TestClient

from credit_scoring.api.main import create_app
from credit_scoring.core.errors import MissingArtefactError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.decisions.ledger import Ledger
from credit_scoring.feature_store import step as feature_store
from tests.feature_versions import compute_made_up_features, made_up_features

REQUEST = {
    "SK_ID_CURR": 7,
    "NAME_CONTRACT_TYPE": "Cash loans",
    "AMT_INCOME_TOTAL": 135_000.0,
    "AMT_CREDIT": 500_000.0,
    "DAYS_BIRTH": -12_000,
}


@pytest.fixture
def client(trained_copy: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(trained_copy.model_copy(update={"environment": "dev"}))) as started:
        yield started


def test_an_answered_decision_stands_in_the_ledger(client: TestClient, trained_copy: Settings) -> None:
    answer = client.post("/predict", json=REQUEST).json()
    ledger = Ledger(Storage.of(trained_copy).database_url("", "decisions"))
    recorded = ledger.get(answer["decision_id"]).record
    assert recorded.probability == answer["probability_of_default"]
    assert recorded.decision.value == answer["decision"]
    assert recorded.application == REQUEST
    assert answer["history_found"]
    assert answer["data_source"] == "synthetic"
    ledger.close()


def test_the_same_application_gets_the_same_probability_under_a_new_id(client: TestClient) -> None:
    first, second = (client.post("/predict", json=REQUEST).json() for _ in range(2))
    assert first["probability_of_default"] == second["probability_of_default"]
    assert first["decision_id"] != second["decision_id"]


def test_a_client_with_history_is_told_from_a_new_one(client: TestClient) -> None:
    new = client.post("/predict", json=REQUEST | {"SK_ID_CURR": None}).json()
    known = client.post("/predict", json=REQUEST).json()
    assert (known["history_found"], new["history_found"]) == (True, False)
    assert known["probability_of_default"] != new["probability_of_default"]


def test_health_names_model_and_features(client: TestClient) -> None:
    answer = client.get("/health").json()
    assert (answer["status"], answer["model_version"], answer["feature_version"]) == ("healthy", 1, 0)


@pytest.mark.parametrize(
    ("name", "table", "called"),
    [("online_store", "online_features", "online store")],
)
def test_without_a_part_of_a_database_nothing_is_decided(
    client: TestClient, trained_copy: Settings, name: str, table: str, called: str
) -> None:
    with closing(sqlite3.connect(trained_copy.data_directory / "databases" / f"{name}.db")) as database:
        database.execute(f"DROP TABLE {table}")
    answer = client.post("/predict", json=REQUEST)
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert called in answer.json()["detail"]


def test_features_published_meanwhile_are_served_at_once(client: TestClient, trained_copy: Settings) -> None:
    before = client.post("/predict", json=REQUEST).json()
    compute_made_up_features(trained_copy, made_up_features(seed=1), name="second")
    feature_store.run(trained_copy)
    after = client.post("/predict", json=REQUEST).json()
    assert (before["feature_version"], after["feature_version"]) == (0, 1)
    assert after["feature_date"] > before["feature_date"]
    assert after["probability_of_default"] != before["probability_of_default"]


def test_settings_of_the_environment_are_used_when_none_are_given(
    trained_copy: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDIT_DATA_DIRECTORY", str(trained_copy.data_directory))
    with TestClient(create_app()) as client:
        assert client.get("/health").json()["model_version"] == 1


def test_without_published_features_the_service_does_not_start(with_tracking: Settings) -> None:
    with pytest.raises(MissingArtefactError, match="features publish"):
        with TestClient(create_app(with_tracking)):
            pass


def test_reasons_that_are_answered_are_those_of_the_ledger(client: TestClient) -> None:
    answer = client.post("/predict?explain=true", json=REQUEST, headers={"Accept-Language": "en"}).json()
    recorded = client.get(f"/decisions/{answer['decision_id']}").json()["reasons"]
    assert answer["explanation"]["reasons"] == recorded["words"]["en"]["reasons"] != []
    assert recorded["probability"] == answer["probability_of_default"]
    assert recorded["decision"] == answer["decision"]
