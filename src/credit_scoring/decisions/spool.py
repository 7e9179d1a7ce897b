"""Decisions on this machine's disk while the ledger's database is away: flushed before they are answered, in order.

Each process appends to a file of its own and holds a lock on it; a file nobody holds was left by a process that is
gone, and whoever finds it drains it. A frame is its length, its CRC-32 and its bytes; a torn last frame was never
answered.
"""

import fcntl
import os
import struct
import uuid
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from threading import Lock

from credit_scoring.core.atomic_files import clear_write_errors, flush
from credit_scoring.core.errors import StorageError
from credit_scoring.decisions.decision_record import Entry, entry_of

_FRAME = struct.Struct(">II")
_SUFFIX = ".spool"
_ONLY_OWNER = 0o600


class Spool:
    """This process's file of decisions that wait for the database.

    Args:
        folder: shared by all processes of the installation.
        largest_bytes: beyond it no decision is taken any more.
    """

    def __init__(self, folder: Path, largest_bytes: int) -> None:
        self.folder = folder
        self._largest_bytes = largest_bytes
        self._path = folder / f"{os.getpid()}-{uuid.uuid4().hex[:8]}{_SUFFIX}"
        self._file: FileIO | None = None
        self._lock = Lock()
        self._waiting: list[bytes] = []
        self._bytes = 0
        self._refused: str | None = None

    @property
    def depth(self) -> int:
        """Decisions that wait."""
        return len(self._waiting)

    @property
    def full_because(self) -> str | None:
        """Why it takes no more decisions; None while it does."""
        return self._refused

    def append(self, entries: Sequence[Entry]) -> None:
        """Keep decisions durably, all or none.

        Raises:
            StorageError: the spool is full, or the disk refuses.
        """
        packed = [entry.whole() for entry in entries]
        frames = b"".join(_FRAME.pack(len(one), zlib.crc32(one)) + one for one in packed)
        with self._lock:
            try:
                self._require_room(len(frames))
                with clear_write_errors(self.folder):
                    self._write(frames)
            except StorageError as error:
                self._refused = str(error)
                raise
            self._refused = None
            self._waiting += packed
            self._bytes += len(frames)

    def _require_room(self, added_bytes: int) -> None:
        if self._bytes + added_bytes > self._largest_bytes:
            raise StorageError(
                f"The spool of decisions {self._path} is full: {self.depth} decisions wait for the ledger.",
                "Bring the ledger's database back, or raise CREDIT_LEDGER_SPOOL_MEGABYTES.",
            )

    def _write(self, frames: bytes) -> None:
        if self._file is None:
            self._file = self._created()
        try:
            rest = memoryview(frames)
            while rest:
                # A disk that is nearly full takes a part, and refuses only the next one.
                rest = rest[self._file.write(rest) :]
            os.fsync(self._file.fileno())
        except OSError:
            # Half a frame in the middle would hide those after it.
            os.ftruncate(self._file.fileno(), self._bytes)
            self._file.seek(self._bytes)
            raise

    def _created(self) -> FileIO:
        self.folder.mkdir(parents=True, exist_ok=True)
        # Whoever looks for abandoned files must not see it before it is held: an empty one would be removed at once,
        # and what is appended to a file without a name is lost.
        unseen = self._path.with_suffix(".new")
        file = FileIO(os.open(unseen, os.O_RDWR | os.O_CREAT | os.O_TRUNC, _ONLY_OWNER), "r+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            unseen.rename(self._path)
            flush(self.folder)
        except OSError:
            file.close()
            raise
        return file

    def first(self, count: int) -> list[Entry]:
        """The oldest decisions that wait."""
        with self._lock:
            packed = self._waiting[:count]
        return [entry_of(one) for one in packed]

    def drop(self, count: int) -> None:
        """Forget the oldest decisions: the database has them."""
        with self._lock:
            del self._waiting[:count]
            if not self._waiting and self._file is not None:
                # Emptied only as a whole: until then a crash makes them drain again, which changes nothing.
                os.ftruncate(self._file.fileno(), 0)
                self._file.seek(0)
                self._bytes = 0
                self._refused = None

    def close(self) -> None:
        """Let go of the file; it stays when decisions wait in it."""
        with self._lock:
            if self._file is not None:
                if not self._waiting:
                    self._path.unlink(missing_ok=True)
                self._file.close()
                self._file = None


@dataclass(frozen=True)
class Abandoned:
    """A file whose process is gone.

    Attributes:
        entries: its decisions, in order.
        damaged_at: first byte of a frame whose checksum is wrong; what follows cannot be read. None when whole.
    """

    path: Path
    entries: list[Entry]
    damaged_at: int | None

    def finish(self) -> None:
        """Remove the file: its decisions are recorded. A damaged one is only put aside."""
        if self.damaged_at is None:
            self.path.unlink(missing_ok=True)
        else:
            self.path.rename(self.path.with_suffix(".damaged"))


def abandoned(folder: Path) -> Iterator[Abandoned]:
    """Files whose process is gone, oldest first, each held against other processes until the next one is asked for."""
    for path in sorted(folder.glob(f"*{_SUFFIX}"), key=_age):
        with suppress(FileNotFoundError, BlockingIOError), path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            frames, damaged_at = frames_of(file.read())
            yield Abandoned(path, [entry_of(one) for one in frames], damaged_at)


def waiting_in_any(folder: Path) -> Iterator[Entry]:
    """Every decision that waits in the spool of this or another process."""
    for path in folder.glob(f"*{_SUFFIX}"):
        with suppress(FileNotFoundError):
            yield from (entry_of(one) for one in frames_of(path.read_bytes())[0])


def entry_in_any(folder: Path, decision_id: str) -> Entry | None:
    """A decision that waits in the spool of this or another process."""
    wanted = decision_id.encode()
    for path in folder.glob(f"*{_SUFFIX}"):
        with suppress(FileNotFoundError):
            for packed in frames_of(path.read_bytes())[0]:
                # The id stands in the text as it is; unpacking every vector would be slow.
                if wanted in packed and (entry := entry_of(packed)).record.decision_id == decision_id:
                    return entry
    return None


def frames_of(content: bytes) -> tuple[list[bytes], int | None]:
    """Whole frames in order, and where the first one lies whose checksum is wrong, if there is one."""
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


def _age(path: Path) -> int:
    with suppress(FileNotFoundError):
        return path.stat().st_ctime_ns
    return 0
