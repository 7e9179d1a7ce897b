"""An Airflow without database: a home of its own, and the tasks' contexts as plain objects."""

import atexit
import os
import shutil
import stat
import tempfile
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

_HOME = tempfile.mkdtemp(prefix="airflow-home-")
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
# Before Airflow is imported, which reads its configuration once.
os.environ.update({"AIRFLOW_HOME": _HOME, "AIRFLOW__CORE__LOAD_EXAMPLES": "False", "NO_PROXY": "127.0.0.1,localhost"})
for _name in [name for name in os.environ if name.startswith("AIRFLOW__")]:
    if _name != "AIRFLOW__CORE__LOAD_EXAMPLES":
        del os.environ[_name]

from airflow.utils.types import DagRunType  # noqa: E402  # isort: skip

ROOT = Path(__file__).parents[2]
RUN_AFTER = datetime(2026, 11, 29, 1, tzinfo=UTC)


class Instance:
    """A task instance that keeps in memory what Airflow would store."""

    def __init__(self, results: dict[str, Any]) -> None:
        self.dag_id, self.run_id, self.task_id, self.map_index, self.try_number = "a_dag", "a_run", "a_task", -1, 1
        self.log_url = "http://airflow/log"
        self.results, self.pushed = results, dict[str, Any]()

    def xcom_pull(self, task_ids: str) -> Any:
        """The result of a task; None if it has none."""
        return self.results.get(task_ids)

    def xcom_push(self, key: str, value: Any) -> None:
        """Keep a value."""
        self.pushed[key] = value


MakeContext = Callable[..., Any]


@pytest.fixture
def context() -> MakeContext:
    """Makes the context of a task: ``context(params={...}, results={...}, run_type=...)``."""

    def make(
        params: dict[str, Any] | None = None, results: dict[str, Any] | None = None, run_type: str = "scheduled"
    ) -> Any:
        run = SimpleNamespace(run_id="a_run", run_type=DagRunType(run_type), run_after=RUN_AFTER)
        events: Any = defaultdict(lambda: SimpleNamespace(extra={}))
        return {"ti": Instance(results or {}), "dag_run": run, "params": params or {}, "outlet_events": events}

    return make


class Program:
    """A program in place of ``credit-scoring``: it records its arguments and does what a test says.

    Args:
        folder: for the program and its records.
    """

    def __init__(self, folder: Path) -> None:
        self.path, self._calls = folder / "credit-scoring", folder / "calls"
        self.behaves("exit 0")

    def behaves(self, script: str) -> None:
        """What it does, as a shell script."""
        self.path.write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >> {self._calls}\n{script}\n')
        self.path.chmod(self.path.stat().st_mode | stat.S_IXUSR)

    @property
    def calls(self) -> list[str]:
        """The arguments of each call."""
        return self._calls.read_text().splitlines() if self._calls.exists() else []


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """The program that operators run."""
    made = Program(tmp_path)
    monkeypatch.setenv("AIRFLOW__CREDIT__PROGRAM", str(made.path))
    return made
