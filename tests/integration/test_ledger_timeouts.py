"""A PostgreSQL server that is slow, locked or stopped makes the ledger unavailable instead of blocking it."""

import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from credit_scoring.core.errors import StorageError
from credit_scoring.decisions.ledger import Ledger
from tests.support.decision_entries import entries
from tests.support.servers.postgresql import PostgresqlServer

TIMEOUT_SECONDS = 0.3


@pytest.fixture
def ledger(server: PostgresqlServer) -> Iterator[Ledger]:
    opened = Ledger(server.url, TIMEOUT_SECONDS)
    yield opened
    opened.close()


def test_the_server_cancels_a_statement_that_waits_for_a_lock(ledger: Ledger, server: PostgresqlServer) -> None:
    engine = sa.create_engine(server.url)
    with engine.begin() as other:
        other.exec_driver_sql("SELECT * FROM ledger_head FOR UPDATE")
        with pytest.raises(StorageError, match="statement timeout"):
            ledger.append(entries(1))
    engine.dispose()
    assert ledger.append(entries(1)) == 1


def test_a_stopped_server_is_disconnected(ledger: Ledger, server: PostgresqlServer) -> None:
    before = len(list(ledger.rows_with_keys()))
    server.freeze()
    try:
        for use in (ledger.head, lambda: ledger.append(entries(1))):
            started = time.monotonic()
            with pytest.raises(StorageError, match="decision ledger .* is unavailable"):
                use()
            # The first waits for the open connection, the second for a new one, which takes at least two seconds.
            assert time.monotonic() - started < 5
    finally:
        server.thaw()
    ledger.reopen()
    assert ledger.append(entries(1)) == 1
    assert len(list(ledger.rows_with_keys())) == before + 1


def test_statements_are_not_prepared_so_that_a_transaction_pooler_may_be_used(
    ledger: Ledger, server: PostgresqlServer
) -> None:
    for _ in range(10):
        ledger.append(entries(1))
    with ledger._database.reading() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM pg_prepared_statements")).scalar() == 0
