"""One run of the program in this process, and what may be said about it afterwards."""

import io
import os
import resource
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from credit_scoring import cli
from credit_scoring.core.errors import NOTHING_NEW_EXIT_CODE
from credit_scoring.core.settings import load_settings

EXIT_CODES = {0, *range(2, 15)}
"""Documented in docs/ARCHITECTURE.md; 1 is an internal error."""
ABORTED = "Aborted.\n"
"""Said when a question is not answered with yes, with exit code 1."""
TRACEBACK = "Traceback (most recent call last)"


@dataclass(frozen=True)
class Outcome:
    """What a run left: its exit code, None where an exception escaped, and both streams."""

    exit_code: int | None
    output: str
    errors: str

    @property
    def fault(self) -> str | None:
        """What is wrong with the run, if anything."""
        if TRACEBACK in self.output + self.errors:
            return f"a traceback: {self.errors[-3000:]}"
        if self.exit_code not in EXIT_CODES and not (self.exit_code == 1 and self.errors.endswith(ABORTED)):
            return f"exit code {self.exit_code}: {self.errors[-500:]}"
        if self.exit_code not in (0, NOTHING_NEW_EXIT_CODE) and not self.errors.strip():
            return f"exit code {self.exit_code} without a word"
        return None


def contents(folder: Path) -> set[tuple[str, int, int]]:
    """Path, size and time of change of everything below a folder, but for the files that SQLite readers share."""
    found = set()
    for path in folder.rglob("*"):
        status = path.lstat()
        if not path.name.endswith(("-shm", "-wal")):
            found.add((str(path), 0 if path.is_dir() else status.st_size, 0 if path.is_dir() else status.st_mtime_ns))
    return found


def run_in_process(
    arguments: tuple[str, ...], variables: Mapping[str, str], working_folder: Path, file_size_limit: int | None = None
) -> Outcome:
    """Run the program as its entry point does, with streams of its own."""
    output, errors = (io.TextIOWrapper(io.BytesIO(), "utf-8", "strict", write_through=True) for _ in range(2))
    exit_code: int | None = 0
    load_settings.cache_clear()
    with (
        patch.dict(os.environ, variables),
        patch.object(sys, "argv", ["credit-scoring", *arguments]),
        patch.object(sys, "stdin", io.StringIO()),
        redirect_stdout(output),
        redirect_stderr(errors),
        _inside(working_folder),
        _limited_files(file_size_limit),
    ):
        try:
            cli.main()
        except SystemExit as end:
            exit_code = end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException:  # noqa: B036 - of any kind, a panic of a library in Rust too
            exit_code = None
            errors.write("".join(traceback.format_exc()).encode("utf-8", "backslashreplace").decode())
    load_settings.cache_clear()
    return Outcome(exit_code, *(_text(stream) for stream in (output, errors)))


def _text(stream: io.TextIOWrapper) -> str:
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode("utf-8", "replace")


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@contextmanager
def _limited_files(limit: int | None) -> Iterator[None]:
    """No file may become larger than a number of bytes, as on a disk that is nearly full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    if limit is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
