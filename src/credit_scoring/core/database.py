"""Databases behind SQLAlchemy URLs: opened with their tables, and clear about it when they do not answer."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import partial
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection

from credit_scoring.core.database_file import DatabaseFile
from credit_scoring.core.deadline import Deadline
from credit_scoring.core.errors import StorageError
from credit_scoring.core.settings import variable_name
from credit_scoring.core.thread_connections import ThreadConnections

_SQLITE_WAIT_SECONDS = 10.0
# Any number, as long as it is the same in every process.
_CREATING = 7_241_905


class Cursor(Protocol):
    """What a driver answers a statement with."""

    def fetchone(self) -> Any:
        """The next row; None after the last."""

    def fetchall(self) -> list[Any]:
        """All rows that are left."""

    def executemany(self, statement: str, parameters: Any, /) -> Any:
        """Run a statement once per set of parameters."""


class Driver(Protocol):
    """A connection as sqlite3 and psycopg both give it, for the few statements that every request waits for.

    The library above takes several times as long as the database to run a statement of one row.
    """

    def execute(self, statement: str, parameters: Any = ..., /) -> Cursor:
        """Run a statement that `Database.in_words` gave, with its parameters by name."""

    def cursor(self) -> Cursor:
        """A new cursor."""


class Database:
    """A database and the tables one room keeps in it; tables are created when missing.

    Args:
        url: SQLAlchemy URL.
        purpose: what the database is for, as an error calls it ("decision ledger").
        setting: settings field that may hold another URL.
        patience_seconds: longest a transaction, or waiting for its turn, may take; without it a server may be slow.
        guard: raises StorageError when the database must not be used; asked before and after each transaction. Without
            one, a SQLite file that is gone or replaced is noticed.

    Raises:
        StorageError: the URL is wrong, or the database cannot be reached or written.
    """

    def __init__(
        self,
        url: str,
        tables: sa.MetaData,
        purpose: str,
        setting: str,
        patience_seconds: float | None = None,
        guard: Callable[[], None] | None = None,
    ) -> None:
        self._name = purpose
        self._deadline: Deadline | None = None
        self._driver_error: type[Exception] = sa.exc.DBAPIError
        variable = variable_name(setting)
        self._next_step = f"Check {variable}, that the database runs and that its disk is not full."
        with self._clear_errors():
            file = DatabaseFile(url, purpose, f"Check {variable}.", self.reconnect)
            self._guard = guard or file.require
            if sa.make_url(url).get_backend_name() == "sqlite":
                wait = _SQLITE_WAIT_SECONDS if patience_seconds is None else patience_seconds
                self._engine = sa.create_engine(url)
                sa.event.listen(self._engine, "connect", partial(_prepare_sqlite, wait))
                # SQLite would create a file that is not there.
                sa.event.listen(self._engine, "do_connect", lambda *_: self._guard())
            elif patience_seconds is None:
                self._engine = sa.create_engine(url, pool_pre_ping=True)
            else:
                # No ping: it would wait for a server that is stopped, before the deadline counts.
                at_once = {"connect_timeout": max(2, round(patience_seconds))}
                self._engine = sa.create_engine(url, connect_args=at_once)
                self._deadline = Deadline(patience_seconds)
            self._connections = ThreadConnections(self._engine)
            self._driver_error = self._engine.dialect.loaded_dbapi.Error
            self._name = f"{purpose} {self._engine.url.render_as_string(hide_password=True)}"
            self._reader = self._engine.execution_options(isolation_level="AUTOCOMMIT")
            self._create(tables)
            file.remember()

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """A connection whose changes are durable together once the block ends, or not made at all.

        Raises:
            StorageError: the database does not answer or refuses.
        """
        with self._clear_errors():
            self._guard()
            with (
                self._engine.connect() as connection,
                self._limited(_driver_of(connection)),
                connection.begin(),
            ):
                yield connection
            self._guard()

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Like ``transaction``, for a block that reads before it writes: on SQLite no other writer comes between.

        A server locks the rows that the block selects for update.
        """
        with self.transaction() as connection:
            if self._engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection

    @contextmanager
    def driver_writing(self) -> Iterator[Driver]:
        """Like ``writing``, on the driver's own connection."""
        with self._clear_errors():
            self._guard()
            driver = self._connections.mine()
            try:
                with self._limited(driver):
                    if self._engine.dialect.name == "sqlite":
                        driver.execute("BEGIN IMMEDIATE")
                    yield driver
                    driver.commit()
            except BaseException:
                # Nobody can tell a connection that is gone from a statement that was refused. What was not committed
                # is rolled back with it.
                self._connections.drop()
                raise
            self._guard()

    def in_words(self, statement: sa.ClauseElement) -> str:
        """A statement in the words of the database, with parameters as its driver takes them by name."""
        kind: Any = type(self._engine.dialect)
        by_name = kind(paramstyle="named" if self._engine.dialect.name == "sqlite" else "pyformat")
        return str(statement.compile(dialect=by_name))

    def insert_if_absent(self, table: sa.Table, row: Mapping[str, object]) -> None:
        """Insert a row unless one with its primary key is there."""
        this = [column == row[column.name] for column in table.primary_key]
        with self.writing() as connection:
            if connection.execute(sa.select(sa.exists().where(*this))).scalar_one():
                return
            # On a server another process may insert it just now; only this attempt is undone then.
            with suppress(sa.exc.IntegrityError), connection.begin_nested():
                connection.execute(sa.insert(table), dict(row))

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection for one query: without a transaction around it, which would cost more than the query.

        Raises:
            StorageError: the database does not answer.
        """
        with self._clear_errors():
            self._guard()
            with self._reader.connect() as connection, self._limited(_driver_of(connection)):
                yield connection

    @contextmanager
    def driver_reading(self) -> Iterator[Driver]:
        """Like ``reading``, on the driver's own connection; all rows must be fetched."""
        if self._engine.dialect.name != "sqlite":
            with self.reading() as connection:
                yield _driver_of(connection)
            return
        with self._clear_errors():
            self._guard()
            try:
                yield self._connections.mine()
            except self._driver_error:
                self._connections.drop()
                raise

    def tidy(self, table: sa.Table) -> None:
        """Remove from the files what a table held before: a server rewrites it, SQLite empties its journal."""
        with self.reading() as connection:
            if self._engine.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            else:
                connection.exec_driver_sql(f"VACUUM FULL {table.name}")

    def reconnect(self) -> None:
        """Let go of every connection; the next question opens new ones."""
        self._engine.dispose()
        self._connections.renew()

    def close(self) -> None:
        """Give back the connections; no thread may be using one."""
        self._engine.dispose()
        self._connections.close()
        if self._deadline is not None:
            self._deadline.close()
            self._deadline = None

    def _limited(self, driver: Any) -> AbstractContextManager[None]:
        return nullcontext() if self._deadline is None else self._deadline.on(driver.fileno())

    def _create(self, tables: sa.MetaData) -> None:
        """Create what is missing; of processes that do so at once, one creates and the others find it there."""
        existing = set(sa.inspect(self._engine).get_table_names())
        if existing.issuperset(tables.tables):
            return
        with self._engine.begin() as connection:
            if self._engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_CREATING)))
            tables.create_all(connection)

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        try:
            yield
        except (sa.exc.SQLAlchemyError, ImportError, self._driver_error) as error:
            reason = str(error).splitlines()[0]
            raise StorageError(f"The {self._name} does not answer ({reason}).", self._next_step) from error


def _driver_of(connection: sa.Connection) -> Any:
    return connection.connection.driver_connection


def _prepare_sqlite(wait_seconds: float, connection: DBAPIConnection, _: object) -> None:
    """Readers and a writer side by side, and a transaction on disk once it is over."""
    cursor = connection.cursor()
    # Waiting first: processes that open a new file at once get in each other's way from the next line on.
    for pragma in (
        f"busy_timeout={round(1000 * wait_seconds)}",
        "journal_mode=WAL",
        "synchronous=FULL",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
