"""Databases behind SQLAlchemy URLs: opened with their tables, and clear about it when they do not answer."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from credit_scoring.core.errors import StorageError
from credit_scoring.core.settings import variable_name


class Database:
    """A database and the tables one room keeps in it; tables are created when missing.

    Args:
        url: SQLAlchemy URL.
        purpose: what the database is for, as an error calls it ("decision ledger").
        setting: settings field that may hold another URL.

    Raises:
        StorageError: the URL is wrong, or the database cannot be reached or written.
    """

    def __init__(self, url: str, tables: sa.MetaData, purpose: str, setting: str) -> None:
        self._name = purpose
        variable = variable_name(setting)
        self._next_step = f"Check {variable}, that the database runs and that its disk is not full."
        with self._clear_errors():
            self._engine = sa.create_engine(url, pool_pre_ping=True)
            self._name = f"{purpose} {self._engine.url.render_as_string(hide_password=True)}"
            tables.create_all(self._engine)

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """A connection whose changes are durable together once the block ends, or not made at all.

        Raises:
            StorageError: the database does not answer or refuses.
        """
        with self._clear_errors(), self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        try:
            yield
        except (sa.exc.SQLAlchemyError, ImportError) as error:
            reason = str(error).splitlines()[0]
            raise StorageError(f"The {self._name} does not answer ({reason}).", self._next_step) from error
