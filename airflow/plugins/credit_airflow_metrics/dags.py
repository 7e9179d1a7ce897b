"""DAGs that exist, and how their runs ended. Names of DAGs whose files are gone do not appear."""

from datetime import datetime, timedelta
from typing import Final

from airflow.models.dag import DagModel
from airflow.models.dag_version import DagVersion
from airflow.models.dagrun import DagRun
from airflow.models.deadline import Deadline
from airflow.utils.state import DagRunState
from credit_airflow_metrics.approvals import waited_seconds
from credit_airflow_metrics.declarations import RECENT_DAYS
from credit_airflow_metrics.samples import Labels, Samples, State, unix_time
from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

_FINAL: Final = (DagRunState.SUCCESS, DagRunState.FAILED)


def dag_state(session: Session, now: datetime) -> State:
    """Everything that is labelled with a DAG alone."""
    dags = session.execute(
        select(DagModel.dag_id, DagModel.is_paused, DagModel.next_dagrun_create_after).where(~DagModel.is_stale)
    ).all()
    names = [dag_id for dag_id, _, _ in dags]
    since = session.execute(
        select(DagVersion.dag_id, func.min(DagVersion.created_at))
        .where(DagVersion.dag_id.in_(names))
        .group_by(DagVersion.dag_id)
    ).all()
    return {
        "credit_airflow_dag_paused": {(dag_id,): float(paused) for dag_id, paused, _ in dags},
        "credit_airflow_dag_known_since_timestamp_seconds": {(dag_id,): time.timestamp() for dag_id, time in since},
        "credit_airflow_dag_next_run_timestamp_seconds": {
            (dag_id,): time.timestamp() for dag_id, _, time in dags if time is not None
        },
        **_last_runs(session, names),
        **_durations(session, names, now),
        **_recent_runs(session, names, now - timedelta(days=RECENT_DAYS)),
    }


def _last_runs(session: Session, names: list[str]) -> State:
    newest = select(func.max(DagRun.id)).where(DagRun.dag_id.in_(names)).group_by(DagRun.dag_id)
    states = session.execute(select(DagRun.dag_id, DagRun._state).where(DagRun.id.in_(newest))).all()
    ends: dict[str, Samples] = {
        state: {
            (dag_id,): unix_time(end)
            for dag_id, end in session.execute(
                select(DagRun.dag_id, func.max(DagRun.end_date))
                .where(DagRun.dag_id.in_(names), DagRun._state == state, DagRun.end_date.is_not(None))
                .group_by(DagRun.dag_id)
            )
        }
        for state in _FINAL
    }
    successes, failures = (ends[state] for state in _FINAL)
    return {
        "credit_airflow_dag_last_run_state": {
            (dag_id, str(state)): float(state == last) for dag_id, last in states for state in DagRunState
        },
        "credit_airflow_dag_last_success_timestamp_seconds": successes,
        "credit_airflow_dag_last_failure_timestamp_seconds": failures,
        "credit_airflow_dag_last_run_end_timestamp_seconds": {
            key: max(end[key] for end in (successes, failures) if key in end) for key in {**successes, **failures}
        },
    }


def _durations(session: Session, names: list[str], now: datetime) -> State:
    """Of the last successful run and of the current one; of several, the oldest counts."""
    columns = (DagRun.dag_id, DagRun.run_id, DagRun.start_date, DagRun.end_date)
    of_these = select(*columns).where(DagRun.dag_id.in_(names), DagRun.start_date.is_not(None))
    succeeded = (
        select(DagRun.dag_id, func.max(DagRun.end_date))
        .where(DagRun._state == DagRunState.SUCCESS)
        .group_by(DagRun.dag_id)
    )
    newest = tuple_(DagRun.dag_id, DagRun.end_date).in_(succeeded)
    last = session.execute(of_these.where(DagRun._state == DagRunState.SUCCESS, newest)).all()
    current = session.execute(of_these.where(DagRun._state == DagRunState.RUNNING)).all()
    waited = waited_seconds(session, [(dag_id, run_id) for dag_id, run_id, _, _ in (*last, *current)], now)

    def worked(dag_id: str, run_id: str, start: datetime | None, end: datetime | None) -> float:
        return max(0.0, unix_time(end) - unix_time(start) - waited.get((dag_id, run_id), 0.0))

    running: dict[Labels, float] = {(dag_id,): 0.0 for dag_id in names}
    for dag_id, run_id, start, _ in current:
        running[(dag_id,)] = max(running[(dag_id,)], worked(dag_id, run_id, start, now))
    return {
        "credit_airflow_dag_last_success_duration_seconds": {
            (dag_id,): worked(dag_id, run_id, start, end) for dag_id, run_id, start, end in last
        },
        "credit_airflow_dag_running_seconds": running,
    }


def _recent_runs(session: Session, names: list[str], since: datetime) -> State:
    recent = (DagRun.dag_id.in_(names), DagRun.run_after >= since)
    counted = session.execute(
        select(DagRun.dag_id, DagRun._state, func.count())
        .where(*recent, DagRun._state.in_(_FINAL))
        .group_by(DagRun.dag_id, DagRun._state)
    )
    late = session.execute(
        select(DagRun.dag_id, func.count(DagRun.id.distinct()))
        .join(Deadline, Deadline.dagrun_id == DagRun.id)
        .where(*recent, DagRun._state.in_(_FINAL), Deadline.missed)
        .group_by(DagRun.dag_id)
    )
    runs: dict[Labels, float] = {(dag_id, str(state)): 0.0 for dag_id in names for state in _FINAL}
    runs.update({(dag_id, str(state)): float(count) for dag_id, state, count in counted})
    missed: dict[Labels, float] = {(dag_id,): 0.0 for dag_id in names}
    missed.update({(dag_id,): float(count) for dag_id, count in late})
    return {"credit_airflow_dag_recent_runs": runs, "credit_airflow_dag_missed_deadlines": missed}
