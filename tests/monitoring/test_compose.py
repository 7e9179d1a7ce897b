"""The profiles `monitoring` and `logs` come up in containers, but for those whose image cannot be obtained here."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from scripts.monitoring.files import MONITORING

FILES = ("docker-compose.monitoring.yml", "docker-compose.test.yml")
MONITORED = {"prometheus", "alertmanager", "grafana", "node-exporter", "cadvisor", "postgres-exporter"}
MONITORED |= {"blackbox-exporter", "mailpit"}
LOGS = {"victoria-logs", "log-collector"}
UNAVAILABLE = {"grafana", "cadvisor", "log-collector"}


def compose(*arguments: str, secret: Path | None = None) -> str:
    """Run Docker Compose on both files; a failure shows what it printed."""
    files = [f"--file={MONITORING / name}" for name in FILES]
    command = ["docker", "compose", f"--project-name=credit-monitoring-test-{os.getpid()}", *files]
    command += ["--profile=monitoring", "--profile=logs", *arguments]
    environment = {**os.environ, "MONITORING_TEST_SECRET": str(secret or MONITORING / "prometheus.yml")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def _engine() -> None:
    """An engine that has the images."""
    services = yaml.safe_load((MONITORING / FILES[0]).read_text())["services"]
    images = [one["image"].split(":-")[1].rstrip("}") for name, one in services.items() if name not in UNAVAILABLE]
    found = shutil.which("docker") and all(
        subprocess.run(["docker", "image", "inspect", image], capture_output=True, check=False).returncode == 0
        for image in images
    )
    if not found:
        pytest.skip("not run: no container engine has the images of the monitoring stack")


@pytest.fixture(scope="module")
def running(_engine: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Both profiles, removed with their volumes afterwards."""
    secret = tmp_path_factory.mktemp("secrets") / "password"
    secret.write_text("not used")
    try:
        compose("up", "--detach", "--wait", "--wait-timeout=90", secret=secret)
        yield
    finally:
        compose("down", "--volumes", "--timeout=5", secret=secret)


def test_every_service_of_the_design_is_there() -> None:
    services = yaml.safe_load((MONITORING / FILES[0]).read_text())["services"]
    by_profile = {
        profile: {name for name, one in services.items() if profile in one.get("profiles", ["monitoring"])}
        for profile in ("monitoring", "logs")
    }
    assert by_profile == {"monitoring": MONITORED, "logs": LOGS}


def test_all_become_healthy(running: None) -> None:
    states = [json.loads(line) for line in compose("ps", "--format=json").splitlines()]
    assert {one["Service"]: one["Health"] for one in states} == dict.fromkeys(
        (MONITORED | LOGS) - UNAVAILABLE, "healthy"
    )


def test_prometheus_scrapes_what_runs(running: None) -> None:
    query = "http://127.0.0.1:9090/api/v1/query?query=up"
    wanted = {"node", "postgres", "prometheus", "alertmanager"}
    deadline = time.monotonic() + 60
    up: set[str] = set()
    while not wanted <= up and time.monotonic() < deadline:
        time.sleep(0.2)
        answer = json.loads(compose("exec", "--no-TTY", "prometheus", "wget", "-q", "-O", "-", query))
        up = {one["metric"]["job"] for one in answer["data"]["result"] if one["value"][1] == "1"}
    assert wanted <= up
