"""Alerts on Airflow: its processes, and runs that failed, are late or missing. Silent where it was never started."""

from collections.abc import Mapping
from typing import Final

from monitoring.description import limits
from monitoring.description.alert import Alert, Severity
from monitoring.description.durations import Durations

_DASHBOARD: Final = "credit-airflow"
_AIRFLOW: Final = 'job="airflow"'


def airflow_alerts(durations: Durations) -> tuple[Alert, ...]:
    """Processes first, then runs."""
    return (*_process_alerts(durations), *_run_alerts(durations))


def _process_alerts(durations: Durations) -> tuple[Alert, ...]:
    up = f"up{{{_AIRFLOW}}}"
    heartbeat = f"max by (process) (credit_airflow_heartbeat_timestamp_seconds{{{_AIRFLOW}}})"
    return (
        Alert(
            "CreditAirflowUnreachable",
            Severity.WARNING,
            "airflow",
            # The second part: a stopped container has no address, and so no target.
            f"max ({up}) == 0 or 0 * (group (last_over_time({up}[{durations.window(days=1)}])) unless group ({up}))",
            "The api-server of Airflow shows no metrics",
            "Prometheus has got no metrics of Airflow for more than 5 minutes (api-servers that answer: {{ $value }}); "
            "tasks need the api-server, and no other alert on Airflow works.",
            _DASHBOARD,
            pending=durations.of(minutes=5),
        ),
        Alert(
            "CreditAirflowHeartbeatMissing",
            Severity.WARNING,
            "airflow",
            # NaN is what is shown before the first heartbeat; only NaN differs from itself.
            f"time() - {heartbeat} > {durations.number(seconds=limits.HEARTBEAT_SECONDS):g} "
            f"or {heartbeat} != {heartbeat}",
            "The {{ $labels.process }} of Airflow does not work",
            "The last heartbeat of the {{ $labels.process }} is {{ $value | humanizeDuration }} old (NaN: none yet).",
            _DASHBOARD,
            pending=durations.of(minutes=2),
        ),
        Alert(
            "CreditDagImportErrors",
            Severity.WARNING,
            "airflow",
            f"max (credit_airflow_import_errors{{{_AIRFLOW}}}) > 0",
            "DAG files cannot be imported",
            "{{ $value }} DAG files cannot be imported; Airflow goes on with their previous versions.",
            _DASHBOARD,
            pending=durations.of(minutes=10),
        ),
        Alert(
            "CreditAirflowPoolStarved",
            Severity.WARNING,
            "airflow",
            f"max by (pool) (credit_airflow_pool_longest_wait_seconds{{{_AIRFLOW}}}) "
            f"> {durations.number(hours=limits.POOL_WAIT_HOURS):g}",
            "Tasks of pool {{ $labels.pool }} do not start",
            "A task has been waiting for {{ $value | humanizeDuration }} to start in pool `{{ $labels.pool }}`.",
            _DASHBOARD,
            pending=durations.of(minutes=5),
        ),
    )


def _run_alerts(durations: Durations) -> tuple[Alert, ...]:
    failed, succeeded = (
        f"max by (dag_id) (credit_airflow_dag_last_{result}_timestamp_seconds{{{_AIRFLOW}}})"
        for result in ("failure", "success")
    )
    return (
        Alert(
            "CreditDagRunFailed",
            Severity.WARNING,
            "batch",
            f"{failed} > {succeeded} or {failed} unless {succeeded}",
            "The newest run of {{ $labels.dag_id }} failed",
            "A run of `{{ $labels.dag_id }}` failed at {{ $value | humanizeTimestamp }}, and none has succeeded since.",
            _DASHBOARD,
        ),
        Alert(
            "CreditDagRunLate",
            Severity.WARNING,
            "batch",
            _late(limits.DAG_RUN_HOURS, durations),
            "The run of {{ $labels.dag_id }} takes too long",
            "The current run of `{{ $labels.dag_id }}` has lasted {{ $value | humanizeDuration }}.",
            _DASHBOARD,
            pending=durations.of(minutes=5),
        ),
        Alert(
            "CreditDagRunMissing",
            Severity.WARNING,
            "batch",
            _missing(limits.DAG_SUCCESS_AGE_HOURS, durations),
            "No run of {{ $labels.dag_id }} has succeeded for too long",
            "{{ if eq $value 1.0 }}Airflow does not know the DAG `{{ $labels.dag_id }}`."
            "{{ else }}`{{ $labels.dag_id }}` succeeded, or was first read, {{ $value | humanizeDuration }} ago."
            "{{ end }}",
            _DASHBOARD,
            pending=durations.of(hours=1),
        ),
        Alert(
            "CreditApprovalWaiting",
            Severity.WARNING,
            "batch",
            f"max by (dag_id) (credit_airflow_approval_waiting_seconds{{{_AIRFLOW}}}) "
            f"> {durations.number(hours=limits.APPROVAL_HOURS):g}",
            "A run of {{ $labels.dag_id }} waits for an approval",
            "`{{ $labels.dag_id }}` has been waiting for a person's approval for {{ $value | humanizeDuration }}.",
            _DASHBOARD,
        ),
    )


def _late(hours_by_dag: Mapping[str, float], durations: Durations) -> str:
    return " or ".join(
        f'max by (dag_id) (credit_airflow_dag_running_seconds{{{_AIRFLOW}, dag_id="{dag_id}"}}) '
        f"> {durations.number(hours=hours):g}"
        for dag_id, hours in hours_by_dag.items()
    )


def _missing(hours_by_dag: Mapping[str, float], durations: Durations) -> str:
    """Success is too old; or there is none since the DAG is known; or the DAG is not known while Airflow works."""
    works = f"group (credit_airflow_import_errors{{{_AIRFLOW}}})"
    parts = []
    for dag_id, hours in hours_by_dag.items():
        success, known = (
            f'credit_airflow_dag_{since}_timestamp_seconds{{{_AIRFLOW}, dag_id="{dag_id}"}}'
            for since in ("last_success", "known_since")
        )
        parts += [
            f"time() - max by (dag_id) ({success} or {known}) > {durations.number(hours=hours):g}",
            f'label_replace({works}, "dag_id", "{dag_id}", "", "") unless on (dag_id) {known}',
        ]
    return " or ".join(parts)
