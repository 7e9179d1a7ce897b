"""The service on a real store, registry and ledger, in this process."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial

import pytest
from fastapi.testclient import TestClient

from credit_scoring.api.main import create_app
from credit_scoring.core.errors import MissingArtefactError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.decisions.ledger import Ledger
from credit_scoring.feature_store import step as feature_store
from credit_scoring.model_registry.promotion import promote
from credit_scoring.model_registry.registry import Deployment, ModelRegistry, RegisteredScorer
from tests.support.audits import report_a_passed_audit
from tests.support.feature_versions import compute_made_up_features, made_up_features
from tests.support.promotions import DEMONSTRATION, events
from tests.support.scorers import Misbehaving
from tests.support.waiting import until

CHALLENGER = "challenger"
REQUEST = {
    "SK_ID_CURR": 7,
    "NAME_CONTRACT_TYPE": "Cash loans",
    "AMT_INCOME_TOTAL": 135_000.0,
    "AMT_CREDIT": 500_000.0,
    "DAYS_BIRTH": -12_000,
}


@pytest.fixture
def client(trained_copy: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(trained_copy.with_values(environment="dev"))) as started:
        yield started


def test_an_answered_decision_is_in_the_ledger(client: TestClient, trained_copy: Settings) -> None:
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


def test_a_client_with_history_is_distinguished_from_a_new_one(client: TestClient) -> None:
    new = client.post("/predict", json=REQUEST | {"SK_ID_CURR": None}).json()
    known = client.post("/predict", json=REQUEST).json()
    assert (known["history_found"], new["history_found"]) == (True, False)
    assert known["probability_of_default"] != new["probability_of_default"]


def alias_is(client: TestClient, alias: str) -> bool:
    return bool(client.get("/model-info").json()["alias"] == alias)


def test_every_replica_names_the_alias_that_exists_and_when_it_was_moved(trained_copy: Settings) -> None:
    settings = trained_copy.with_values(environment="dev", api={"model_refresh_seconds": 0.05})
    with TestClient(create_app(settings)) as first, TestClient(create_app(settings)) as second:
        answers = [each.get("/model-info").json() for each in (first, second)]
        assert {answer["alias"] for answer in answers} == {"staging"}  # never promoted
        report_a_passed_audit(settings)
        promote(settings, "1", DEMONSTRATION)
        (event,) = events(settings)
        for each in (first, second):
            until(partial(alias_is, each, "production"))
            assert datetime.fromisoformat(each.get("/model-info").json()["deployed_at"]) == event.at
    assert answers[0]["deployed_at"] == answers[1]["deployed_at"] < event.at.isoformat()


def test_health_names_model_and_features(client: TestClient) -> None:
    answer = client.get("/health").json()
    assert (answer["status"], answer["model_version"], answer["feature_version"]) == ("healthy", 1, 0)


@pytest.mark.parametrize(("name", "table", "called"), [("online_store", "online_features", "online store")])
def test_without_the_store_nothing_is_decided(
    client: TestClient, trained_copy: Settings, name: str, table: str, called: str
) -> None:
    with closing(sqlite3.connect(trained_copy.data_directory / "databases" / f"{name}.db")) as database:
        database.execute(f"DROP TABLE {table}")
    answer = client.post("/predict", json=REQUEST)
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert called in answer.json()["detail"]


def test_newly_published_features_are_served_at_once(client: TestClient, trained_copy: Settings) -> None:
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


def test_answered_reasons_are_those_of_the_ledger(client: TestClient) -> None:
    answer = client.post("/predict?explain=true", json=REQUEST, headers={"Accept-Language": "en"}).json()
    recorded = client.get(f"/decisions/{answer['decision_id']}").json()["reasons"]
    assert answer["explanation"]["reasons"] == recorded["words"]["en"]["reasons"] != []
    assert recorded["probability"] == answer["probability_of_default"]
    assert recorded["decision"] == answer["decision"]


class SlowChallenger(ModelRegistry):
    """A registry whose challenger sleeps or crashes in every decision."""

    deed: Callable[[], None]

    def deployment(self, alias: str) -> Deployment:
        """The challenger's number is not in the registry."""
        return Deployment(99, alias, datetime.now(UTC)) if alias == CHALLENGER else super().deployment(alias)

    def load_version(self, number: int) -> RegisteredScorer:
        """The champion's Scorer as challenger."""
        if number != 99:
            return super().load_version(number)
        champion = super().load("staging")
        scorer = Misbehaving(champion.scorer.model, champion.scorer.description, deed=self.deed)
        return RegisteredScorer(scorer, champion.name, number)


def until_measured(client: TestClient, sample: str) -> None:
    """Wait until the metrics contain a sample."""
    deadline = time.monotonic() + 30
    while sample not in client.get("/metrics").text:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def crash() -> None:
    """Raise an error that `except Exception` handles."""
    raise MemoryError


@pytest.mark.parametrize("deed", [partial(time.sleep, 0.2), crash], ids=["sleeps", "crashes"])
def test_a_challenger_that_sleeps_or_crashes_does_not_affect_the_caller(
    trained_copy: Settings, deed: Callable[[], None]
) -> None:
    settings = trained_copy.with_values(environment="dev", api={"shadow_alias": CHALLENGER})
    registry = SlowChallenger(settings)
    registry.deed = deed
    with TestClient(create_app(settings, registry=registry)) as client:
        answers = [client.post("/predict", json=REQUEST) for _ in range(20)]
        # No answer waited for the challenger.
        assert "credit_shadow_seconds_count 20.0" not in client.get("/metrics").text
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.json()["probability_of_default"] for answer in answers}) == 1
        assert 'credit_model_version{role="shadow"} 99.0' in client.get("/metrics").text


def test_a_challenger_is_compared_and_timed(trained_copy: Settings) -> None:
    settings = trained_copy.with_values(environment="dev", api={"shadow_alias": "staging"})
    with TestClient(create_app(settings)) as client:
        for _ in range(3):
            assert client.post("/predict", json=REQUEST).status_code == 200
        until_measured(client, "credit_shadow_seconds_count 3.0")
        until_measured(client, 'credit_shadow_decisions_total{result="same"} 3.0')


def test_a_service_starts_without_a_registered_challenger(trained_copy: Settings) -> None:
    settings = trained_copy.with_values(environment="dev", api={"shadow_alias": CHALLENGER})
    with TestClient(create_app(settings)) as client:
        assert client.post("/predict", json=REQUEST).status_code == 200
        assert 'role="shadow"' not in client.get("/metrics").text
