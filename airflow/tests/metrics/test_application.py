"""The path that Prometheus scrapes, and the plugin that mounts it."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import airflow_variables
from credit_airflow_metrics import exposition
from credit_airflow_metrics.application import create_application
from credit_airflow_metrics.declarations import METRICS
from fastapi.testclient import TestClient
from metadata_rows import Database, ago
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

LOADED = """
import json, sys
from airflow import plugins_manager
plugins, errors = plugins_manager._get_plugins()
imported_later = {"credit_airflow_metrics.application", "credit_airflow_reports.application", "settings", "times"}
early = sorted(imported_later & set(sys.modules))
applications, _ = plugins_manager.get_fastapi_plugins()
paths = {one["url_prefix"]: [route.path for route in one["app"].routes] for one in applications}
print(json.dumps([sorted(plugin.name for plugin in plugins), errors, early, paths]))
"""


class Sessions:
    """Stands for Airflow's sessions.

    Attributes:
        opened: how many were.
        error: raised instead of a session.
    """

    def __init__(self, session: Session) -> None:
        self.session, self.opened, self.error = session, 0, None

    @contextmanager
    def create(self, scoped: bool = True) -> Iterator[Session]:
        """As airflow.utils.session.create_session."""
        self.opened += 1
        if self.error is not None:
            raise self.error
        yield self.session


@pytest.fixture
def sessions(database: Database, monkeypatch: pytest.MonkeyPatch) -> Sessions:
    """Sessions on the database of the test."""
    sessions = Sessions(database.session)
    monkeypatch.setattr(exposition, "create_session", sessions.create)
    return sessions


def test_every_declared_metric_is_shown_and_no_other(database: Database, sessions: Sessions) -> None:
    database.dag("credit_training")
    run = database.run("credit_training", "running", ago(hours=40))
    task = database.task("credit_training", run, "approve_production", "awaiting_input")
    database.approval(task, ago(hours=37))
    answer = TestClient(create_application()).get("/metrics")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/plain; version=")
    assert re.findall(r"^# TYPE (\S+) gauge$", answer.text, re.MULTILINE) == [metric.name for metric in METRICS]
    assert 'credit_airflow_dag_paused{dag_id="credit_training"} 0.0' in answer.text


def test_no_person_is_named(database: Database, sessions: Sessions) -> None:
    database.dag("credit_training", owners="A. Martin")
    run = database.run("credit_training", "success", ago(hours=3), ago(hours=1))
    task = database.task("credit_training", run, "approve_production", "success", unixname="martin")
    database.approval(task, ago(hours=2), answered=ago(hours=1))
    assert "martin" not in TestClient(create_application()).get("/metrics").text.lower()


def test_scrapes_within_some_seconds_cause_one_reading(sessions: Sessions) -> None:
    client = TestClient(create_application())
    assert client.get("/metrics").text == client.get("/metrics").text
    assert sessions.opened == 1


def test_a_database_that_is_away_is_503_without_its_address(sessions: Sessions) -> None:
    sessions.error = OperationalError("SELECT 1", {}, Exception("postgresql://airflow@postgres is away"))
    client = TestClient(create_application())
    answer = client.get("/metrics")
    assert (answer.status_code, answer.text) == (503, "The metadata database does not answer.\n")
    sessions.error = None
    assert client.get("/metrics").status_code == 200, "a failure is not kept"


def test_airflow_loads_the_plugins_and_imports_their_applications_only_when_it_asks_for_them(
    airflow_home: Path,
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED], env=airflow_variables(airflow_home), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    names, errors, early, paths = json.loads(done.stdout.splitlines()[-1])
    assert (names, errors, early) == (["credit_airflow_metrics", "credit_airflow_reports"], {}, [])
    assert set(paths) == {"/credit-metrics", "/credit-reports"}
    assert "/metrics" in paths["/credit-metrics"]
