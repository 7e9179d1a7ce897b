"""Requests generated from the OpenAPI description, sent to a running service; `make fuzz` sends thousands."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from credit_scoring.api.security.keys import Scope, open_key_store
from credit_scoring.core.settings import Settings
from tests.support.servers.prediction_service import RunningService, running_service

pytestmark = pytest.mark.slow


@pytest.fixture
def key(trained_copy: Settings) -> str:
    """A key with all scopes."""
    store = open_key_store(trained_copy)
    text = store.create("fuzz", [Scope.ADMIN])[1]
    store.close()
    return text


@pytest.fixture
def running(trained_copy: Settings, key: str, tmp_path: Path) -> Iterator[RunningService]:
    variables = {"CREDIT_ENVIRONMENT": "staging", "CREDIT_LOG_LEVEL": "WARNING"}
    with running_service(trained_copy.data_directory, tmp_path / "log", variables) as started:
        yield started


def test_generated_requests_break_neither_the_service_nor_its_description(
    running: RunningService, key: str, tmp_path: Path
) -> None:
    command = [
        *("schemathesis", "run", f"{running.url}/openapi.json", "--header", f"X-API-Key: {key}"),
        *("--phases", "examples,fuzzing", "--max-examples", "15", "--seed", "0", "--checks", "all"),
    ]
    finished = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout[-4000:]
    assert "11 selected / 11 total" in finished.stdout
    assert running.process.poll() is None
