"""`credit-scoring database`: PostgreSQL is upgraded by a command alone, while services work."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from credit_scoring.api.security import keys
from credit_scoring.cli import app
from credit_scoring.cli.database import SCHEMAS
from credit_scoring.core.database import Database, upgrade_schema
from credit_scoring.core.errors import StorageError
from tests.support.notebook import notebook
from tests.support.servers.postgresql import postgresql_server
from tests.support.waiting import until
from tests.unit.core.test_schema import NEW, OLD, REVISIONS

pytestmark = pytest.mark.slow
NOW = "2026-01-02T03:04:05+00:00"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A database without tables."""
    with postgresql_server(upgraded=False) as server:
        yield server.url


@pytest.fixture
def configured(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The database of every component."""
    monkeypatch.setenv("CREDIT_DATA_DIRECTORY", str(tmp_path / "data"))
    for schema in SCHEMAS:
        monkeypatch.setenv(f"CREDIT_{schema.setting.replace('.', '_').upper()}", url)
    return url


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["database", *arguments])


def test_tables_are_created_by_the_command_alone_and_once(configured: str) -> None:
    refused = run("check")
    assert isinstance(refused.exception, StorageError) and "has no schema" in refused.exception.message
    assert "database upgrade" in refused.exception.next_step
    created = run("upgrade")
    assert created.exit_code == 0 and created.output.count("created.") == len(SCHEMAS)
    assert run("upgrade").output.count("unchanged.") == len(SCHEMAS)
    assert run("check").output.count("fits.") == len(SCHEMAS)


def test_without_postgresql_there_is_nothing_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CREDIT_DATA_DIRECTORY", str(tmp_path / "data"))
    assert run("upgrade").output.count("is upgraded when it is opened.") == len(SCHEMAS)
    assert run("check").output == ""
    assert not (tmp_path / "data").exists()


def test_an_older_schema_is_refused_by_name_and_upgraded_under_load_without_a_failed_request(
    url: str, tmp_path: Path
) -> None:
    for name, text in REVISIONS.items():
        (tmp_path / name).write_text(text)
    old, new = notebook(OLD), notebook(NEW, 2, tmp_path)
    assert upgrade_schema(url, old) == (None, 1)
    with pytest.raises(StorageError, match="has the schema 0001, and this version of the program needs 0002"):
        Database(url, new)

    database, written, failures, stopped = Database(url, old, 5.0), [0], list[Exception](), threading.Event()

    def work() -> None:
        while not stopped.is_set():
            try:
                with database.transaction() as connection:
                    connection.execute(sa.insert(OLD.tables["notes"]), {"text": str(written[0])})
                written[0] += 1
            except StorageError as error:
                failures.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    until(lambda: written[0] >= 50)
    assert upgrade_schema(url, new) == (1, 2)
    at_upgrade = written[0]
    until(lambda: written[0] >= at_upgrade + 50)
    stopped.set()
    worker.join()
    assert failures == []
    newer = Database(url, new)
    assert newer.rows(sa.select(sa.func.count()).select_from(NEW.tables["notes"]))[0][0] == written[0]
    database.close()
    newer.close()


def test_api_keys_are_read_and_written_by_the_version_before_while_their_table_is_upgraded(url: str) -> None:
    # A database of its own on the same server.
    own = sa.engine.make_url(url).set(database="keys_before")
    with sa.create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(sa.text("CREATE DATABASE keys_before"))
    own_url = own.render_as_string(hide_password=False)
    known = sa.MetaData()
    table = sa.Table(
        "api_keys",
        known,
        *(column._copy() for column in keys.SCHEMA.tables.tables["api_keys"].columns if column.name != "expires_at"),
    )
    before = replace(keys.SCHEMA, tables=known, newest=1)
    assert upgrade_schema(own_url, before) == (None, 1)
    database, failures, written, stopped = Database(own_url, before, 5.0), list[Exception](), [0], threading.Event()

    def work() -> None:
        while not stopped.is_set():
            row = {"key_id": f"{written[0]:012}", "digest": "d", "owner": "o", "scopes": "read", "created_at": NOW}
            try:
                with database.transaction() as connection:
                    connection.execute(sa.insert(table), row)
                assert len(database.rows(sa.select(table))) == written[0] + 1
                written[0] += 1
            except Exception as error:
                failures.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    until(lambda: written[0] >= 50)
    assert upgrade_schema(own_url, keys.SCHEMA) == (1, 2)
    at_upgrade = written[0]
    until(lambda: written[0] >= at_upgrade + 50)
    stopped.set()
    worker.join()
    database.close()
    assert failures == []
    store = keys.KeyStore(own_url)
    assert len(store.all()) == written[0]
    assert store.create("new", [keys.Scope.READ], timedelta(days=1))[0].expires_at is not None
    store.close()


def test_a_database_that_cannot_be_reached_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql+psycopg://credit:word@127.0.0.1:9/credit"  # pragma: allowlist secret
    monkeypatch.setenv("CREDIT_LEDGER_URL", url)
    refused = run("upgrade")
    assert isinstance(refused.exception, StorageError) and "was not upgraded" in refused.exception.message
    assert "word" not in refused.exception.message and "CREDIT_LEDGER_URL" in refused.exception.next_step
