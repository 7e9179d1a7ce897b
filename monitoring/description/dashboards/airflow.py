"""Airflow: runs, their durations and deadlines, heartbeats, tasks and pools."""

from typing import Final

from monitoring.description import limits
from monitoring.description.panel import CHOSEN, Dashboard, Panel, Query, Row


def _by(label: str, metric: str, more: str = "") -> str:
    return f"max by ({label}) (credit_airflow_{metric}{{{CHOSEN}{more}}})"


def _share(counted: str) -> str:
    return f"sum by (dag_id) ({counted}) / sum by (dag_id) (credit_airflow_dag_recent_runs{{{CHOSEN}}})"


_FAILURE, _SUCCESS = (_by("dag_id", f"dag_last_{result}_timestamp_seconds") for result in ("failure", "success"))
_SUCCESSES: Final = f'credit_airflow_dag_recent_runs{{{CHOSEN}, state="success"}}'
_MISSED: Final = f"credit_airflow_dag_missed_deadlines{{{CHOSEN}}}"

_STATS: Final = (
    Panel(
        "Runs in progress",
        "Number of DAGs with a run in progress.",
        (Query(f"count ({_by('dag_id', 'dag_running_seconds')} > 0) or vector(0)", "runs"),),
        "short",
        "stat",
        width=6,
        height=4,
    ),
    Panel(
        "Import errors",
        "DAG files that cannot be imported.",
        (Query(f"max (credit_airflow_import_errors{{{CHOSEN}}})", "files"),),
        "short",
        "stat",
        alert="CreditDagImportErrors",
        width=6,
        height=4,
    ),
    Panel(
        "Waiting for approval",
        "How long the oldest request for a person's approval has been waiting.",
        (Query(f"max (credit_airflow_approval_waiting_seconds{{{CHOSEN}}})", "waiting"),),
        "s",
        "stat",
        limit=3_600.0 * limits.APPROVAL_HOURS,
        alert="CreditApprovalWaiting",
        width=6,
        height=4,
    ),
    Panel(
        "DAGs paused",
        "Number of DAGs that are paused: they start no runs.",
        (Query(f"sum ({_by('dag_id', 'dag_paused')})", "paused"),),
        "short",
        "stat",
        width=6,
        height=4,
    ),
)

_RUNS: Final = (
    Panel(
        "Failed, not yet succeeded again",
        "Red from a failed run of a DAG to its next success.",
        (Query(f"{_FAILURE} > {_SUCCESS} or {_FAILURE} unless {_SUCCESS}", "{{dag_id}}"),),
        "short",
        "state-timeline",
        alert="CreditDagRunFailed",
        height=7,
    ),
    Panel(
        "Duration of the current run",
        "Without the time in which the run waits for a person; 0 between runs.",
        (Query(_by("dag_id", "dag_running_seconds"), "{{dag_id}}"),),
        "s",
        alert="CreditDagRunLate",
        height=7,
    ),
    Panel(
        "Duration of the last successful run",
        "Without the time in which the run waited for a person; each step is a run.",
        (Query(_by("dag_id", "dag_last_success_duration_seconds"), "{{dag_id}}"),),
        "s",
        height=7,
    ),
    Panel(
        "Time since the last success",
        "Falls to 0 with each successful run.",
        (Query(f"time() - {_by('dag_id', 'dag_last_success_timestamp_seconds')}", "{{dag_id}}"),),
        "s",
        alert="CreditDagRunMissing",
        height=7,
    ),
)

_SERVICE_LEVEL: Final = (
    Panel(
        "Successful runs",
        "Share of the runs that ended within 30 days and succeeded.",
        (Query(_share(_SUCCESSES), "{{dag_id}}"),),
        "percentunit",
        maximum=1,
        width=8,
        height=7,
    ),
    Panel(
        "Runs that met their deadline",
        "Share of the ended runs of 30 days without a missed deadline.",
        (Query(f"1 - {_share(_MISSED)}", "{{dag_id}}"),),
        "percentunit",
        alert="CreditDagRunLate",
        maximum=1,
        width=8,
        height=7,
    ),
    Panel(
        "Missed deadlines",
        "Ended runs of 30 days that missed a deadline.",
        (Query(_by("dag_id", "dag_missed_deadlines"), "{{dag_id}}"),),
        "short",
        width=8,
        height=7,
    ),
)

_PROCESSES: Final = (
    Panel(
        "Age of the heartbeats",
        "Time since the last heartbeat of scheduler, dag-processor and triggerer.",
        (Query(f"time() - {_by('process', 'heartbeat_timestamp_seconds')}", "{{process}}"),),
        "s",
        limit=limits.HEARTBEAT_SECONDS,
        alert="CreditAirflowHeartbeatMissing",
        height=7,
    ),
    Panel(
        "Api-servers",
        "Api-servers that answer.",
        (Query('sum (up{job="airflow", instance=~"$instance"})', "up"),),
        "short",
        limit=1,
        is_floor=True,
        height=7,
    ),
)

_TASKS: Final = (
    Panel(
        "Tasks by state",
        "Task instances whose state is not final.",
        (Query(_by("state", "tasks"), "{{state}}"),),
        "short",
        stacked=True,
        height=7,
    ),
    Panel(
        "Failed tasks",
        "Failed instances of a task in the runs of 30 days; tries that were repeated with success do not count.",
        (Query(f"topk(15, {_by('dag_id, task_id', 'task_failures')})", "{{dag_id}} {{task_id}}"),),
        "short",
        "bargauge",
        height=7,
    ),
    Panel(
        "Slots in use",
        "Share of each pool's slots that running and queued tasks use.",
        (Query(f"{_by('pool', 'pool_used_slots')} / {_by('pool', 'pool_slots')}", "{{pool}}"),),
        "percentunit",
        maximum=1,
        height=7,
    ),
    Panel(
        "Longest wait for a slot",
        "How long the oldest task that has not started has been waiting.",
        (Query(_by("pool", "pool_longest_wait_seconds"), "{{pool}}"),),
        "s",
        limit=3_600.0 * limits.POOL_WAIT_HOURS,
        alert="CreditAirflowPoolStarved",
        height=7,
    ),
)

AIRFLOW: Final = Dashboard(
    "credit-airflow",
    "Credit scoring: Airflow",
    "Runs and their durations, deadlines, heartbeats of the processes, tasks and pools.",
    (
        Row("Now", _STATS),
        Row("Runs", _RUNS),
        Row("Service level", _SERVICE_LEVEL),
        Row("Processes", _PROCESSES),
        Row("Tasks and pools", _TASKS),
    ),
    series="credit_airflow_import_errors",
)
