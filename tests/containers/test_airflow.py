"""Airflow in the platform of Compose: its components, users, DAGs, secrets and logs after the first start.

The platform of the other modules is started with it, and its later starts are without: Airflow may come and go.
"""

import json
from typing import Any

import httpx
import pytest

from tests.support.containers import inspected
from tests.support.platform import Platform, described
from tests.support.waiting import until

COMPONENTS = ("airflow-api-server", "airflow-scheduler", "airflow-dag-processor", "airflow-triggerer")
DAGS = {"credit_training", "credit_drift", "credit_maintenance"}
KEY_FILE = "/var/lib/credit-scoring/airflow/api_key"  # pragma: allowlist secret
LOGS = "/opt/airflow/logs"
# Flask-AppBuilder prints it, whatever is configured.
NOTICE = "appbuilder.app is deprecated"
PATIENCE_SECONDS = 120


class Airflow:
    """The REST API, after a login.

    Args:
        platform: the running platform.
        user: name of a user, whose password is in a file.
    """

    def __init__(self, platform: Platform, user: str) -> None:
        self._client = httpx.Client(base_url=platform.addresses["airflow-api-server"], timeout=30)
        password = (platform.secrets / f"airflow_{user}_password").read_text()
        answer = self._client.post("/auth/token", json={"username": user, "password": password})
        token = answer.raise_for_status().json()["access_token"]
        self._client.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str) -> Any:
        """The content of an answer."""
        return self._client.get(f"/api/v2{path}").raise_for_status().json()

    def page(self, path: str) -> str:
        """The text of a page."""
        return self._client.get(path).raise_for_status().text

    def post(self, path: str, content: object) -> httpx.Response:
        """An answer to sent content."""
        return self._client.post(f"/api/v2{path}", json=content)


@pytest.fixture(scope="module")
def airflow(platform: Platform) -> Airflow:
    """The API for the operator."""
    return Airflow(platform, "operator")


def test_every_component_is_healthy(platform: Platform, airflow: Airflow) -> None:
    states = [json.loads(line) for line in platform.compose("ps", "--format", "json").splitlines()]
    health = {one["Service"]: one["Health"] for one in states}
    names = (*COMPONENTS, "api-staging")
    assert {name: health.get(name) for name in names} == dict.fromkeys(names, "healthy")
    reported = airflow.get("/monitor/health")
    assert {name: one["status"] for name, one in reported.items() if one["status"]} == dict.fromkeys(
        ("metadatabase", "scheduler", "triggerer", "dag_processor"), "healthy"
    )


def test_all_dags_are_listed_and_none_has_an_import_error(airflow: Airflow) -> None:
    assert airflow.get("/importErrors")["import_errors"] == []
    assert {one["dag_id"] for one in airflow.get("/dags")["dags"]} == DAGS
    assert {one["name"]: one["slots"] for one in airflow.get("/pools")["pools"]}["credit_training"] == 1


def test_users_have_the_rights_of_their_roles_and_no_one_else_gets_in(platform: Platform) -> None:
    url = platform.addresses["airflow-api-server"]
    assert httpx.get(f"{url}/api/v2/dags").status_code == 401
    wrong = {"username": "admin", "password": "admin"}  # pragma: allowlist secret
    assert httpx.post(f"{url}/auth/token", json=wrong).status_code == 401
    viewer = Airflow(platform, "viewer")
    assert viewer.get("/dags")["total_entries"] == len(DAGS)
    assert viewer.post("/dags/credit_maintenance/dagRuns", {"logical_date": None}).status_code == 403
    assert Airflow(platform, "admin").get("/connections")["total_entries"] == 0


def test_drift_reports_are_shown_to_users_only(platform: Platform, airflow: Airflow) -> None:
    platform.compose("exec", "-T", "airflow-scheduler", "sh", "-c", "echo a report > /var/lib/reports/drift.html")
    assert httpx.get(f"{platform.addresses['airflow-api-server']}/credit-reports/drift.html").status_code == 401
    assert airflow.page("/credit-reports/drift.html") == "a report\n"


