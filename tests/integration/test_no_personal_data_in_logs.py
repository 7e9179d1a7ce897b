"""Values of an application that occur nowhere else are searched in all log lines of service and commands."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from credit_scoring.core.settings import Settings
from credit_scoring.data_contracts.application_request import EXAMPLE
from tests.support.servers.prediction_service import RunningService, running_service

pytestmark = pytest.mark.slow

CLIENT = 7_654_321
CANARIES = {
    "SK_ID_CURR": CLIENT,
    "AMT_INCOME_TOTAL": 135_791.0,
    "AMT_CREDIT": 592_837.5,
    "AMT_ANNUITY": 27_183.0,
    "DAYS_BIRTH": -14_327,
    "DAYS_EMPLOYED": -1_913,
    "EXT_SOURCE_2": 0.31415926,
    "OCCUPATION_TYPE": "Canary breeder",
    "ORGANIZATION_TYPE": "Aviary Dupont",
}
SEARCHED = [str(value).removesuffix(".0").lstrip("-") for value in CANARIES.values()]
COMMANDS = (
    ("decisions", "export", "--client", str(CLIENT), "--output", "person.json"),
    ("outcomes", "import", "outcomes.csv"),
    ("decisions", "erase", "--client", str(CLIENT), "--why", "request 1", "--yes"),
    ("decisions", "export", "--client", str(CLIENT), "--output", "missing/person.json"),
    ("decisions", "verify"),
)


@pytest.fixture
def service(trained_copy: Settings, tmp_path: Path) -> Iterator[RunningService]:
    """A service that logs everything."""
    with running_service(trained_copy.data_directory, tmp_path / "log", {"CREDIT_LOG_LEVEL": "DEBUG"}) as running:
        yield running


def test_no_value_of_an_application_is_in_a_log_line_of_the_service(service: RunningService) -> None:
    application = EXAMPLE | CANARIES
    with httpx.Client(base_url=service.url, timeout=30) as client:
        statuses = [
            client.post("/predict", json=application).status_code,
            client.post("/predict", json=application, params={"explain": "true"}).status_code,
            client.post("/predict/batch", json={"applications": [application]}).status_code,
            client.post("/predict", json=application | {"AMT_CREDIT": "Canary breeder"}).status_code,
            client.post("/predict", json=application | {"Aviary Dupont": 1}).status_code,
            client.post(
                "/predict", content="{Canary breeder", headers={"content-type": "application/json"}
            ).status_code,
            client.get(f"/clients/{CLIENT}").status_code,
            client.get("/decisions/Canary%20breeder").status_code,
            client.get("/Aviary%20Dupont", params={"name": "Canary breeder"}).status_code,
            client.post("/outcomes", json={"outcomes": [{"client_id": CLIENT}]}).status_code,
        ]
        client.get("/metrics")
    assert {200, 422, 404} <= set(statuses)
    lines = service.log.read_text()
    assert len([line for line in lines.splitlines() if '"event": "request"' in line]) > len(statuses)
    assert [value for value in SEARCHED if value in lines] == []


def test_no_value_of_an_application_is_in_a_log_line_of_a_command(
    service: RunningService, trained_copy: Settings, tmp_path: Path
) -> None:
    decided = httpx.post(f"{service.url}/predict", json=EXAMPLE | CANARIES, timeout=30)
    (tmp_path / "outcomes.csv").write_text(
        f"decision_id,defaulted,observed_on\n{decided.json()['decision_id']},0,2026-07-01\n"
    )
    environment = os.environ | {
        "CREDIT_DATA_DIRECTORY": str(trained_copy.data_directory),
        "CREDIT_LOG_FORMAT": "json",
        "CREDIT_LOG_LEVEL": "DEBUG",
    }
    for command in COMMANDS:
        program = [sys.executable, "-m", "credit_scoring", *command]
        done = subprocess.run(program, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        logged = [line for line in done.stderr.splitlines() if line.startswith("{")]
        assert all({"event", "level", "timestamp", "version", "run_id"} <= set(json.loads(line)) for line in logged)
        assert [value for value in SEARCHED if any(value in line for line in logged)] == [], command
