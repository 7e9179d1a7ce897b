"""Databases behind SQLAlchemy URLs: opened with their tables, with time limits and errors that name the setting."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from credit_scoring.core.database_file import DatabaseFile
from credit_scoring.core.errors import StorageError
from credit_scoring.core.schema import Schema
from credit_scoring.core.settings import variable_name
from credit_scoring.core.socket_timeout import socket_timeout
from credit_scoring.core.urls import sqlite_file, without_credentials

_MAX_WAIT_SECONDS = 10.0
# Any number, as long as every process uses the same one.
_UPGRADE_LOCK = 7_241_905
# The server cancels a statement before the connection is cut: it then releases its locks at once.
_SERVER_SHARE_OF_TIMEOUT = 0.8
_TIME_LIMIT = "time limit"
_AFTER_A_LOCK = "Another process, perhaps a backup, holds a lock on it; try again when it has finished."
_POSTGRESQL_DEFAULTS = {
    "application_name": "credit-scoring",
    "connect_timeout": 2,  # seconds; psycopg waits no shorter
    "tcp_user_timeout": round(1000 * _MAX_WAIT_SECONDS),
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}


class Database:
    """A database and the tables that one component keeps in it.

    A SQLite file is created and upgraded when it is opened. On PostgreSQL this is the work of
    ``credit-scoring database upgrade``: several versions of the program may use the database at once.

    Args:
        url: SQLAlchemy URL.
        schema: of the tables.
        timeout_seconds: maximum time of a query or transaction; after it, a server that does not react is
            disconnected. None, for work that takes long: no limit. Connections and locks are waited for as long, but
            at most 10 seconds.
        may_create: whether a missing SQLite file is created, and its folder.

    Raises:
        StorageError: the URL is invalid, the database cannot be reached or written, or its schema does not fit.
    """

    def __init__(
        self,
        url: str,
        schema: Schema,
        timeout_seconds: float | None = None,
        may_create: bool = True,
    ) -> None:
        self._name = self._purpose = schema.purpose
        self._timeout_seconds = timeout_seconds
        self._file: DatabaseFile | None = None
        self._driver_error: type[Exception] = sa.exc.DBAPIError
        variable = variable_name(schema.setting)
        self._next_step = f"Check {variable}, that the database runs and that its disk is not full."
        wait = min(timeout_seconds or _MAX_WAIT_SECONDS, _MAX_WAIT_SECONDS)
        with self._clear_errors():
            address = sa.make_url(url)
            self._is_sqlite = address.get_backend_name() == "sqlite"
            if self._is_sqlite:
                self._engine = sa.create_engine(url)
                sa.event.listen(self._engine, "connect", partial(_prepare_sqlite, wait))
                if path := sqlite_file(url):
                    checks = f"Check {variable} and {variable_name('data_directory')}."
                    self._file = DatabaseFile(self._engine, path, schema.purpose, checks, may_create)
            else:
                named = {"application_name": f"credit-scoring {schema.purpose}", **address.query}
                self._engine = sa.create_engine(
                    address.set(query=named),
                    # A ping would wait for a server that does not react, before the time limit starts.
                    pool_pre_ping=timeout_seconds is None,
                    pool_timeout=wait,
                )
            self._driver_error = self._engine.dialect.loaded_dbapi.Error
            self._name = f"{schema.purpose} {without_credentials(url)}"
            self._reader = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._server_limit = ""
        if timeout_seconds is not None and not self._is_sqlite:
            sa.event.listen(self._engine, "connect", self._begin_time_limit, insert=True)  # before SQLAlchemy's queries
            sa.event.listen(self._engine, "checkout", self._begin_time_limit)
            sa.event.listen(self._engine, "checkin", _end_time_limit)
            # LOCAL: behind a transaction pooler the next transaction may use another connection.
            limit, lock = (round(1000 * _SERVER_SHARE_OF_TIMEOUT * seconds) for seconds in (timeout_seconds, wait))
            self._server_limit = f"SET LOCAL statement_timeout = {limit}; SET LOCAL lock_timeout = {lock}"
        self._require(schema)

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """A connection whose changes are durable together when the block ends, or not made at all.

        Raises:
            StorageError: the database is unavailable or rejects a statement.
        """
        with self._clear_errors(), self._engine.connect() as connection:
            with connection.begin():
                if self._server_limit:
                    connection.exec_driver_sql(self._server_limit)
                yield connection
            if self._file is not None:
                self._file.require_unchanged(connection)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Like `transaction`, for a block that reads before it writes: SQLite admits no other writer meanwhile.

        On PostgreSQL the block locks rows by selecting them for update.
        """
        with self.transaction() as connection:
            if self._is_sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection for queries; a time limit needs a transaction, which begins in one round trip with it.

        Raises:
            StorageError: the database is unavailable or rejects a statement.
        """
        with self._clear_errors(), self._reader.connect() as connection:
            if self._server_limit:
                connection.exec_driver_sql(f"BEGIN READ ONLY; {self._server_limit}")
            yield connection

    def rows(self, query: sa.Select[Any], parameters: Mapping[str, object] | None = None) -> Sequence[Any]:
        """All rows of a query, which is repeated if the server had closed the connection, as a restarted one does.

        Raises:
            StorageError: the database is unavailable or rejects the query.
        """
        try:
            return self._rows(query, parameters)
        except StorageError as error:
            if not getattr(error.__cause__, "connection_invalidated", False):
                raise
            return self._rows(query, parameters)

    def _rows(self, query: sa.Select[Any], parameters: Mapping[str, object] | None) -> Sequence[Any]:
        with self.reading() as connection:
            return connection.execute(query, parameters).all()

    def open_connection(self, query: sa.Select[Any]) -> sa.Connection:
        """A connection outside the pool, after a first query, that the caller closes.

        Before its first query, a SQLite connection does not hold the write-ahead log open.
        """
        with self._clear_errors():
            connection = self._reader.connect()
            connection.detach()
            connection.execute(query).all()
            return connection

    def vacuum(self, table: sa.Table) -> None:
        """Remove deleted and overwritten values from the files: PostgreSQL rewrites the table, SQLite its journal."""
        statement = "PRAGMA wal_checkpoint(TRUNCATE)" if self._is_sqlite else f"VACUUM FULL {table.name}"
        with self._clear_errors(), self._reader.connect() as connection:
            connection.exec_driver_sql(statement)

    def accept_replaced_file(self) -> None:
        """Trust a SQLite file that replaced the one in use, and its journal, when it is opened next."""
        if self._file is not None:
            self._file.accept_replacement()

    def close(self) -> None:
        """Close the idle connections; a later statement opens a new one."""
        self._engine.dispose()

    def _begin_time_limit(self, connection: Any, record: ConnectionPoolEntry, *_: object) -> None:
        if _TIME_LIMIT not in record.info and self._timeout_seconds is not None:
            limit = record.info[_TIME_LIMIT] = ExitStack()
            limit.enter_context(socket_timeout(connection.fileno(), self._timeout_seconds))

    def _require(self, schema: Schema) -> None:
        problem = self._problem(schema)
        if problem is not None and self._is_sqlite:
            # Of several processes that start at once, one creates the tables.
            with self.writing() as connection:
                schema.upgrade(connection)
            problem = self._problem(schema)
        if problem is not None:
            raise StorageError(
                f"The {self._name} {problem}.",
                "Run `credit-scoring database upgrade` of the newest version.",
                public=f"The {self._purpose} is unavailable.",
            )

    def _problem(self, schema: Schema) -> str | None:
        with self.reading() as connection:
            return schema.problem_of(schema.recorded(connection))

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        try:
            yield
        except (sa.exc.SQLAlchemyError, ImportError, self._driver_error) as error:
            reason = without_credentials(str(error).splitlines()[0])
            message = f"The {self._name} is unavailable ({reason})."
            next_step = _AFTER_A_LOCK if " lock" in reason else self._next_step
            raise StorageError(message, next_step, public=f"The {self._purpose} is unavailable.") from error


def _end_time_limit(_: object, record: ConnectionPoolEntry) -> None:
    if limit := record.info.pop(_TIME_LIMIT, None):
        limit.close()


def upgrade_schema(url: str, schema: Schema) -> tuple[int | None, int | None]:
    """Create or upgrade tables on PostgreSQL, in one transaction; returns the revisions before and after.

    Raises:
        StorageError: the database cannot be reached or changed.
    """
    try:
        with sa.create_engine(url, poolclass=sa.NullPool).begin() as connection:
            # Of several processes that upgrade at once, one does the work.
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
            before = schema.recorded(connection)
            schema.upgrade(connection)
            return before, schema.recorded(connection)
    except (sa.exc.SQLAlchemyError, ImportError) as error:
        reason = without_credentials(str(error).splitlines()[0])
        raise StorageError(
            f"The {schema.purpose} {without_credentials(url)} was not upgraded ({reason}).",
            f"Check {variable_name(schema.setting)}, and that its user may create tables.",
        ) from error


def require_answer(url: str) -> None:
    """Connect once, for libraries that try again for minutes; raises SQLAlchemyError if no server answers."""
    sa.create_engine(url, poolclass=sa.NullPool).connect().close()


@sa.event.listens_for(sa.Engine, "do_connect")
def _complete_options(dialect: sa.Dialect, record: object, arguments: object, options: dict[str, Any]) -> None:
    """Time limits of every PostgreSQL connection of this process, also of MLflow's and Optuna's, unless its URL sets
    others."""
    if dialect.driver == "psycopg":
        options |= {**_POSTGRESQL_DEFAULTS, **options}
        # Prepared statements belong to a connection, and a transaction pooler changes it between transactions.
        options["prepare_threshold"] = None


def _prepare_sqlite(wait_seconds: float, connection: DBAPIConnection, _: object) -> None:
    """Let readers and a writer work at the same time, and make a transaction durable when it is committed."""
    cursor = connection.cursor()
    # The timeout first: processes that open a new file at once compete for the lock from the next line on.
    for pragma in (f"busy_timeout={round(1000 * wait_seconds)}", "journal_mode=WAL", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
