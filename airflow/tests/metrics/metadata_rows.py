"""Rows of the metadata database as Airflow's processes would have left them at NOW."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.jobs.job import Job
from airflow.models.callback import Callback
from airflow.models.dag import DagModel
from airflow.models.dag_version import DagVersion
from airflow.models.dagbundle import DagBundleModel
from airflow.models.dagrun import DagRun
from airflow.models.deadline import Deadline
from airflow.models.errors import ParseImportError
from airflow.models.hitl import HITLDetail
from airflow.models.pool import Pool
from airflow.models.taskinstance import TaskInstance
from credit_airflow_metrics.exposition import read_state
from credit_airflow_metrics.samples import Labels
from sqlalchemy import insert
from sqlalchemy.orm import Session

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def ago(**given: float) -> datetime:
    """A time before NOW, as hours=2."""
    return NOW - timedelta(**given)


class Database:
    """Adds rows and reads the metrics of all of them."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._runs = 0
        self._add(DagBundleModel, name="dags", active=True)

    def metric(self, name: str) -> Mapping[Labels, float]:
        """Samples of one metric at NOW."""
        return read_state(self.session, NOW)[f"credit_airflow_{name}"]

    def job(self, job_type: str, heartbeat: datetime, state: str = "running") -> None:
        """A process that sent its last heartbeat at a time."""
        self._add(Job, job_type=job_type, latest_heartbeat=heartbeat, state=state)

    def import_error(self, file: str) -> None:
        """A DAG file that cannot be imported."""
        self._add(ParseImportError, filename=file, bundle_name="dags", stacktrace="SyntaxError")

    def dag(self, dag_id: str, known_since: datetime = NOW, **columns: Any) -> None:
        """A DAG that exists and is not paused, unless columns say otherwise."""
        given = {
            "is_paused": False,
            "is_stale": False,
            "bundle_name": "dags",
            "max_active_tasks": 16,
            "max_active_runs": 1,
            "max_consecutive_failed_dag_runs": 0,
            "has_task_concurrency_limits": False,
        }
        self._add(DagModel, dag_id=dag_id, **{**given, **columns})
        self._add(DagVersion, id=uuid.uuid4(), dag_id=dag_id, version_number=1, created_at=known_since)

    def run(self, dag_id: str, state: str, start: datetime | None, end: datetime | None = None) -> str:
        """A run; its id is returned."""
        self._runs += 1
        run_id = f"run_{self._runs}"
        times = {"start_date": start, "end_date": end, "run_after": start or NOW, "created_at": start or NOW}
        self._add(DagRun, id=self._runs, dag_id=dag_id, run_id=run_id, state=state, run_type="scheduled", **times)
        return run_id

    def missed_deadline(self, number: int, missed: bool = True) -> None:
        """A deadline of the run with a number, missed or not."""
        callback = uuid.uuid4()
        self._add(Callback, id=callback, type="triggerer", fetch_method="import_path", data={}, priority_weight=1)
        self._add(Deadline, id=uuid.uuid4(), dagrun_id=number, deadline_time=NOW, missed=missed, callback_id=callback)

    def task(self, dag_id: str, run_id: str, task_id: str, state: str, **columns: Any) -> uuid.UUID:
        """An instance of a task; its id is returned."""
        key = uuid.uuid4()
        given = {"pool": "default_pool", "pool_slots": 1, "try_number": 1, "map_index": -1, **columns}
        self._add(TaskInstance, id=key, dag_id=dag_id, run_id=run_id, task_id=task_id, state=state, **given)
        return key

    def approval(self, task: uuid.UUID, created: datetime, answered: datetime | None = None) -> None:
        """A request for approval by a task."""
        by = {"id": "1", "name": "A. Martin"} if answered else None
        self._add(
            HITLDetail,
            ti_id=task,
            options=["Approve"],
            subject="Promote?",
            params={},
            params_input={},
            created_at=created,
            responded_at=answered,
            responded_by=by,
        )

    def pool(self, name: str, slots: int) -> None:
        """A pool."""
        self._add(Pool, pool=name, slots=slots, include_deferred=False)

    def _add(self, model: Any, **columns: Any) -> None:
        self.session.execute(insert(model.__table__).values(**columns))
