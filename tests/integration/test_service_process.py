"""The service as a process, called over HTTP: on SQLite and PostgreSQL, with keys and with new champions."""

import re
import signal
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from credit_scoring.api.security.keys import KeyStore, Scope
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts.application_request import EXAMPLE
from credit_scoring.feature_store import step as feature_store
from credit_scoring.model_registry.registry import ModelRegistry
from tests.support.feature_versions import compute_made_up_features, made_up_features
from tests.support.registered_scorers import register_scorer, write_scorer
from tests.support.scorers import small_scorer
from tests.support.servers.postgresql import running_postgresql
from tests.support.servers.prediction_service import Callers, RunningService, running_service

pytestmark = pytest.mark.slow

PATIENCE_SECONDS = 60
KNOWN_CLIENT = 7
BODY = EXAMPLE | {"SK_ID_CURR": KNOWN_CLIENT}


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for a result of another process."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def value(text: str, sample: str) -> float:
    """One sample of the metrics, 0 if there is none."""
    found = re.search(rf"^{re.escape(sample)} (\S+)$", text, re.MULTILINE)
    return float(found.group(1)) if found else 0.0


@pytest.fixture(scope="module", params=["SQLite", "PostgreSQL"])
def databases(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """Variables with the databases of store, ledger and keys."""
    if request.param == "SQLite":
        yield {}
        return
    with running_postgresql() as url:
        yield {name: url for name in ("CREDIT_FEATURES_ONLINE_STORE_URL", "CREDIT_LEDGER_URL", "CREDIT_API_KEYS_URL")}


@dataclass(frozen=True)
class Service:
    """A running service and one key per scope."""

    url: str
    predict: httpx.Client
    read: httpx.Client


@pytest.fixture
def service(trained_copy: Settings, databases: dict[str, str], tmp_path: Path) -> Iterator[Service]:
    settings = trained_copy
    if databases:
        url = databases["CREDIT_LEDGER_URL"]
        settings = settings.with_values(features={"online_store_url": url}, ledger={"url": url}, api={"keys_url": url})
        # Published once more, now into that database.
        compute_made_up_features(settings, made_up_features(seed=0), name="again")
        feature_store.run(settings)
    store = KeyStore(Storage.of(settings).database_url(settings.api.keys_url, "api_keys"))
    keys = {scope: store.create(scope.value, [scope])[1] for scope in (Scope.PREDICT, Scope.READ)}
    store.close()
    variables = databases | {"CREDIT_ENVIRONMENT": "staging"}
    with running_service(settings.data_directory, tmp_path / "log", variables) as running:
        with (
            httpx.Client(base_url=running.url, headers={"X-API-Key": keys[Scope.PREDICT]}, timeout=30) as predict,
            httpx.Client(base_url=running.url, headers={"X-API-Key": keys[Scope.READ]}, timeout=30) as read,
        ):
            yield Service(running.url, predict, read)


def test_a_decision_can_be_read_and_replayed(service: Service) -> None:
    answer = service.predict.post("/predict", json=BODY).raise_for_status().json()
    assert answer["history_found"]
    recorded = service.read.get(f"/decisions/{answer['decision_id']}").raise_for_status().json()
    assert recorded["application"] == BODY
    assert recorded["probability"] == answer["probability_of_default"]
    assert recorded["caller"] in service.predict.headers["X-API-Key"]
    replay = service.read.post(f"/decisions/{answer['decision_id']}/replay").raise_for_status().json()
    assert replay["is_equal"], replay["differences"]
    assert replay["features_recomputed"]

    batch = {"applications": [BODY, BODY | {"SK_ID_CURR": None}]}
    first, second = service.predict.post("/predict/batch", json=batch).raise_for_status().json()["predictions"]
    assert first["probability_of_default"] == answer["probability_of_default"]
    assert (first["history_found"], second["history_found"]) == (True, False)

    history = service.read.get(f"/clients/{KNOWN_CLIENT}").raise_for_status().json()
    assert history["features"]
    assert service.read.get("/clients/999999").status_code == 404
    information = service.read.get("/model-info").raise_for_status().json()
    assert (information["model_version"], information["data_source"]) == (1, "synthetic")
    health = httpx.get(f"{service.url}/health").json()
    assert (health["status"], set(health["parts"].values())) == ("healthy", {"ready"})
    measures = httpx.get(f"{service.url}/metrics").text
    assert value(measures, 'credit_requests_total{method="POST",path="/predict",status="200"}') == 1
    assert value(measures, 'credit_history_lookups_total{result="hit"}') == 2

    for wrong in (
        httpx.post(f"{service.url}/predict", json=BODY),
        service.read.post("/predict", json=BODY),
        service.predict.get(f"/decisions/{answer['decision_id']}"),
    ):
        assert wrong.status_code in (401, 403)


@pytest.fixture
def running(trained_copy: Settings, tmp_path: Path) -> Iterator[RunningService]:
    """A service on SQLite without keys that checks for new champions ten times a second."""
    variables = {"CREDIT_API_MODEL_REFRESH_SECONDS": "0.1"}
    with running_service(trained_copy.data_directory, tmp_path / "log", variables) as started:
        yield started


def test_a_new_champion_is_activated_under_load_without_a_failed_request(
    running: RunningService, trained_copy: Settings, tmp_path: Path
) -> None:
    names = ModelRegistry(trained_copy).load("staging").scorer.description.feature_names
    scorer = small_scorer(names)
    write_scorer(scorer, tmp_path / "version")

    def version_in_use() -> int:
        return int(httpx.get(f"{running.url}/model-info").json()["model_version"])

    with Callers(running.url, BODY) as callers:
        callers.wait_for(20)
        assert version_in_use() == 1
        newer = register_scorer(trained_copy, "newer", tmp_path / "version")
        wait_until(lambda: version_in_use() == newer)
        callers.wait_for(20)
    assert callers.refused == []
    answer = httpx.post(f"{running.url}/predict", json=BODY).json()
    assert (answer["model_version"], answer["threshold"]) == (newer, scorer.description.threshold)


def test_requests_in_progress_are_finished_after_sigterm(running: RunningService) -> None:
    with ThreadPoolExecutor() as pool:
        batch = {"applications": [BODY] * 1_000}
        in_flight = pool.submit(httpx.post, f"{running.url}/predict/batch", json=batch, timeout=60)
        wait_until(lambda: value(httpx.get(f"{running.url}/metrics").text, "credit_requests_in_flight") == 2)
        running.process.send_signal(signal.SIGTERM)
        answer = in_flight.result()
    assert answer.status_code == 200
    assert len(answer.json()["predictions"]) == 1_000
    assert running.process.wait(PATIENCE_SECONDS) in (0, -signal.SIGTERM)
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{running.url}/health")


def test_an_incomplete_body_is_408_and_no_internal_error(trained_copy: Settings, tmp_path: Path) -> None:
    variables = {"CREDIT_API_BODY_TIMEOUT_SECONDS": "0.2"}
    with running_service(trained_copy.data_directory, tmp_path / "log", variables) as running:

        def trickle() -> Iterator[bytes]:
            yield b'{"AMT_CREDIT": '
            for _ in range(5):
                time.sleep(0.1)
                yield b" "

        answer = httpx.post(f"{running.url}/predict", content=trickle(), headers={"content-type": "application/json"})
        assert answer.status_code == 408

        address = urlsplit(running.url)
        with socket.create_connection((str(address.hostname), int(address.port or 0))) as hanging_up:
            hanging_up.sendall(
                b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 200\r\n\r\n{"
            )

        def metrics() -> str:
            return httpx.get(f"{running.url}/metrics").text

        wait_until(lambda: value(metrics(), 'credit_requests_total{method="POST",path="/predict",status="408"}') == 2)
        assert 'status="500"' not in metrics()


def test_without_the_store_the_answer_is_503_and_no_default(running: RunningService, trained_copy: Settings) -> None:
    with closing(sqlite3.connect(trained_copy.data_directory / "databases" / "online_store.db")) as database:
        database.execute("DROP TABLE online_features")
    answer = httpx.post(f"{running.url}/predict", json=BODY)
    assert answer.status_code == 503
    assert "online store" in answer.json()["detail"]
    assert httpx.get(f"{running.url}/health/live").status_code == 200
