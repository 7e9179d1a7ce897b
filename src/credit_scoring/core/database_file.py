"""The file of a SQLite database under a running program: one that is gone is an error, one put in its place is used."""

from collections.abc import Callable
from contextlib import suppress
from threading import Lock

from credit_scoring.core.addresses import sqlite_file
from credit_scoring.core.errors import StorageError


class DatabaseFile:
    """Notices that a database's file was removed or replaced: an open connection goes on reading the old one for ever.

    Args:
        url: SQLAlchemy URL; without a file behind it nothing is noticed.
        purpose: what the database is for, as an error calls it ("online store").
        next_step: what to do where the file is gone.
        replaced: called when another file is there; lets go of the connections to the old one.
    """

    def __init__(self, url: str, purpose: str, next_step: str, replaced: Callable[[], None]) -> None:
        self._path = sqlite_file(url)
        self._purpose = purpose
        self._next_step = next_step
        self._replaced = replaced
        self._identity: tuple[int, int] | None = None
        self._lock = Lock()

    def remember(self) -> None:
        """The file that is there now is the right one."""
        self._identity = self._found()

    def require(self) -> None:
        """Raises StorageError when the file that was remembered is gone, and nothing lies in its place."""
        if self._path is None or self._identity is None:
            return
        found = self._found()
        if found is None:
            raise StorageError(f"{self._path}, the {self._purpose}, is gone.", self._next_step)
        if found != self._identity:
            with self._lock:
                self._identity = found
                self._replaced()

    def _found(self) -> tuple[int, int] | None:
        if self._path is not None:
            with suppress(FileNotFoundError, NotADirectoryError):
                found = self._path.stat()
                return found.st_dev, found.st_ino
        return None
