"""Decisions on the local disk while the ledger's database is unavailable: flushed before the answer, kept in order.

Each process appends to a file of its own and holds a lock on it. An unlocked file belongs to a dead process; any other
process drains it. A frame is a length, a CRC-32 and that many bytes; a truncated last frame was never answered.
"""

import fcntl
import os
import struct
import uuid
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from io import FileIO
from pathlib import Path
from threading import Lock

from credit_scoring.core.atomic_files import clear_write_errors, flush
from credit_scoring.core.errors import StorageError
from credit_scoring.decisions.decision_record import Entry, entry_of

_FRAME = struct.Struct(">II")
_SUFFIX = ".spool"
_OWNER_ONLY = 0o600
_NO_SPOOL = "Decisions are not spooled here (CREDIT_LEDGER_SPOOL_MEGABYTES=0), so none is made without the ledger."


class Spool:
    """This process's file of decisions that wait for the database.

    Args:
        folder: shared by all processes that use the data folder.
        max_bytes: size at which further decisions are rejected; 0: none is ever accepted.

    Attributes:
        full_reason: why it accepts no more decisions; None while it does.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self.folder = folder
        self._max_bytes = max_bytes
        self._path = folder / f"{os.getpid()}-{uuid.uuid4().hex[:8]}{_SUFFIX}"
        self._file: FileIO | None = None
        self._lock = Lock()
        self._waiting: list[bytes] = []
        self._bytes = 0
        self.full_reason: str | None = None if max_bytes else _NO_SPOOL

    @property
    def depth(self) -> int:
        """Number of waiting decisions."""
        return len(self._waiting)

    def append(self, entries: Sequence[Entry]) -> None:
        """Store decisions durably, all or none.

        Raises:
            StorageError: the spool is full, or the disk rejects the write.
        """
        packed = [entry.whole() for entry in entries]
        frames = b"".join(_FRAME.pack(len(one), zlib.crc32(one)) + one for one in packed)
        with self._lock:
            try:
                self._require_space(len(frames))
                with clear_write_errors(self.folder):
                    self._write(frames)
            except StorageError as error:
                self.full_reason = str(error)
                raise
            self.full_reason = None
            self._waiting += packed
            self._bytes += len(frames)

    def _require_space(self, added_bytes: int) -> None:
        if not self._max_bytes:
            raise StorageError(_NO_SPOOL, "Restore the ledger's database, and send the request again.")
        if self._bytes + added_bytes > self._max_bytes:
            raise StorageError(
                f"The decision spool {self._path} is full: {self.depth} decisions wait for the ledger.",
                "Restore the ledger's database, or raise CREDIT_LEDGER_SPOOL_MEGABYTES.",
            )

    def _write(self, frames: bytes) -> None:
        if self._file is None:
            self._file = self._created()
        try:
            rest = memoryview(frames)
            while rest:
                # A nearly full disk writes a part and fails only on the next call.
                rest = rest[self._file.write(rest) :]
            os.fsync(self._file.fileno())
        except OSError:
            # Half a frame would hide the frames after it.
            os.ftruncate(self._file.fileno(), self._bytes)
            self._file.seek(self._bytes)
            raise

    def _created(self) -> FileIO:
        self.folder.mkdir(parents=True, exist_ok=True)
        # The file gets its suffix once it is locked. Otherwise another process could take it for abandoned, remove it
        # while it is empty, and lose everything that is appended afterwards.
        unlocked = self._path.with_suffix(".new")
        file = FileIO(os.open(unlocked, os.O_RDWR | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY), "r+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            unlocked.rename(self._path)
            flush(self.folder)
        except OSError:
            file.close()
            raise
        return file

    def first(self, count: int) -> list[Entry]:
        """The oldest waiting decisions."""
        with self._lock:
            packed = self._waiting[:count]
        return [entry_of(one) for one in packed]

    def drop(self, count: int) -> None:
        """Remove the oldest decisions: the database has them."""
        with self._lock:
            del self._waiting[:count]
            if not self._waiting and self._file is not None:
                # Truncated only when all are drained: after a crash they are drained again, which changes nothing.
                os.ftruncate(self._file.fileno(), 0)
                self._file.seek(0)
                self._bytes = 0
                self.full_reason = None

    def close(self) -> None:
        """Close the file; it is kept if decisions wait in it."""
        with self._lock:
            if self._file is not None:
                if not self._waiting:
                    self._path.unlink(missing_ok=True)
                self._file.close()
                self._file = None


@dataclass(frozen=True)
class AbandonedFile:
    """The spool file of a dead process.

    Attributes:
        entries: its decisions, in order.
        damaged_at: offset of a frame with a wrong checksum; nothing after it can be read. None for an intact file.
    """

    path: Path
    entries: list[Entry]
    damaged_at: int | None

    def finish(self) -> None:
        """Remove the file once its decisions are recorded; a damaged one is renamed instead."""
        if self.damaged_at is None:
            self.path.unlink(missing_ok=True)
        else:
            self.path.rename(self.path.with_suffix(".damaged"))


def abandoned_files(folder: Path) -> Iterator[AbandonedFile]:
    """Spool files of dead processes, oldest first; each is locked until the next one is requested."""
    for path in sorted(folder.glob(f"*{_SUFFIX}"), key=_changed_at):
        with suppress(FileNotFoundError, BlockingIOError), path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            frames, damaged_at = frames_of(file.read())
            yield AbandonedFile(path, [entry_of(one) for one in frames], damaged_at)


def abandoned_decisions(folder: Path) -> int:
    """Number of decisions in the spool files of dead processes."""
    count = 0
    for path in folder.glob(f"*{_SUFFIX}"):
        with suppress(FileNotFoundError, BlockingIOError), path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            count += _decisions_in(path, path.stat().st_size)
    return count


@lru_cache
def _decisions_in(path: Path, size: int) -> int:
    """Cached: the file of a dead process keeps its size."""
    return len(frames_of(path.read_bytes())[0])


def spooled_entries(folder: Path, decision_id: str = "") -> Iterator[Entry]:
    """Every decision, or the one with an id, that waits in a spool of this or another process."""
    for path in folder.glob(f"*{_SUFFIX}"):
        with suppress(FileNotFoundError):
            for packed in frames_of(path.read_bytes())[0]:
                # The packed text contains the id as it is; unpacking every vector would be slow.
                if decision_id.encode() in packed:
                    entry = entry_of(packed)
                    if decision_id in ("", entry.record.decision_id):
                        yield entry


def frames_of(content: bytes) -> tuple[list[bytes], int | None]:
    """Intact frames in order, and the offset of the first one with a wrong checksum, if any."""
    position = 0
    frames: list[bytes] = []
    while position + _FRAME.size <= len(content):
        length, checksum = _FRAME.unpack_from(content, position)
        start, end = position + _FRAME.size, position + _FRAME.size + length
        if length == 0 or end > len(content):
            break
        if zlib.crc32(content[start:end]) != checksum:
            return frames, position
        frames.append(content[start:end])
        position = end
    return frames, None


def _changed_at(path: Path) -> int:
    with suppress(FileNotFoundError):
        return path.stat().st_ctime_ns
    return 0
