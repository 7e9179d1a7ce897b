"""Stand-ins of the three DAGs, which wait, fail, miss a deadline and ask for approval within minutes.

The exporter is tested with them, and the picture of its dashboard is drawn with them.
"""

import time
from datetime import UTC, datetime, timedelta

from airflow.sdk import DAG, Context, chain, task
from airflow.sdk.definitions.callback import SyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference

SECONDS = {"ingest": 3, "validate": 2, "evaluate": 2, "promote_production": 1, "data_drift": 3, "model_drift": 2}
TRAINING_DEADLINE_SECONDS = 80
"""Runs on a busy machine exceed it."""
START = datetime(2026, 1, 1, tzinfo=UTC)


def deadline_missed(context: Context) -> None:
    """Stands for the notification."""


def waiting(name: str):
    """A task that takes its time."""

    @task(task_id=name)
    def wait() -> None:
        time.sleep(SECONDS[name])

    return wait()


with DAG(
    "credit_training",
    schedule=timedelta(seconds=75),
    start_date=START,
    max_active_runs=1,
    deadline=DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=timedelta(seconds=TRAINING_DEADLINE_SECONDS),
        callback=SyncCallback(deadline_missed),
    ),
):

    @task(pool="credit_training")
    def train(family: str) -> None:
        """Train one family."""
        time.sleep({"lightgbm": 12, "logistic_regression": 5}[family])

    @task.short_circuit
    def is_new() -> bool:
        """Always."""
        return True

    from airflow.providers.standard.operators.hitl import ApprovalOperator

    approval = ApprovalOperator(
        task_id="approve_production", subject="Promote to production?", response_timeout=timedelta(seconds=25)
    )
    approval.defaults = ["Approve"]
    chain(
        is_new(),
        waiting("ingest"),
        waiting("validate"),
        train.expand(family=["lightgbm", "logistic_regression"]),
        waiting("evaluate"),
        approval,
        waiting("promote_production"),
    )

with DAG("credit_drift", schedule=timedelta(seconds=30), start_date=START, max_active_runs=1):

    @task(retries=1, retry_delay=timedelta(seconds=3))
    def report() -> None:
        """Fail every third minute, as a storage that is away."""
        if time.time() // 60 % 3 == 1:
            raise RuntimeError("The storage does not answer.")

    chain(waiting("data_drift"), waiting("model_drift"), report())

with DAG("credit_maintenance", schedule=timedelta(seconds=60), start_date=START, max_active_runs=1):

    @task
    def clean_database() -> None:
        """Take a moment."""
        time.sleep(2)

    @task
    def check_backup() -> None:
        """Take a moment."""
        time.sleep(1)

    chain(clean_database(), check_backup())