def test_the_tasks_of_a_dag_run_with_the_settings_and_secrets_of_the_program(
    platform: Platform, airflow: Airflow
) -> None:
    platform.compose("run", "--rm", "-T", "backup", "once")
    run = airflow.post("/dags/credit_maintenance/dagRuns", {"logical_date": None}).raise_for_status().json()
    path = f"/dags/credit_maintenance/dagRuns/{run['dag_run_id']}"
    until(lambda: airflow.get(path)["state"] in {"success", "failed"}, PATIENCE_SECONDS)
    tasks = airflow.get(f"{path}/taskInstances")["task_instances"]
    assert {one["task_id"]: one["state"] for one in tasks} == dict.fromkeys(
        ("clean_database", "check_backup", "verify_ledger", "apply_retention"), "success"
    )
    tries = {one["task_id"]: one["try_number"] for one in tasks}
    log = airflow.get(f"{path}/taskInstances/verify_ledger/logs/{tries['verify_ledger']}")["content"]
    assert "decisions" in json.dumps(log)
    files = platform.compose("exec", "-T", "airflow-scheduler", "find", LOGS, "-name", "attempt=*.log").split()
    assert len([file for file in files if "credit_maintenance" in file]) >= len(tasks)
    lines = platform.compose("exec", "-T", "airflow-triggerer", "cat", *files).splitlines()
    assert all({"timestamp", "level", "event"} <= set(json.loads(line)) for line in lines)


def test_the_smoke_test_of_the_staging_service_has_a_key(platform: Platform) -> None:
    # Started again, as by each `make up`.
    before = platform.compose("exec", "-T", "airflow-scheduler", "cat", KEY_FILE)
    platform.compose("run", "--rm", "-T", "--no-deps", "airflow-migrate")
    assert platform.compose("exec", "-T", "airflow-scheduler", "cat", KEY_FILE) == before
    smoke = ("credit-scoring", "smoke", "http://api-staging:8000", "--key-file", KEY_FILE)
    lines = platform.compose("exec", "-T", "airflow-scheduler", *smoke).splitlines()
    results = {line.split()[0] for line in lines if line.startswith(("passed", "failed", "skipped"))}
    assert "passed" in results and "failed" not in results


def test_components_log_objects_and_no_secret_is_in_logs_environments_and_descriptions(platform: Platform) -> None:
    values = {file.name: file.read_text() for file in platform.secrets.glob("airflow_*") if file.suffix != ".json"}
    assert len(values) == 8
    values["the API key"] = platform.compose("exec", "-T", "airflow-scheduler", "cat", KEY_FILE).strip()
    logs = platform.compose("--profile", "airflow", "logs", "--no-color", "--no-log-prefix", *COMPONENTS)
    for line in logs.splitlines():
        # Compose itself writes control characters.
        text = line.replace("\x1b[2K", "")
        assert text.startswith(NOTICE) or {"timestamp", "level", "event"} <= set(json.loads(text)), line
    shown = logs + platform.compose("--profile", "airflow", "logs", "airflow-migrate")
    shown += platform.compose("exec", "-T", "airflow-scheduler", "grep", "-rh", "", LOGS)
    for service in COMPONENTS:
        shown += "".join(described(platform.containers(service)[0]))
    assert [name for name, value in values.items() if value in shown] == []


def test_old_logs_are_deleted(platform: Platform) -> None:
    files = f"touch -d '40 days ago' {LOGS}/old.log; touch {LOGS}/new.log; timeout 2 /opt/airflow/bin/clean_logs"
    shown = platform.compose("exec", "-T", "airflow-logs", "sh", "-c", f"{files}; ls {LOGS}")
    assert "new.log" in shown and "old.log" not in shown


def test_killed_components_come_back(platform: Platform) -> None:
    containers = [platform.containers(service)[0] for service in COMPONENTS]
    before = {one: inspected("container", one)["State"]["StartedAt"] for one in containers}
    for container in containers:
        platform.kill(container)

    def is_back(container: str) -> bool:
        state = inspected("container", container)["State"]
        return bool(state["StartedAt"] != before[container] and state["Health"]["Status"] == "healthy")

    until(lambda: all(is_back(one) for one in containers), PATIENCE_SECONDS, lambda: platform.logs("20"))
    # The engine has chosen another port.
    address = platform.compose("port", "airflow-api-server", "8080").strip()
    platform.addresses["airflow-api-server"] = f"http://{address}"
    assert {one["dag_id"] for one in Airflow(platform, "operator").get("/dags")["dags"]} == DAGS
