"""Runs a command as a subprocess with a process group of its own, and ends the whole group when the task ends."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from credit_airflow.result_line import result_in

GRACE_SECONDS = 10.0
"""Time between SIGTERM and SIGKILL."""


class SubprocessRun:
    """One run of a command.

    Args:
        command: program and arguments.
        environment: of the process.
        log: is called with each line that it prints.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Callable[[str], None]) -> None:
        self._command = [*_ends_with_its_parent(), *command]
        self._environment = dict(environment)
        self._log = log
        self._process: subprocess.Popen[str] | None = None
        self._is_killed = False
        self.result: dict[str, object] | None = None

    def run(self) -> int:
        """Run to the end; returns the exit code, or the negative number of the signal that ended the program.

        Raises:
            FileNotFoundError: there is no such program.
        """
        self._process = subprocess.Popen(
            self._command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        if self._is_killed:  # while it was started
            self.kill()
        try:
            assert self._process.stdout is not None
            for line in self._process.stdout:
                self.result = result_in(line) or self.result
                self._log(line.rstrip("\n"))
            return self._process.wait()
        finally:
            # A timeout arrives as an exception in the loop above.
            self.kill()

    def kill(self) -> None:
        """End the process group: SIGTERM, then SIGKILL for what is left of it."""
        process, self._is_killed = self._process, True
        if process is None:
            return
        if process.poll() is None:
            _signal_group(process.pid, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(GRACE_SECONDS)
        # Also what the program started and left behind.
        _signal_group(process.pid, signal.SIGKILL)
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE_SECONDS)


def _signal_group(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _ends_with_its_parent() -> list[str]:
    """Start of a command that Linux kills together with the worker that started it.

    A worker that is killed cannot end its command, which would hold the lock of the step while the task is retried.
    """
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []
