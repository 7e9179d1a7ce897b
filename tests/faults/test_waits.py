"""No wait on a database or a registry outlasts its limit, and nothing else waits with it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from credit_scoring.api.main import create_app
from credit_scoring.core.database import Database
from credit_scoring.core.settings import Settings
from credit_scoring.data_contracts.application_request import EXAMPLE
from credit_scoring.feature_store import step as feature_store
from tests.support.feature_versions import compute_made_up_features, made_up_features
from tests.support.servers.postgresql import PostgresqlServer, postgresql_server

KNOWN = EXAMPLE | {"SK_ID_CURR": 7}
NEW = EXAMPLE | {"SK_ID_CURR": None}
ANSWER_SECONDS = 4.0


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresqlServer]:
    with postgresql_server() as started:
        yield started


@pytest.fixture
def on_postgresql(trained_copy: Settings, server: PostgresqlServer) -> Settings:
    """An installation whose online store, ledger and keys are in PostgreSQL."""
    engine = sa.create_engine(server.url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    engine.dispose()
    settings = trained_copy.with_values(
        environment="dev",
        features={"online_store_url": server.url},
        ledger={"url": server.url, "timeout_seconds": 0.5},
        api={"keys_url": server.url, "request_timeout_seconds": ANSWER_SECONDS, "requests_per_second": 1e6},
    )
    compute_made_up_features(settings, made_up_features(), name="again")
    feature_store.run(settings)
    return settings


@pytest.fixture
def client(on_postgresql: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(on_postgresql)) as started:
        yield started


@contextmanager
def locked(server: PostgresqlServer, table: str) -> Iterator[Callable[[], int]]:
    """Lock a table as a migration does; yields a function that counts who waits for it."""
    engine = sa.create_engine(server.url)
    with engine.begin() as other:
        other.exec_driver_sql(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        waiting = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        yield lambda: int(other.execute(waiting).scalar_one())
    engine.dispose()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def status(client: TestClient, path: str) -> int:
    return int(client.get(path).status_code)


def test_a_locked_store_fails_only_requests_that_need_it_and_is_reported(
    client: TestClient, server: PostgresqlServer
) -> None:
    assert client.post("/predict", json=KNOWN).json()["history_found"]
    with locked(server, "online_features") as waiting:
        started = time.monotonic()
        refused = client.post("/predict", json=KNOWN)
        assert time.monotonic() - started < ANSWER_SECONDS
        assert (refused.status_code, refused.json()["detail"]) == (503, "The online store is unavailable.")
        started = time.monotonic()
        for _ in range(20):
            assert client.post("/predict", json=KNOWN).status_code == 503
            assert client.post("/predict", json=NEW).status_code == 200
        assert client.post("/predict?explain=true", json=NEW).status_code == 200
        assert status(client, "/clients/7") == 503
        assert time.monotonic() - started < ANSWER_SECONDS
        assert [status(client, path) for path in ("/health/ready", "/health", "/health/live")] == [503, 503, 200]
        assert 'credit_component_ready{component="store"} 0.0' in client.get("/metrics").text
        assert waiting() <= 1, "statements wait in the server although nobody waits for them"
    until(lambda: status(client, "/health/ready") == 200)
    assert client.post("/predict", json=KNOWN).json()["history_found"]


def test_a_server_that_stands_still_delays_nobody_longer_than_the_answer_time(
    client: TestClient, server: PostgresqlServer
) -> None:
    client.post("/predict", json=KNOWN)
    server.freeze()
    try:
        for body, expected in ((KNOWN, 503), (NEW, 200), (KNOWN, 503), (NEW, 200)):
            started = time.monotonic()
            assert client.post("/predict", json=body).status_code == expected
            assert time.monotonic() - started < ANSWER_SECONDS
        assert [status(client, path) for path in ("/health/ready", "/health/live")] == [503, 200]
    finally:
        server.thaw()
    until(lambda: status(client, "/health/ready") == 200)
    assert client.post("/predict", json=KNOWN).status_code == 200


def test_a_restarted_server_costs_no_request(client: TestClient, server: PostgresqlServer) -> None:
    assert client.post("/predict", json=KNOWN).status_code == 200
    engine = sa.create_engine(server.url)
    with engine.connect() as other:
        ours = "starts_with(application_name, 'credit-scoring ')"
        other.exec_driver_sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {ours}")
    engine.dispose()
    assert client.post("/predict", json=KNOWN).status_code == 200
    assert client.post("/predict", json=KNOWN | {"SK_ID_CURR": 8}).status_code == 200


def test_connections_name_their_purpose_prepare_nothing_and_let_the_url_decide(server: PostgresqlServer) -> None:
    def options(connection: sa.Connection) -> tuple[str, object]:
        driver: Any = connection.connection.driver_connection
        return connection.exec_driver_sql("SHOW application_name").scalar_one(), driver.prepare_threshold

    def option(url: str) -> tuple[str, object]:
        with Database(url, sa.MetaData(), "notebook", "ledger.url", 0.5).reading() as connection:
            return options(connection)

    assert option(server.url) == ("credit-scoring notebook", None)
    assert option(f"{server.url}?application_name=mine&prepare_threshold=0&connect_timeout=9") == ("mine", None)
    engine = sa.create_engine(server.url)
    with engine.connect() as other:
        assert options(other) == ("credit-scoring", None), "as MLflow's engine"
    engine.dispose()
