"""Tasks that wait, run or failed, and the pools that limit them."""

from datetime import datetime, timedelta
from typing import Final

from airflow.models.dag import DagModel
from airflow.models.dagrun import DagRun
from airflow.models.pool import Pool
from airflow.models.taskinstance import TaskInstance
from airflow.utils.state import TaskInstanceState
from credit_airflow_metrics.declarations import RECENT_DAYS
from credit_airflow_metrics.samples import Labels, State
from sqlalchemy import func, select
from sqlalchemy.orm import Session

_SHOWN: Final = (
    TaskInstanceState.SCHEDULED,
    TaskInstanceState.QUEUED,
    TaskInstanceState.RUNNING,
    TaskInstanceState.DEFERRED,
    TaskInstanceState.AWAITING_INPUT,
    TaskInstanceState.UP_FOR_RETRY,
)
_NOT_STARTED: Final = (TaskInstanceState.SCHEDULED, TaskInstanceState.QUEUED)


def task_state(session: Session, now: datetime) -> State:
    """Number of tasks in each state that is not final, and failures of recent runs by task."""
    counted = session.execute(
        select(TaskInstance.state, func.count()).where(TaskInstance.state.in_(_SHOWN)).group_by(TaskInstance.state)
    )
    failed = session.execute(
        select(TaskInstance.dag_id, TaskInstance.task_id, func.count())
        .join(DagRun, (DagRun.dag_id == TaskInstance.dag_id) & (DagRun.run_id == TaskInstance.run_id))
        .join(DagModel, DagModel.dag_id == TaskInstance.dag_id)
        .where(
            TaskInstance.state == TaskInstanceState.FAILED,
            DagRun.run_after >= now - timedelta(days=RECENT_DAYS),
            ~DagModel.is_stale,
        )
        .group_by(TaskInstance.dag_id, TaskInstance.task_id)
    )
    tasks: dict[Labels, float] = {(str(state),): 0.0 for state in _SHOWN}
    tasks.update({(str(state),): float(count) for state, count in counted})
    return {
        "credit_airflow_tasks": tasks,
        "credit_airflow_task_failures": {(dag_id, task_id): float(count) for dag_id, task_id, count in failed},
    }


def pool_state(session: Session, now: datetime) -> State:
    """Slots of each pool, how many are used, and who waits for them."""
    pools = Pool.slots_stats(session=session)
    oldest = session.execute(
        select(TaskInstance.pool, func.min(func.coalesce(TaskInstance.scheduled_dttm, TaskInstance.queued_dttm)))
        .where(TaskInstance.state.in_(_NOT_STARTED))
        .group_by(TaskInstance.pool)
    )
    waits: dict[Labels, float] = {(name,): 0.0 for name in pools}
    waits.update({(pool,): (now - since).total_seconds() for pool, since in oldest if since is not None})
    return {
        "credit_airflow_pool_slots": {(name,): float(pool["total"]) for name, pool in pools.items()},
        "credit_airflow_pool_used_slots": {
            (name,): float(pool["running"] + pool["queued"]) for name, pool in pools.items()
        },
        "credit_airflow_pool_waiting_tasks": {(name,): float(pool["scheduled"]) for name, pool in pools.items()},
        "credit_airflow_pool_longest_wait_seconds": waits,
    }
