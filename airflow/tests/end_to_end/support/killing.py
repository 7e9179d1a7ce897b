"""Kills the worker of a task, as lack of memory or a restart of its machine would."""

import os
import signal
import time
from pathlib import Path

from end_to_end.support.dag_runs import DagRun

_PATIENCE_SECONDS = 300


def kill_worker(run: DagRun, task: str, command: str, data_directory: Path, after: str, map_index: int = -1) -> int:
    """Kill the process that runs a task when its command has logged something; returns the command's process id.

    Args:
        command: of the program, such as ``train``.
        data_directory: where the command works, which tells it from that of another test.
        after: the text to wait for.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while after not in run.airflow.task_log(run.dag, run.run_id, task, map_index):
        assert time.monotonic() < deadline, f"{task} did not log {after!r}: {run.explain()}"
        time.sleep(0.1)
    found = {number for number in _processes() if _is_running(number, command, data_directory)}
    # Not the processes that the command itself forked.
    (process,) = [number for number in found if _parent_of(number) not in found]
    os.kill(_parent_of(process), signal.SIGKILL)
    return process


def wait_until_gone(process: int) -> None:
    """Wait until a process has ended."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while Path(f"/proc/{process}").exists():
        assert time.monotonic() < deadline, f"process {process} still runs"
        time.sleep(0.1)


def _processes() -> list[int]:
    return [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdecimal()]


def _is_running(process: int, command: str, data_directory: Path) -> bool:
    try:
        arguments = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
        environment = Path(f"/proc/{process}/environ").read_bytes().split(b"\0")
    except OSError:
        return False
    return command.encode() in arguments and f"CREDIT_DATA_DIRECTORY={data_directory}".encode() in environment


def _parent_of(process: int) -> int:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("PPid:")).split()[1])
