"""The SQLite file of a ledger: noticed when it is removed or replaced under a running service, and put back.

An open connection keeps reading a file that has lost its name, so what was recorded is not lost with the name. A
marker beside it names the ledger: whoever opens it while the file is away waits, and does not begin another one.
"""

import fcntl
import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock

from credit_scoring.core.atomic_files import clear_write_errors, flush, write_atomically
from credit_scoring.core.database_file import identity_of
from credit_scoring.core.errors import StorageError
from credit_scoring.core.logs import get_logger
from credit_scoring.decisions.ledger_tables import HEAD

_SIDE_FILES = ("-wal", "-shm")
# The name is our own table's.
_END_OF_CHAIN = f"SELECT ledger_id, rows FROM {HEAD.name}"  # nosec B608
_PUT_IT_BACK = "Remove it, and the service writes the ledger anew; or restart the service to use this one."


class LedgerFile:
    """Which file a ledger is, and an open hand on it.

    Args:
        path: of a SQLite database that may not exist yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._marker = path.with_suffix(".ledger")
        self._identity: tuple[int, int] | None = None
        self._ledger_id = ""
        self._confirmed_rows = 0
        self._hold: sqlite3.Connection | None = None
        self._lock = Lock()

    @contextmanager
    def opening(self) -> Iterator[str]:
        """The URL to open it with, while no other process opens it or puts it back.

        Once a ledger was begun here, opening finds its file or fails: SQLite would make an empty one.
        """
        with self._alone():
            if self._marker.exists():
                address = f"sqlite:///{self._path.absolute().as_uri()}?mode=rw&uri=true"
            else:
                address = f"sqlite:///{self._path}"
            yield address
            with self._lock:
                self._hold_what_is_there()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with clear_write_errors(self._path.parent):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            guard = self._path.with_suffix(".lock").open("w")
        with guard:
            fcntl.flock(guard, fcntl.LOCK_EX)
            yield

    def _hold_what_is_there(self) -> None:
        self._forget()
        self._identity = identity_of(self._path)
        self._hold = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
        # Only a connection that has read holds the write-ahead log open too.
        try:
            self._ledger_id, self._confirmed_rows = _end_of_chain(self._hold)
        except sqlite3.Error as error:
            self._forget()
            raise StorageError(
                f"{self._path} went away while it was opened ({error}).", "Try again."
            ) from error
        if not self._marker.exists():
            write_atomically(self._marker, self._ledger_id.encode())
        elif (named := self._marker.read_text()) != self._ledger_id:
            self._forget()
            raise StorageError(
                f"{self._path} is the ledger {self._ledger_id}, but {named} was begun here.",
                f"Put that one back; to go on with another on purpose, remove {self._marker}.",
            )

    def confirm(self, rows: int) -> None:
        """So many decisions were stored, and the file was still there afterwards."""
        self._confirmed_rows = rows

    def require_same(self) -> None:
        """Raises StorageError when another file, or none, has taken the place of the one that is remembered."""
        if self._identity is not None and identity_of(self._path) != self._identity:
            raise StorageError(
                f"{self._path}, the decision ledger, was removed or replaced.",
                "A removed file is written anew at once; one that was replaced must be put back.",
            )

    def take_up_again(self) -> None:
        """Hold the file that is there now; one that was removed is written anew from the connection that reads it.

        Raises:
            StorageError: the file is another ledger or an older copy, or the disk refuses.
        """
        # Several workers find the file missing at once; the first puts it back.
        with self._lock, self._alone(), clear_write_errors(self._path.parent):
            if not self._path.exists():
                self._write_anew()
            if identity_of(self._path) != self._identity:
                self._require_as_far()
                self._hold_what_is_there()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._forget()

    def _write_anew(self) -> None:
        assert self._hold is not None
        partial = self._path.with_name(f".{self._path.name}-{uuid.uuid4().hex[:8]}")
        try:
            with closing(sqlite3.connect(partial)) as copy:
                self._hold.backup(copy)
                copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            with partial.open("rb") as written:
                os.fsync(written.fileno())
            for name in _SIDE_FILES:
                # They belong to the removed file; beside the new one they would be played into it.
                self._path.with_name(self._path.name + name).unlink(missing_ok=True)
            os.link(partial, self._path)
            flush(self._path.parent)
        except sqlite3.Error as error:
            raise StorageError(
                f"{self._path}, the decision ledger, was removed and cannot be put back ({error}).",
                "Free space on its disk, or restore the ledger from a backup.",
            ) from error
        finally:
            for name in ("", *_SIDE_FILES):
                partial.with_name(partial.name + name).unlink(missing_ok=True)
        get_logger("decisions").warning("ledger file was removed and has been put back", path=str(self._path))

    def _require_as_far(self) -> None:
        # Immutable: what lies beside it may be the removed file's journal, and would be played into this one.
        address = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
        try:
            with closing(sqlite3.connect(address, uri=True)) as other:
                ledger_id, rows = _end_of_chain(other)
        except sqlite3.Error as error:
            raise StorageError(f"{self._path} is no ledger ({error}).", _PUT_IT_BACK) from error
        if ledger_id != self._ledger_id:
            raise StorageError(f"{self._path} is another ledger than the one in use.", _PUT_IT_BACK)
        if rows < self._confirmed_rows:
            raise StorageError(
                f"{self._path} is an older copy of the ledger: {rows} decisions, {self._confirmed_rows} were stored.",
                _PUT_IT_BACK,
            )

    def _forget(self) -> None:
        self._identity = None
        if self._hold is not None:
            self._hold.close()
            self._hold = None


def _end_of_chain(connection: sqlite3.Connection) -> tuple[str, int]:
    ledger_id, rows = connection.execute(_END_OF_CHAIN).fetchone()
    return str(ledger_id), int(rows)
