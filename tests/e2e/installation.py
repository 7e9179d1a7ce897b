"""An installation as a user has it: a data directory, and commands that run in processes of their own."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.loaded_program import start_program

MAXIMUM_SECONDS = 600


@dataclass(frozen=True)
class Finished:
    """Result of a command.

    Attributes:
        events: its structured log lines.
    """

    exit_code: int
    output: str
    errors: str
    events: list[dict[str, object]]


@dataclass(frozen=True)
class Installation:
    """A data directory and the commands run on it."""

    data_directory: Path
    variables: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str) -> Finished:
        """Run a command to its end."""
        with tempfile.TemporaryDirectory() as name:
            output, errors = Path(name) / "output", Path(name) / "errors"
            process = start_program(["credit-scoring", *arguments], Path.cwd(), self._environment(), output, errors)
            process.join(MAXIMUM_SECONDS)
            process.kill()
            exit_code, said = process.exitcode, errors.read_text()
            assert exit_code is not None, f"not finished after {MAXIMUM_SECONDS} s: {said}"
            return Finished(exit_code, output.read_text(), said, _events(said))

    def run_until_killed(self, *arguments: str, event: str, step: str) -> bool:
        """Start a command and kill it without warning when it logs an event of a step; False if it never did."""
        with tempfile.TemporaryDirectory() as name:
            errors = Path(name) / "errors"
            os.mkfifo(errors)
            program = ["credit-scoring", *arguments]
            process = start_program(program, Path.cwd(), self._environment(), Path(os.devnull), errors)
            with errors.open() as lines:
                for line in lines:
                    logged = next(iter(_events(line)), {})
                    if (logged.get("event"), logged.get("step")) == (event, step):
                        process.kill()
                        process.join()
                        return True
            process.join()
            return False

    @contextmanager
    def started(self, *arguments: str, log: Path, **variables: str) -> Iterator["subprocess.Popen[bytes]"]:
        """A running command that logs to a file; it is ended when the block ends."""
        with log.open("wb") as stream:
            process = subprocess.Popen(
                _command(arguments), env=self._environment() | variables, stdout=subprocess.DEVNULL, stderr=stream
            )
            with ended(process):
                yield process

    def _environment(self) -> dict[str, str]:
        own = {
            "CREDIT_DATA_DIRECTORY": str(self.data_directory),
            "CREDIT_BUCKET_COUNT": "4",
            "CREDIT_TRAINING_FAMILIES": "lightgbm,logistic_regression",
            "CREDIT_TUNING_TRIALS": "4",
        }
        return {**os.environ, **own, "CREDIT_LOG_FORMAT": "json", **self.variables}


@contextmanager
def ended(process: "subprocess.Popen[Any]") -> Iterator[None]:
    """Terminate a process when the block ends."""
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def _command(arguments: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", "credit_scoring", *arguments]


def _events(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]
