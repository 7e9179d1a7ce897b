"""A wait on a database or a registry has a limit, and nothing else waits with it."""

import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any, cast

import httpx
import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from credit_scoring.api.main import create_app
from credit_scoring.api.server import run as start_server
from credit_scoring.core.database import Database, upgrade_schema
from credit_scoring.core.errors import StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts.application_request import EXAMPLE
from credit_scoring.decisions.replay import Replay
from credit_scoring.decisions.service import DecisionService
from credit_scoring.decisions.spool import Spool
from credit_scoring.decisions.sql_tables import SCHEMA
from credit_scoring.feature_store import step as feature_store
from credit_scoring.model_registry.registry import ModelRegistry
from tests.support.decision_entries import entries
from tests.support.feature_versions import compute_made_up_features, made_up_features
from tests.support.notebook import notebook
from tests.support.servers.postgresql import PostgresqlServer, upgrade_all
from tests.support.servers.prediction_service import running_service
from tests.support.servers.processes import free_port
from tests.support.waiting import until
from tests.unit.api.fake_decisions import DECISION_ID, FakeDecisions, FakeRegistry

KNOWN = EXAMPLE | {"SK_ID_CURR": 7}
NEW = EXAMPLE | {"SK_ID_CURR": None}
ANSWER_SECONDS = 4.0


