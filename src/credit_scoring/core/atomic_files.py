"""Files and folders that appear whole or not at all: written under a temporary name, flushed, then renamed."""

import errno
import fcntl
import glob
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from credit_scoring.core.errors import CreditScoringError, SourceError, StorageError

_FULL_BELOW_BYTES = 4096
_FREE_SPACE = "Free some space and run the command again."
_ANOTHER_FOLDER = "Choose a folder that can be written: CREDIT_DATA_DIRECTORY, or the one given to the command."
_REASONS = {
    errno.ENOSPC: ("the disk is full", _FREE_SPACE),
    errno.EDQUOT: ("the disk quota is exhausted", _FREE_SPACE),
    errno.EFBIG: ("the file would exceed the size limit", "Raise the limit of `ulimit -f` and try again."),
    errno.EROFS: ("the file system is read-only", _ANOTHER_FOLDER),
    errno.EACCES: ("permission is denied", _ANOTHER_FOLDER),
    errno.EPERM: ("permission is denied", _ANOTHER_FOLDER),
    errno.ENOTDIR: ("a file has the name of a folder", _ANOTHER_FOLDER),
    errno.EISDIR: ("a folder has the name of a file", _ANOTHER_FOLDER),
    errno.EEXIST: ("a file has the name of a folder", _ANOTHER_FOLDER),
    errno.ENOENT: ("the folder cannot be made", _ANOTHER_FOLDER),
    errno.ENOTEMPTY: ("another run wrote it at the same time", "Run the command again, after the other one."),
    errno.ENAMETOOLONG: ("the name is too long", _ANOTHER_FOLDER),
}


@contextmanager
def clear_write_errors(path: Path) -> Iterator[None]:
    """Turn the operating system's refusal to write into a StorageError that says what to do."""
    try:
        yield
    except CreditScoringError:
        raise
    except Exception as error:
        # Polars and Delta raise errors of their own, which carry no number.
        number = _number_in(error) or (errno.ENOSPC if _is_full(path) else getattr(error, "errno", None))
        if number not in _REASONS or (number != errno.ENOSPC and _is_elsewhere(path, error)):
            raise
        reason, next_step = _REASONS[number]
        raise StorageError(f"Cannot write {path}: {reason}.", next_step) from error


@contextmanager
def clear_read_errors(what: object, next_step: str) -> Iterator[None]:
    """Turn any failure to read or parse what is stored into a StorageError: each library has errors of its own."""
    try:
        yield
    except CreditScoringError:
        raise
    except Exception as error:
        reason = (str(error) or type(error).__name__).partition("\n")[0]
        raise StorageError(f"{what} cannot be read ({reason}).", next_step) from error


def _number_in(error: Exception) -> int | None:
    """The number of a disk error, from the message of a library."""
    numbers = {f"os error {number}": number for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)}
    numbers["No space left on device"] = errno.ENOSPC
    return next((number for text, number in numbers.items() if text in str(error)), None)


def _is_full(path: Path) -> bool:
    existing = next((folder for folder in (path, *path.absolute().parents) if os.path.exists(folder)), None)
    usage = shutil.disk_usage(existing or "/")
    return 0 < usage.total and usage.free < _FULL_BELOW_BYTES


def _is_elsewhere(path: Path, error: Exception) -> bool:
    """Whether an error names a file that is neither at a path nor beside, below or above it: one that was read."""
    if not isinstance(name := getattr(error, "filename", None), str):
        return False
    written, named = path.absolute(), Path(name).absolute()
    return not (named.is_relative_to(written) or written.is_relative_to(named) or named.parent == written.parent)


def ending_of(path: Path, *known: str) -> str:
    """The ending of a file's name in lower case; SourceError unless it is one of those known."""
    ending = path.suffix.lower()
    if ending not in known:
        expected = " or ".join(known)
        raise SourceError(f"{path.name} does not end in {expected}.", "Give a name with the ending of its content.")
    return ending


@contextmanager
def replacing_file(path: Path) -> Iterator[Path]:
    """A temporary file beside ``path`` that replaces it when the block succeeds.

    Raises:
        StorageError: it cannot be written; an existing ``path`` stays as it was.
    """
    partial = _temporary_name(path, "partial")
    try:
        with clear_write_errors(path):
            if path.exists() and not path.is_file():
                reason = _REASONS[errno.EISDIR][0] if path.is_dir() else "it is no regular file"
                raise StorageError(f"Cannot write {path}: {reason}.", _ANOTHER_FOLDER)
            path.parent.mkdir(parents=True, exist_ok=True)
            _remove_leftovers_of_killed_runs(path)
            yield partial
            flush(partial)
            partial.replace(path)
    finally:
        with suppress(OSError):
            partial.unlink()


@contextmanager
def replacing_folder(path: Path, may_be_replaced: Callable[[Path], bool]) -> Iterator[Path]:
    """A temporary folder beside ``path`` that replaces it when the block succeeds, and is removed otherwise.

    Raises:
        StorageError: ``path`` holds something that may not be replaced, or cannot be written.
    """
    if path.exists() and not may_be_replaced(path) and (not path.is_dir() or any(path.iterdir())):
        raise StorageError(
            f"{path} exists and was not written by this command; it is left as it is.",
            "Choose an empty or new folder with --output.",
        )
    partial, old = _temporary_name(path, "partial"), _temporary_name(path, "old")
    try:
        with clear_write_errors(path):
            _remove_leftovers_of_killed_runs(path)
            partial.mkdir(parents=True)
            yield partial
            with suppress(FileNotFoundError):
                path.rename(old)
            partial.rename(path)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file, so that a reader or a crash sees either the old content or the new one."""
    with replacing_file(path) as partial:
        partial.write_bytes(content)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait for the exclusive right to read and rewrite a file; the lock file is beside it."""
    with clear_write_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_name(f".{path.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def flush(path: Path) -> None:
    """Make the content of a file, or the names of a folder's files, durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _temporary_name(path: Path, kind: str) -> Path:
    """A name of its own: two writers never share a temporary file."""
    return path.parent / f".{path.name}.{kind}-{os.getpid()}-{uuid.uuid4().hex[:8]}"


def _remove_leftovers_of_killed_runs(path: Path) -> None:
    """Remove temporary files and folders whose process is gone: a full synthetic run leaves three gigabytes."""
    for leftover in path.parent.glob(f".{glob.escape(path.name)}.partial-*-*"):
        process = leftover.name.rsplit("-", 2)[1]
        if process.isdigit() and not Path(f"/proc/{process}").exists() and Path("/proc/self").exists():
            with suppress(OSError):
                shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
