"""An installation as a user has it: a data directory, and commands run as processes of their own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
        process = subprocess.run(
            _command(arguments), env=self._environment(), capture_output=True, text=True, timeout=MAXIMUM_SECONDS
        )
        return Finished(process.returncode, process.stdout, process.stderr, _events(process.stderr))

    def run_until_killed(self, *arguments: str, event: str, step: str) -> bool:
        """Start a command and kill it without warning when it logs an event of a step; False if it never did."""
        process = subprocess.Popen(
            _command(arguments), env=self._environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        with process, ended(process):
            assert process.stderr is not None
            for line in process.stderr:
                logged = next(iter(_events(line)), {})
                if (logged.get("event"), logged.get("step")) == (event, step):
                    process.send_signal(signal.SIGKILL)
                    return True
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
