"""The file of a SQLite database in use: connections notice that it was deleted or replaced.

Without this, an open connection keeps reading and writing the old file, and a new one creates an empty file.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from credit_scoring.core.atomic_files import clear_write_errors
from credit_scoring.core.errors import StorageError

_IDENTITY = "file"


class DatabaseFile:
    """Checks the file whenever a connection is opened or taken from the pool.

    Args:
        purpose: what the database is for, as in "online store".
        next_step: what to check when the file is missing.
        may_create: whether the first connection may create the file.
    """

    def __init__(self, engine: sa.Engine, path: Path, purpose: str, next_step: str, may_create: bool) -> None:
        self._path = path
        self._purpose = purpose
        self._next_step = next_step
        self._may_create = may_create
        self._identity: tuple[int, int] | None = None
        sa.event.listen(engine, "do_connect", self._before_connecting)
        sa.event.listen(engine, "connect", self._after_connecting)
        sa.event.listen(engine, "checkout", self._on_checkout)

    def require_unchanged(self, connection: sa.Connection) -> None:
        """Raises StorageError when the path no longer leads to the file that the connection has open."""
        if identity_of(self._path) != connection.info[_IDENTITY]:
            raise StorageError(
                f"{self._path}, the {self._purpose}, was deleted or replaced.", f"Restore it. {self._next_step}"
            )

    def accept_replacement(self) -> None:
        """Open whatever file is at the path next, and the journal beside it."""
        self._identity = None

    def _before_connecting(self, *_: object) -> None:
        found = identity_of(self._path)
        if found is None and not self._may_create:
            public = f"The {self._purpose} is unavailable."
            raise StorageError(
                f"{self._path}, the {self._purpose}, is missing.", f"Restore it. {self._next_step}", public
            )
        if found is None:
            make_folder_of(self._path)
        if self._identity not in (None, found):
            journal = self._path.with_name(f"{self._path.name}-wal")
            # SQLite would apply the old file's journal to the new file.
            if journal.exists() and journal.stat().st_size:
                raise StorageError(
                    f"{self._path}, the {self._purpose}, was replaced, and {journal.name} belongs to the old file.",
                    f"Remove {journal} and the -shm file beside it, unless they belong to the new file.",
                )

    def _after_connecting(self, _: object, record: Any) -> None:
        self._may_create = False
        self._identity = record.info[_IDENTITY] = identity_of(self._path)

    def _on_checkout(self, _: object, record: Any, __: object) -> None:
        if identity_of(self._path) != record.info[_IDENTITY]:
            # The pool closes this connection and opens another one.
            raise sa.exc.DisconnectionError(f"{self._path} was deleted or replaced")


def make_folder_of(path: Path) -> None:
    """Make the folder of a database's file; raises StorageError if that is impossible."""
    with clear_write_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)


def identity_of(path: Path) -> tuple[int, int] | None:
    """Device and inode of a file; None if it is missing."""
    with suppress(FileNotFoundError, NotADirectoryError):
        found = path.stat()
        return found.st_dev, found.st_ino
    return None
