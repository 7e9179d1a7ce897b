"""The file of a SQLite database under a running program: one that is gone is an error, one put in its place is used."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock

from credit_scoring.core.errors import StorageError
from credit_scoring.core.urls import sqlite_file


class DatabaseFile:
    """Notices that a database's file was removed or replaced: an open connection goes on reading the old one for ever.

    Args:
        url: SQLAlchemy URL; without a file behind it nothing is noticed.
        purpose: what the database is for, as an error calls it ("online store").
        next_step: what else to do where the file is gone.
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
        self._identity = identity_of(self._path) if self._path is not None else None

    def require(self) -> None:
        """Let another file that lies in the place of the one that was remembered be opened.

        Raises:
            StorageError: nothing lies there, or the journal of the file before does too and would be played into it.
        """
        if self._path is None or self._identity is None or identity_of(self._path) == self._identity:
            return
        with self._lock:
            found = identity_of(self._path)
            if found is None:
                raise StorageError(
                    f"{self._path}, the {self._purpose}, is gone.", f"Put it back. {self._next_step}"
                )
            if found != self._identity:
                self._replaced()
                journal = self._path.with_name(f"{self._path.name}-wal")
                if journal.exists() and journal.stat().st_size:
                    raise StorageError(
                        f"{self._path}, the {self._purpose}, was replaced, and the journal of another lies beside it.",
                        f"Remove {journal} unless it belongs to the new file.",
                    )
                self._identity = found


def identity_of(path: Path) -> tuple[int, int] | None:
    """Which file lies there, whatever it is called: device and number; None if there is none."""
    with suppress(FileNotFoundError, NotADirectoryError):
        found = path.stat()
        return found.st_dev, found.st_ino
    return None
