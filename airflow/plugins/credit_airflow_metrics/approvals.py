"""Requests for a person's approval, and how long runs waited for one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from airflow.models.dag import DagModel
from airflow.models.hitl import HITLDetail
from airflow.models.taskinstance import TaskInstance
from airflow.utils.state import TaskInstanceState
from credit_airflow_metrics.samples import Labels, State
from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

_WAITING: Final = (TaskInstanceState.AWAITING_INPUT, TaskInstanceState.DEFERRED)


def approval_state(session: Session, now: datetime) -> State:
    """How long the oldest open request of each DAG has been waiting. Who is asked is not read."""
    names = session.scalars(select(DagModel.dag_id).where(~DagModel.is_stale))
    waiting: dict[Labels, float] = {(dag_id,): 0.0 for dag_id in names}
    oldest = session.execute(
        select(TaskInstance.dag_id, func.min(HITLDetail.created_at))
        .select_from(HITLDetail)
        .join(TaskInstance, TaskInstance.id == HITLDetail.ti_id)
        .where(HITLDetail.responded_at.is_(None), TaskInstance.state.in_(_WAITING))
        .group_by(TaskInstance.dag_id)
    )
    waiting.update({(dag_id,): (now - since).total_seconds() for dag_id, since in oldest if (dag_id,) in waiting})
    return {"credit_airflow_approval_waiting_seconds": waiting}


def waited_seconds(session: Session, runs: Sequence[tuple[str, str]], now: datetime) -> Mapping[tuple[str, str], float]:
    """How long runs waited for people, by DAG and run; requests that were open together count twice."""
    found = session.execute(
        select(
            TaskInstance.dag_id,
            TaskInstance.run_id,
            TaskInstance.state,
            TaskInstance.end_date,
            HITLDetail.created_at,
            HITLDetail.responded_at,
        )
        .select_from(HITLDetail)
        .join(TaskInstance, TaskInstance.id == HITLDetail.ti_id)
        .where(tuple_(TaskInstance.dag_id, TaskInstance.run_id).in_(runs))
    )
    waited: dict[tuple[str, str], float] = defaultdict(float)
    for dag_id, run_id, state, ended, created, answered in found:
        # A request without an answer ended with its task.
        until = answered or (now if state in _WAITING else ended) or created
        waited[dag_id, run_id] += max(0.0, (until - created).total_seconds())
    return waited
