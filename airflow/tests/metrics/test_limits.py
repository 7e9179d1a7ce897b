"""The limits of the alerts are those of the DAGs."""

import importlib.util
import runpy
from pathlib import Path
from typing import Any

from airflow.sdk import DAG

ROOT = Path(__file__).parents[3]
LIMITS = runpy.run_path(str(ROOT / "monitoring" / "description" / "limits.py"))


def _dags() -> dict[str, DAG]:
    found = {}
    for path in sorted((ROOT / "airflow" / "dags").glob("*.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found |= {value.dag_id: value for value in vars(module).values() if isinstance(value, DAG)}
    return found


def test_a_run_is_late_when_its_deadline_is_over() -> None:
    deadlines = {
        dag_id: [alert.interval.total_seconds() / 3_600 for alert in dag.deadline or []]
        for dag_id, dag in _dags().items()
    }
    assert deadlines == {dag_id: [hours] for dag_id, hours in LIMITS["DAG_RUN_HOURS"].items()}


def test_every_dag_has_a_limit_for_the_time_without_success() -> None:
    assert set(LIMITS["DAG_SUCCESS_AGE_HOURS"]) == set(_dags())


def test_a_task_may_wait_for_one_training_of_another_family() -> None:
    hours = {
        dag_id: [_hours(task) for task in dag.tasks if task.pool != "default_pool"] for dag_id, dag in _dags().items()
    }
    longest = max(hour for found in hours.values() for hour in found)
    assert longest < LIMITS["POOL_WAIT_HOURS"]


def _hours(task: Any) -> float:
    timeout = getattr(task, "execution_timeout", None) or task.partial_kwargs["execution_timeout"]
    return float(timeout.total_seconds() / 3_600)
