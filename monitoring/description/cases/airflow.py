"""Cases of Airflow. Prometheus' clock starts at 0 here; without series of Airflow every alert is silent."""

from typing import Final

from monitoring.description import limits
from monitoring.description.cases.case import Series, below, episode

_UP: Final = 'up{job="airflow", instance="a"}'
_NEVER: Final = " ".join(["NaN"] * 20)
_HOUR: Final = 3_600
_TRAINING_AGE: Final = _HOUR * limits.DAG_SUCCESS_AGE_HOURS["credit_training"]
_DRIFT_AGE: Final = _HOUR * limits.DAG_SUCCESS_AGE_HOURS["credit_drift"]
_TRAINING_RUN: Final = _HOUR * limits.DAG_RUN_HOURS["credit_training"]
_POOL_WAIT: Final = _HOUR * limits.POOL_WAIT_HOURS
_APPROVAL: Final = _HOUR * limits.APPROVAL_HOURS


def _airflow(metric: str, **labels: str) -> str:
    given = {"job": "airflow", "instance": "a", **labels}
    matchers = ", ".join(f'{name}="{value}"' for name, value in given.items())
    return f"credit_airflow_{metric}{{{matchers}}}"


def _heartbeats(process: str, values: str) -> Series:
    """Heartbeats of one process; those of the others are new all the time."""
    return {
        _airflow("heartbeat_timestamp_seconds", process=one): values if one == process else "0+60x60"
        for one in ("scheduler", "dag-processor", "triggerer")
    }


def _dag(result: str, dag_id: str) -> str:
    return _airflow(f"dag_{result}_timestamp_seconds", dag_id=dag_id)


def _known(**values: str) -> Series:
    """Airflow works and has known the three DAGs since the start, or as given."""
    known = {"credit_training": "0x120", "credit_drift": "0x120", "credit_maintenance": "0x120", **values}
    return {
        _airflow("import_errors"): "0x120",
        **{_dag("known_since", dag_id): since for dag_id, since in known.items()},
    }


AIRFLOW_CASES: Final = (
    episode("CreditAirflowUnreachable", {_UP: "1x4 0x20 1x20"}, 9, 11, 28),
    episode("CreditAirflowUnreachable", {_UP: "1x4 stale _x20 1x20"}, 9, 12, 30, title="fires without a target"),
    below("CreditAirflowUnreachable", {_UP: "1x4 0x3 1x40"}, 8, 12),
    below("CreditAirflowUnreachable", {}, 12, 40, title="is silent where Airflow was never started"),
    *(
        episode(
            "CreditAirflowHeartbeatMissing",
            _heartbeats(process, "0+60x9 540x20 1800+60x30"),
            11,
            14,
            32,
            title=f"fires and resolves for the {process}",
        )
        for process in ("scheduler", "dag-processor", "triggerer")
    ),
    episode("CreditAirflowHeartbeatMissing", _heartbeats("triggerer", f"{_NEVER} 1200+60x40"), 1, 4, 25),
    below("CreditAirflowHeartbeatMissing", _heartbeats("scheduler", "0 0+60x60"), 5, 50),
    below("CreditAirflowHeartbeatMissing", {}, 5, title="is silent where Airflow was never started"),
    episode("CreditDagImportErrors", {_airflow("import_errors"): "0x4 1x20 0x20"}, 13, 17, 27),
    below("CreditDagImportErrors", {_airflow("import_errors"): "0x4 2x8 0x30"}, 12, 17),
    episode(
        "CreditAirflowPoolStarved",
        {_airflow("pool_longest_wait_seconds", pool="credit_training"): f"{_POOL_WAIT}x4 {_POOL_WAIT + 1}x20 0x20"},
        8,
        12,
        27,
    ),
    below(
        "CreditAirflowPoolStarved",
        {_airflow("pool_longest_wait_seconds", pool="credit_training"): f"{_POOL_WAIT}x40"},
        12,
        40,
    ),
    *(
        episode(
            "CreditDagRunFailed",
            {_dag("last_failure", dag_id): "_x9 600x60", _dag("last_success", dag_id): "60x29 1800x30"},
            8,
            12,
            32,
            title=f"fires and resolves for {dag_id}",
        )
        for dag_id in limits.DAG_RUN_HOURS
    ),
    episode(
        "CreditDagRunFailed",
        {_dag("last_failure", "credit_drift"): "_x9 600x60", _dag("last_success", "credit_drift"): "_x29 1800x30"},
        8,
        12,
        32,
        title="fires for the first run",
    ),
    below(
        "CreditDagRunFailed",
        {_dag("last_failure", "credit_drift"): "600x60", _dag("last_success", "credit_drift"): "601x60"},
        12,
        40,
    ),
    episode(
        "CreditDagRunLate",
        {_airflow("dag_running_seconds", dag_id="credit_training"): f"{_TRAINING_RUN - 600}+60x40 0x20"},
        14,
        18,
        45,
    ),
    below(
        "CreditDagRunLate",
        {_airflow("dag_running_seconds", dag_id="credit_training"): f"{_TRAINING_RUN}x40"},
        14,
        40,
    ),
    episode(
        "CreditDagRunMissing",
        {**_known(), _dag("last_success", "credit_training"): f"-{_TRAINING_AGE}x80 4800x40"},
        55,
        70,
        85,
    ),
    episode(
        "CreditDagRunMissing",
        {**_known(credit_drift=f"-{_DRIFT_AGE}x120"), _dag("last_success", "credit_drift"): "_x79 4800x40"},
        55,
        70,
        85,
        title="fires for a DAG that has never succeeded, for example because it is paused",
    ),
    episode(
        "CreditDagRunMissing",
        _known(credit_maintenance="_x80 4800x40"),
        55,
        70,
        85,
        title="fires for a DAG that Airflow does not know",
    ),
    below(
        "CreditDagRunMissing",
        {**_known(), _dag("last_success", "credit_training"): f"-{_TRAINING_AGE - 7_200}x110"},
        70,
        110,
    ),
    below("CreditDagRunMissing", {}, 70, 110, title="is silent where Airflow was never started"),
    episode(
        "CreditApprovalWaiting",
        {_airflow("approval_waiting_seconds", dag_id="credit_training"): f"{_APPROVAL - 300}+60x20 0x20"},
        5,
        7,
        25,
    ),
    below(
        "CreditApprovalWaiting",
        {_airflow("approval_waiting_seconds", dag_id="credit_training"): f"{_APPROVAL}x40"},
        5,
        40,
    ),
)
