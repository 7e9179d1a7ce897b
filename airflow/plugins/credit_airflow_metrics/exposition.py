"""The metrics as Prometheus reads them: one reading of the database, kept for some seconds."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Lock
from typing import Final

from airflow.utils.session import create_session
from credit_airflow_metrics.approvals import approval_state
from credit_airflow_metrics.dags import dag_state
from credit_airflow_metrics.declarations import METRICS
from credit_airflow_metrics.processes import process_state
from credit_airflow_metrics.samples import State
from credit_airflow_metrics.tasks import pool_state, task_state
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import text
from sqlalchemy.orm import Session

CACHE_SECONDS: Final = 5.0
"""Less than an interval of scrapes; several Prometheus servers cause one reading."""
_STATEMENT_SECONDS: Final = 5


class Exposition:
    """The text of the newest reading.

    Args:
        cache_seconds: age up to which a reading is answered again.
    """

    def __init__(self, cache_seconds: float = CACHE_SECONDS) -> None:
        self._cache_seconds = cache_seconds
        self._lock = Lock()
        self._text, self._read_at = b"", float("-inf")

    def text(self) -> bytes:
        """The metrics.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database does not answer, or not within some seconds.
        """
        with self._lock:
            if time.monotonic() - self._read_at > self._cache_seconds:
                with create_session(scoped=False) as session:
                    forbid_writing(session)
                    self._text = exposition_of(read_state(session, datetime.now(UTC)))
                self._read_at = time.monotonic()
            return self._text


def forbid_writing(session: Session) -> None:
    """Begin a transaction that cannot write and whose statements end soon, where the database is PostgreSQL."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION READ ONLY"))
        connection.execute(text(f"SET LOCAL statement_timeout = '{_STATEMENT_SECONDS}s'"))


def read_state(session: Session, now: datetime) -> State:
    """Everything that is shown."""
    return {
        **process_state(session),
        **dag_state(session, now),
        **task_state(session, now),
        **pool_state(session, now),
        **approval_state(session, now),
    }


def exposition_of(state: State) -> bytes:
    """A state in Prometheus' text format.

    Raises:
        KeyError: a metric is not in the state.
    """
    registry = CollectorRegistry()
    registry.register(_Read(state))
    return generate_latest(registry)


class _Read(Collector):
    def __init__(self, state: State) -> None:
        self._state = state

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for metric in METRICS:
            family = GaugeMetricFamily(metric.name, metric.description, labels=metric.labels)
            for labels, value in self._state[metric.name].items():
                family.add_metric(labels, value)
            yield family
