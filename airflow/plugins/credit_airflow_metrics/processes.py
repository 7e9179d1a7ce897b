"""Heartbeats of the processes, and DAG files that cannot be imported."""

from typing import Final

from airflow.jobs.job import Job
from airflow.models.errors import ParseImportError
from credit_airflow_metrics.samples import State, unix_time
from sqlalchemy import func, select
from sqlalchemy.orm import Session

# The api-server has no heartbeat: it answers the scrape, or Prometheus sees `up` at 0.
_JOB_TYPES: Final = {
    "SchedulerJob": "scheduler",
    "DagProcessorJob": "dag-processor",
    "TriggererJob": "triggerer",
}


def process_state(session: Session) -> State:
    """Newest heartbeat of each kind of process, also of one that ended, and the number of import errors."""
    newest = {
        job_type: heartbeat
        for job_type, heartbeat in session.execute(
            select(Job.job_type, func.max(Job.latest_heartbeat))
            .where(Job.job_type.in_(_JOB_TYPES))
            .group_by(Job.job_type)
        )
    }
    errors = session.scalar(select(func.count()).select_from(ParseImportError)) or 0
    return {
        "credit_airflow_heartbeat_timestamp_seconds": {
            (process,): unix_time(newest.get(job_type)) for job_type, process in _JOB_TYPES.items()
        },
        "credit_airflow_import_errors": {(): float(errors)},
    }
