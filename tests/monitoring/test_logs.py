"""Lines of service, commands and MLflow have one shape, and VictoriaLogs finds them by component, request and trace."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import yaml

from credit_scoring.core.settings import Settings
from credit_scoring.data_contracts.application_request import EXAMPLE
from credit_scoring.model_registry.connection import RegistryConnection
from scripts.monitoring.files import MONITORING
from tests.support.installations import trained_installation
from tests.support.servers.prediction_service import running_service
from tests.support.servers.processes import free_port, running

IMAGE = "victoriametrics/victoria-logs:v1.52.1"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"  # pragma: allowlist secret
SHAPE = {"event", "component", "version", "level", "timestamp"}
# Printed by api-server, scheduler, a task and dag-processor of Airflow 3.3.2; airflow/tests/metrics/test_log_lines.py
# compares the present ones.
AIRFLOW_LINES = Path(__file__).parent / "airflow_lines.jsonl"


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What a service, a command and MLflow's server logged."""
    folder = tmp_path_factory.mktemp("logging")
    template = folder / "template"
    RegistryConnection(Settings(data_directory=template), may_create=True)
    settings = trained_installation(folder / "data", template)
    with running_service(settings.data_directory, folder / "service.log", {}) as service:
        headers = {"X-Request-ID": "order-7", "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
        assert httpx.post(f"{service.url}/predict", json=EXAMPLE, headers=headers).status_code == 200
    variables = {"CREDIT_DATA_DIRECTORY": str(settings.data_directory), "CREDIT_LOG_FORMAT": "json"}
    program = [sys.executable, "-m", "credit_scoring"]
    with (folder / "command.log").open("w") as log:
        command = [*program, "features", "reload"]
        subprocess.run(command, env={**os.environ, **variables}, stdout=subprocess.DEVNULL, stderr=log, check=True)
    port = free_port()
    path = {"PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))}
    tracking = [*program, "tracking", "--port", str(port)]
    with running(tracking, f"http://127.0.0.1:{port}/health", folder / "mlflow.log", variables | path):
        pass
    texts = [(folder / name).read_text() for name in ("service.log", "command.log", "mlflow.log")]
    return [json.loads(line) for text in texts for line in text.splitlines() if line.startswith("{")]


@pytest.fixture(scope="module")
def victoria_logs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """VictoriaLogs as a process, copied out of its image."""
    folder = tmp_path_factory.mktemp("victoria")
    docker = shutil.which("docker")
    created = docker and subprocess.run(
        [docker, "create", "--pull=never", IMAGE], capture_output=True, text=True, check=False
    )
    if not docker or not created or created.returncode != 0:
        pytest.skip(f"not run: no container engine has {IMAGE}")
    container, program = created.stdout.strip(), folder / "victoria-logs"
    subprocess.run([docker, "cp", "--quiet", f"{container}:/victoria-logs-prod", str(program)], check=True)
    subprocess.run([docker, "rm", container], capture_output=True, check=True)
    port = free_port()
    command = [str(program), f"-httpListenAddr=127.0.0.1:{port}", f"-storageDataPath={folder / 'data'}"]
    with running(command, f"http://127.0.0.1:{port}/health", folder / "log"):
        yield f"http://127.0.0.1:{port}"


def test_every_line_has_the_shape(lines: list[dict[str, Any]]) -> None:
    assert {"api", "publish", "mlflow"} <= {line["component"] for line in lines}
    assert [line for line in lines if not SHAPE <= set(line)] == []
    assert all("run_id" in line for line in lines if line["component"] != "mlflow")


def test_a_request_is_found_by_its_id_its_trace_and_its_decision(
    lines: list[dict[str, Any]], victoria_logs: str
) -> None:
    collector = yaml.safe_load((MONITORING / "fluent-bit" / "fluent-bit.yaml").read_text())
    (output,) = collector["pipeline"]["outputs"]
    # The test ships the lines as the collector is configured to.
    body = "\n".join(json.dumps(line) for line in lines)
    sent = httpx.post(f"{victoria_logs}{output['uri']}", content=body)
    assert sent.is_success, sent.text
    (request,) = [line for line in lines if line.get("request_id") == "order-7"]
    for query in (
        'request_id:="order-7"',
        f"trace_id:={TRACE}",
        f"decision_id:={request['decision_id']}",
        '{component="api"} request status:=200',
    ):
        (found,) = _found(victoria_logs, query)
        assert (found["_msg"], found["path"], found["component"]) == ("request", "/predict", "api")
    assert len(_found(victoria_logs, '{component="mlflow"}')) > 0


def test_elasticsearch_gets_the_same_lines(lines: list[dict[str, Any]], victoria_logs: str) -> None:
    # VictoriaLogs takes the bulk requests of Elasticsearch, which the other configuration of the collector sends.
    action = json.dumps({"create": {"_index": "credit-scoring"}})
    line = {**lines[0], "run_id": "sent-in-bulk"}
    address = f"{victoria_logs}/insert/elasticsearch/_bulk?_msg_field=event&_time_field=timestamp"
    sent = httpx.post(address, content=f"{action}\n{json.dumps(line)}\n")
    assert sent.is_success, sent.text
    assert len(_found(victoria_logs, 'run_id:="sent-in-bulk"')) == 1


def test_a_line_of_a_task_is_found_by_its_dag_and_run(victoria_logs: str) -> None:
    collector = yaml.safe_load((MONITORING / "fluent-bit" / "fluent-bit.yaml").read_text())["pipeline"]
    lines = [json.loads(line) for line in AIRFLOW_LINES.read_text().splitlines()]
    collected = [_with_component(collector["filters"], {**line, "service": "airflow-scheduler"}) for line in lines]
    body = "\n".join(json.dumps(line) for line in collected)
    sent = httpx.post(f"{victoria_logs}{collector['outputs'][0]['uri']}", content=body)
    assert sent.is_success, sent.text
    run = 'run_id:="scheduled__2026-11-27T22:07:08.140000+00:00"'
    for query in ('{component="airflow"} dag_id:=credit_training', f"{run} task_id:=is_new try_number:=1"):
        (found,) = _found(victoria_logs, query)
        assert (found["_msg"], found["level"]) == ("Condition result is True", "info")
        # As it is in the line, not the time of its arrival.
        assert found["_time"].startswith("2026-11-27T22:07:35.429609")
    assert len(_found(victoria_logs, '{component="airflow"}')) == len(lines)


def _with_component(filters: list[dict[str, Any]], line: dict[str, Any]) -> dict[str, Any]:
    """A line after the filter that adds a field to the lines of some services, as Fluent Bit documents it."""
    (adding,) = [one for one in filters if one["name"] == "modify" and "add" in one]
    _, key, pattern = adding["condition"][0].split()
    field, value = adding["add"].split()
    return {field: value, **line} if re.search(pattern, line[key]) else line


def _found(url: str, query: str) -> list[dict[str, Any]]:
    """Lines that a query finds; they are searchable a moment after they were sent."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        answer = httpx.post(f"{url}/select/logsql/query", data={"query": query, "start": "2020-01-01"})
        assert answer.is_success, answer.text
        if found := [json.loads(line) for line in answer.text.splitlines()]:
            return found
        time.sleep(0.2)
    raise AssertionError(f"nothing found by {query} at {urlsplit(url).netloc}")