@pytest.fixture
def on_postgresql(trained_copy: Settings, server: PostgresqlServer) -> Settings:
    """An installation whose online store, ledger and keys are in PostgreSQL."""
    engine = sa.create_engine(server.url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    engine.dispose()
    upgrade_all(server.url)
    settings = trained_copy.with_values(
        environment="dev",
        features={"online_store_url": server.url},
        ledger={"url": server.url, "timeout_seconds": 60},
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
        assert waiting() <= 1, "abandoned statements go on waiting in the server"
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
        with Database(url, SCHEMA, 5.0).reading() as connection:
            return options(connection)

    assert option(server.url) == ("credit-scoring decision ledger", None)
    assert option(f"{server.url}?application_name=mine&prepare_threshold=0&connect_timeout=9") == ("mine", None)
    engine = sa.create_engine(server.url)
    with engine.connect() as other:
        assert options(other) == ("credit-scoring", None), "as MLflow's engine"
    engine.dispose()


def test_a_connection_keeps_nothing_that_a_pooler_would_give_to_another_client(server: PostgresqlServer) -> None:
    table = sa.Table("pages", sa.MetaData(), sa.Column("number", sa.Integer))
    schema = notebook(table.metadata)
    upgrade_schema(server.url, schema)
    database = Database(server.url, schema, 5.0)
    for number in range(10):
        with database.transaction() as connection:
            connection.execute(sa.insert(table), {"number": number})
        assert len(database.rows(sa.select(table).where(table.c.number == number))) == 1
    with database._reader.connect() as connection:
        assert connection.exec_driver_sql("SHOW statement_timeout").scalar_one() == "0"
        assert connection.exec_driver_sql("SELECT count(*) FROM pg_prepared_statements").scalar_one() == 0
    database.close()


class HangingReplays(FakeDecisions):
    """Replays wait for a registry that does not answer."""

    def __init__(self) -> None:
        super().__init__()
        self.registry_answers = Event()

    def replay(self, decision_id: str) -> Replay:
        """Wait."""
        self.registry_answers.wait(30)
        return super().replay(decision_id)


def test_replays_that_wait_for_the_registry_delay_no_look_up_no_decision_and_no_probe(settings: Settings) -> None:
    decisions = HangingReplays()
    chosen = settings.with_values(environment="dev", api={"request_timeout_seconds": 0.2, "requests_per_second": 1e6})
    app = create_app(chosen, cast(DecisionService, decisions), cast(ModelRegistry, FakeRegistry()))
    with TestClient(app) as client, ThreadPoolExecutor(8) as pool:
        replays = [pool.submit(client.post, f"/decisions/{DECISION_ID}/replay") for _ in range(8)]
        assert {replay.result().status_code for replay in replays} == {503}
        for path in (f"/decisions/{DECISION_ID}", "/clients/7", "/health/ready", "/health/live"):
            assert status(client, path) == 200
        assert client.post("/predict", json=NEW).status_code == 200
        decisions.registry_answers.set()


def test_a_decision_that_hangs_makes_the_service_neither_ready_nor_alive(settings: Settings) -> None:
    decisions = FakeDecisions()
    decisions.wait_for = Event()
    chosen = settings.with_values(environment="dev", api={"request_timeout_seconds": 0.1})
    app = create_app(chosen, cast(DecisionService, decisions), cast(ModelRegistry, FakeRegistry()))
    with TestClient(app) as client:
        assert client.post("/predict", json=NEW).status_code == 503
        until(lambda: status(client, "/health/live") == status(client, "/health/ready") == 503)
        decisions.wait_for.set()
        until(lambda: status(client, "/health/live") == status(client, "/health/ready") == 200)


def test_a_service_drains_first_and_ends_in_time_while_a_wait_hangs(
    on_postgresql: Settings, server: PostgresqlServer, tmp_path: Path
) -> None:
    variables = {
        "CREDIT_FEATURES_ONLINE_STORE_URL": server.url,
        "CREDIT_API_REQUEST_TIMEOUT_SECONDS": "60",
        "CREDIT_API_DRAIN_SECONDS": "1.5",
        "CREDIT_API_SHUTDOWN_TIMEOUT_SECONDS": "1",
    }
    with (
        running_service(on_postgresql.data_directory, tmp_path / "log", variables) as running,
        httpx.Client(base_url=running.url, timeout=30) as caller,
        ThreadPoolExecutor() as pool,
    ):
        assert caller.post("/predict", json=KNOWN).headers.get("connection") is None
        signalled = time.monotonic()
        running.process.send_signal(signal.SIGTERM)
        until(lambda: caller.get("/health/ready").status_code == 503)
        answer = caller.post("/predict", json=NEW)
        assert (answer.status_code, answer.headers["connection"]) == (200, "close")
        with locked(server, "online_features"):
            hanging = pool.submit(httpx.post, f"{running.url}/predict", json=KNOWN, timeout=60)
            assert running.process.wait(30) == 128 + signal.SIGTERM
        assert time.monotonic() - signalled < 1.5 + 1 + 1
        assert isinstance(hanging.exception(), httpx.TransportError)
    assert "did not end in time" in running.log.read_text()


def test_without_the_database_of_the_keys_a_service_names_it_before_it_starts(trained_copy: Settings) -> None:
    url = f"postgresql+psycopg://credit@127.0.0.1:{free_port()}/keys"
    settings = trained_copy.with_values(environment="staging", api={"keys_url": url, "port": free_port()})
    with pytest.raises(StorageError, match="store of API keys .* is unavailable") as caught:
        start_server(settings, lambda: pytest.fail("announced"))
    assert caught.value.exit_code == 7


def test_a_registry_in_a_database_that_is_away_is_asked_for_seconds(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlflow.store.db.utils.time.sleep", lambda seconds: pytest.fail(f"MLflow waits {seconds} s"))
    url = f"postgresql+psycopg://clerk:hidden@127.0.0.1:{free_port()}/registry"  # pragma: allowlist secret
    with pytest.raises(StorageError, match="model registry .* does not answer") as caught:
        ModelRegistry(settings.with_values(registry={"tracking_uri": url})).versions()
    assert "hidden" not in str(caught.value)


def test_the_gauge_counts_what_waits_at_once_and_what_a_killed_service_left(trained_copy: Settings) -> None:
    left = Spool(Storage.of(trained_copy).decision_spool(), 10_000_000)
    left.append(entries(3))
    assert left._file is not None
    left._file.close()  # as the end of its process does

    away = f"postgresql+psycopg://credit@127.0.0.1:{free_port()}/decisions"
    api = {"requests_per_second": 1e6}
    with TestClient(create_app(trained_copy.with_values(environment="dev", ledger={"url": away}, api=api))) as client:
        assert client.post("/predict", json=NEW).status_code == 200
        assert "credit_ledger_spooled_decisions 4.0" in client.get("/metrics").text
        assert client.get("/health").json()["spooled_decisions"] == 4
