"""Restores a SQLite ledger whose file was deleted under a running service (docs/DECISIONS.md, "deleted ledger").

An open connection keeps reading a deleted file, so its content is lost only when the process ends. A marker beside the
file names the ledger: a service that starts while the file is missing waits for it instead of beginning a second chain.
"""

from pathlib import Path

import sqlalchemy as sa

from credit_scoring.core.atomic_files import flush, locked, replacing_file, write_atomically
from credit_scoring.core.database_file import identity_of
from credit_scoring.core.errors import StorageError

_SIDE_FILES = ("-wal", "-shm")


class LedgerFile:
    """The file of a ledger, and the connection that a deleted file is restored from.

    Args:
        path: of a SQLite database that may not exist yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._marker = path.with_suffix(".ledger")
        self._restored = path.with_suffix(".restored")
        self._connection: sa.Connection | None = None

    @property
    def is_begun(self) -> bool:
        """Whether a ledger was created at this path before."""
        return self._marker.exists()

    @property
    def was_restored(self) -> bool:
        """Whether a service restored the file that is at the path now; its journal belongs to it then."""
        return self._restored.exists() and self._restored.read_text() == str(identity_of(self._path))

    def keep_open(self, connection: sa.Connection, ledger_id: str) -> None:
        """Keep a connection that has read the ledger, to restore the file from.

        Raises:
            StorageError: the marker names another ledger.
        """
        self.close()
        self._connection = connection
        if not self._marker.exists():
            write_atomically(self._marker, ledger_id.encode())
        elif (expected := self._marker.read_text(errors="replace")) != ledger_id:
            self.close()
            raise StorageError(
                f"{self._path} is the ledger {ledger_id}, but {expected} was created here.",
                f"Restore that one; to continue with the other one, remove {self._marker}.",
            )

    def restore_if_deleted(self) -> None:
        """Write the file again if it is missing.

        Raises:
            StorageError: the disk is full or not writable.
        """
        # Several services may find the file missing; the first one restores it.
        with locked(self._path):
            if self._path.exists() or self._connection is None:
                return
            try:
                with replacing_file(self._path) as copy:
                    self._connection.exec_driver_sql("VACUUM INTO ?", (str(copy),))
                    for suffix in _SIDE_FILES:
                        # They belong to the deleted file; SQLite would apply them to the new one.
                        self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
            except sa.exc.SQLAlchemyError as error:
                raise StorageError(
                    f"{self._path}, the decision ledger, was deleted and cannot be restored ({error}).",
                    "Free space on its disk, or restore the ledger from a backup.",
                ) from error
            write_atomically(self._restored, str(identity_of(self._path)).encode())
            flush(self._path.parent)

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
