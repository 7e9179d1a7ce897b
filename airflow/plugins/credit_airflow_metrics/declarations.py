"""Every metric of the application; docs/MONITORING.md and the rules of monitoring/ are compared with this list.

Imports nothing of Airflow: the tools of monitoring/ read it without Airflow's environment.
"""

from typing import Final, NamedTuple

RECENT_DAYS: Final = 30
"""Runs of this period are counted; older ones matter as last success or last failure alone."""


class Metric(NamedTuple):
    """A gauge.

    Attributes:
        labels: their values are names in DAG files, or of the closed sets in the description.
    """

    name: str
    description: str
    labels: tuple[str, ...] = ()


METRICS: Final = (
    Metric(
        "credit_airflow_heartbeat_timestamp_seconds",
        "Newest heartbeat of a `process` (scheduler, dag-processor, triggerer), in Unix time; NaN before the first.",
        ("process",),
    ),
    Metric("credit_airflow_import_errors", "DAG files that cannot be imported."),
    Metric("credit_airflow_dag_paused", "1 if the DAG is paused, else 0.", ("dag_id",)),
    Metric(
        "credit_airflow_dag_known_since_timestamp_seconds",
        "When the oldest known version of the DAG was first read, in Unix time.",
        ("dag_id",),
    ),
    Metric(
        "credit_airflow_dag_next_run_timestamp_seconds",
        "When the scheduler creates the next run, in Unix time; missing without a schedule in time.",
        ("dag_id",),
    ),
    Metric(
        "credit_airflow_dag_last_run_state",
        "1 for the `state` of the newest run (queued, running, success, failed), else 0.",
        ("dag_id", "state"),
    ),
    Metric(
        "credit_airflow_dag_last_run_end_timestamp_seconds",
        "End of the run that ended last, in Unix time; missing before the first.",
        ("dag_id",),
    ),
    Metric(
        "credit_airflow_dag_last_success_timestamp_seconds",
        "End of the last successful run, in Unix time; missing before the first.",
        ("dag_id",),
    ),
    Metric(
        "credit_airflow_dag_last_failure_timestamp_seconds",
        "End of the last failed run, in Unix time; missing without one.",
        ("dag_id",),
    ),
    Metric(
        "credit_airflow_dag_last_success_duration_seconds",
        "Duration of the last successful run, without the time in which it waited for a person.",
        ("dag_id",),
    ),
    Metric(
        "credit_airflow_dag_running_seconds",
        "How long the current run has lasted, without the time in which it waited for a person; 0 without a run.",
        ("dag_id",),
    ),
    Metric(
        "credit_airflow_dag_recent_runs",
        f"Runs of the last {RECENT_DAYS} days by their final `state`: success or failed.",
        ("dag_id", "state"),
    ),
    Metric(
        "credit_airflow_dag_missed_deadlines",
        f"Ended runs of the last {RECENT_DAYS} days that missed a deadline.",
        ("dag_id",),
    ),
    Metric(
        "credit_airflow_task_failures",
        f"Failed instances of a task in the runs of the last {RECENT_DAYS} days; missing without any.",
        ("dag_id", "task_id"),
    ),
    Metric(
        "credit_airflow_tasks",
        "Task instances by `state`: scheduled, queued, running, deferred, awaiting_input, up_for_retry.",
        ("state",),
    ),
    Metric("credit_airflow_pool_slots", "Slots of a pool.", ("pool",)),
    Metric("credit_airflow_pool_used_slots", "Slots of a pool that running and queued tasks use.", ("pool",)),
    Metric("credit_airflow_pool_waiting_tasks", "Tasks that wait for a slot of a pool.", ("pool",)),
    Metric(
        "credit_airflow_pool_longest_wait_seconds",
        "How long the oldest of the tasks of a pool that have not started has been waiting; 0 without one.",
        ("pool",),
    ),
    Metric(
        "credit_airflow_approval_waiting_seconds",
        "How long the oldest unanswered request for a person's approval has been waiting; 0 without one.",
        ("dag_id",),
    ),
)
