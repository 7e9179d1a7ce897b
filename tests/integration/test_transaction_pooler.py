"""Behind a transaction pooler (PgBouncer as its package configures it), no client sees what belongs to another one."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import numpy as np
import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from credit_scoring.api.main import create_app
from credit_scoring.api.security.keys import Scope, open_key_store
from credit_scoring.core.database import Database, upgrade_schema
from credit_scoring.core.errors import StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.data_contracts.application_request import EXAMPLE
from credit_scoring.decisions.recorder import opened_ledger
from credit_scoring.decisions.sql_tables import SCHEMA
from credit_scoring.decisions.verification import verify
from credit_scoring.feature_store import step as feature_store
from credit_scoring.feature_store.serving import open_feature_service
from tests.support.feature_versions import compute_made_up_features, made_up_features
from tests.support.notebook import notebook
from tests.support.servers.pgbouncer import needs_pgbouncer, running_pgbouncer
from tests.support.servers.postgresql import PostgresqlServer

pytestmark = needs_pgbouncer
THREADS, PER_THREAD, SERVER_CONNECTIONS = 8, 40, 4
OURS = "starts_with(application_name, 'credit-scoring ')"


@pytest.fixture
def pooled_url(server: PostgresqlServer) -> Iterator[str]:
    with running_pgbouncer(server.url, SERVER_CONNECTIONS) as url:
        yield url


def test_concurrent_clients_of_a_pooler_read_their_own_rows(pooled_url: str, server: PostgresqlServer) -> None:
    table = sa.Table("pages", sa.MetaData(), sa.Column("client", sa.Integer), sa.Column("number", sa.Integer))
    of_client = sa.select(table.c.number).where(table.c.client == sa.bindparam("client")).order_by(table.c.number)

    def work(client: int) -> None:
        schema = notebook(table.metadata)
        upgrade_schema(pooled_url, schema)
        with closing(Database(pooled_url, schema, 5.0)) as database:
            for number in range(PER_THREAD):
                with database.writing() as connection:
                    connection.execute(sa.insert(table), {"client": client, "number": number})
                if number % 10 == 0:  # rarely: psycopg forgets what it has prepared whenever a query is rolled back
                    rows = database.rows(of_client, {"client": client})
                    assert [row.number for row in rows] == list(range(number + 1))
            with database.reading() as connection:
                assert connection.exec_driver_sql("SHOW application_name").scalar_one() == "credit-scoring notebook"
                assert connection.exec_driver_sql("SHOW statement_timeout").scalar_one() == "4s"

    with ThreadPoolExecutor(THREADS) as threads:
        assert list(threads.map(work, range(THREADS))) == [None] * THREADS
    engine = sa.create_engine(server.url)
    with engine.connect() as direct:
        servers = direct.exec_driver_sql(f"SELECT count(*) FROM pg_stat_activity WHERE {OURS}").scalar_one()
        assert 1 <= servers <= SERVER_CONNECTIONS, "the clients did not share the connections of the pooler"
    engine.dispose()


def test_a_service_behind_a_pooler_answers_every_client_with_its_own_history(
    trained_copy: Settings, pooled_url: str
) -> None:
    settings = trained_copy.with_values(
        environment="staging",
        features={"online_store_url": pooled_url},
        ledger={"url": pooled_url},
        api={"keys_url": pooled_url, "requests_per_second": 1e6},
    )
    compute_made_up_features(settings, made_up_features(), name="again")
    feature_store.run(settings)
    with closing(open_key_store(settings)) as keys:
        headers = {"X-API-Key": keys.create("a test", [Scope.ADMIN])[1]}
    clients = range(1, THREADS + 1)

    def work(client_id: int, service: TestClient) -> set[str]:
        ids: set[str] = set()
        for _ in range(PER_THREAD):
            answer = service.post("/predict", json=EXAMPLE | {"SK_ID_CURR": client_id}, headers=headers)
            assert (answer.status_code, answer.json()["history_found"]) == (200, True)
            stored = service.get(f"/clients/{client_id}", headers=headers)
            assert (stored.status_code, stored.json()["client_id"]) == (200, client_id)
            ids.add(answer.json()["decision_id"])
        return ids

    with TestClient(create_app(settings)) as service, ThreadPoolExecutor(THREADS) as threads:
        answered = dict(zip(clients, threads.map(work, clients, [service] * THREADS), strict=True))
        assert service.get("/health").json()["status"] == "healthy"
    with closing(open_feature_service(settings)) as features, opened_ledger(settings) as ledger:
        for client_id in clients:
            history = features.history_of(client_id)[1]
            assert history is not None
            recorded = ledger.of_client(client_id)
            assert {entry.record.decision_id for entry in recorded} == answered[client_id]
            assert len(recorded) == PER_THREAD
            assert all(np.array_equal(entry.features[: len(history)], history, equal_nan=True) for entry in recorded)
        result = verify(ledger)
        assert (result.findings, result.head.rows) == ((), THREADS * PER_THREAD)


def test_a_pooler_whose_server_stands_still_delays_a_start_no_longer_than_the_time_limit(
    pooled_url: str, server: PostgresqlServer
) -> None:
    """SQLAlchemy asks the server for its version in the first connection, which the pooler has accepted."""
    Database(pooled_url, SCHEMA, 0.5).close()
    server.freeze()
    try:
        started = time.monotonic()
        with pytest.raises(StorageError, match="The decision ledger .* is unavailable"):
            Database(pooled_url, SCHEMA, 0.5)
        assert time.monotonic() - started < 3
    finally:
        server.thaw()
