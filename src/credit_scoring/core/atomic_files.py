"""Folders and files that the user names: written aside, and put in their place as a whole."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from credit_scoring.core.errors import StorageError


@contextmanager
def replacing_folder(out: Path, may_be_replaced: Callable[[Path], bool]) -> Iterator[Path]:
    """A folder aside that takes the place of ``out`` when the body ends well, and vanishes otherwise.

    Raises:
        StorageError: ``out`` holds something that may not be replaced, or cannot be written.
    """
    if out.exists() and not may_be_replaced(out) and (not out.is_dir() or any(out.iterdir())):
        raise StorageError(
            f"{out} exists and was not written by `credit-scoring synthesize`; it is left as it is.",
            "Choose an empty or new folder with --output.",
        )
    aside, old = _aside(out, "partial"), _aside(out, "old")
    try:
        with _clear_write_errors(out):
            _remove_remains_of_killed_runs(out)
            aside.mkdir(parents=True)
            yield aside
            if out.exists():
                out.rename(old)
            aside.rename(out)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


@contextmanager
def replacing_file(out: Path) -> Iterator[Path]:
    """A file aside, in an existing folder, that takes the place of ``out`` when the body ends well.

    Raises:
        StorageError: it cannot be written; an older ``out`` stays as it was.
    """
    aside = _aside(out, "partial")
    try:
        with _clear_write_errors(out):
            out.parent.mkdir(parents=True, exist_ok=True)
            yield aside
            aside.replace(out)
    finally:
        with suppress(OSError):
            aside.unlink()


def _aside(out: Path, kind: str) -> Path:
    return out.parent / f".{out.name}.{kind}-{os.getpid()}-{uuid.uuid4().hex[:8]}"


@contextmanager
def _clear_write_errors(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageError(
            f"{out} cannot be written: {reason}.", "Free some space, or choose another place with --output."
        ) from error


def _remove_remains_of_killed_runs(out: Path) -> None:
    """Remove what runs left beside ``out`` whose process is gone: a full run leaves up to three gigabytes."""
    for remains in out.parent.glob("." + _literal(out.name) + ".partial-*-*"):
        process = remains.name.rsplit("-", 2)[1]
        if process.isdigit() and not Path(f"/proc/{process}").exists() and Path("/proc/self").exists():
            shutil.rmtree(remains, ignore_errors=True)


def _literal(name: str) -> str:
    """A file name as a pattern that matches only itself."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
