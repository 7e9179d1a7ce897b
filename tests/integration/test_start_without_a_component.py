"""A service whose store, ledger, keys or registry is away at its start ends with a clear error, or starts without it.

docs/API.md, "Limits", has the table. A component is away when it refuses connections, and when it accepts them and
never answers.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from credit_scoring import cli
from credit_scoring.api.main import create_app
from credit_scoring.core.settings import Settings
from credit_scoring.data_contracts.application_request import EXAMPLE
from credit_scoring.model_registry.registry import ModelRegistry
from tests.support.servers.processes import free_port

START_SECONDS = 15
ANSWER_SECONDS = 4.0
DATABASE, SERVER = "postgresql+psycopg://credit@127.0.0.1:{port}/away", "http://127.0.0.1:{port}"


@pytest.fixture(params=["refuses connections", "never answers"])
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    """A port on which nothing answers."""
    if request.param == "refuses connections":
        yield free_port()
    else:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            yield int(silent.getsockname()[1])


@pytest.fixture
def variables(trained_copy: Settings) -> dict[str, str]:
    """Environment of a service in production on a promoted model."""
    ModelRegistry(trained_copy).put_into_production(1)
    return {
        "CREDIT_ENVIRONMENT": "production",
        "CREDIT_DATA_DIRECTORY": str(trained_copy.data_directory),
        "CREDIT_API_PORT": str(free_port()),
    }


@pytest.mark.parametrize(
    ("variable", "address", "message"),
    [
        ("CREDIT_FEATURES_ONLINE_STORE_URL", DATABASE, "The online store postgresql"),
        ("CREDIT_API_KEYS_URL", DATABASE, "The store of API keys postgresql"),
        ("CREDIT_REGISTRY_TRACKING_URI", DATABASE, "The model registry postgresql"),
        ("CREDIT_REGISTRY_TRACKING_URI", SERVER, "The model registry http"),
    ],
)
def test_a_service_that_cannot_do_without_a_component_names_it_and_ends_in_time(
    variable: str,
    address: str,
    message: str,
    port: int,
    variables: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in (variables | {variable: address.format(port=port)}).items():
        monkeypatch.setenv(name, value)
    for name in [name for name in os.environ if name.startswith("MLFLOW_HTTP_REQUEST_")]:
        monkeypatch.delenv(name)  # set by the training in this process
    monkeypatch.setattr(sys, "argv", ["credit-scoring", "serve"])
    started = time.monotonic()
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert time.monotonic() - started < START_SECONDS
    *_, error, next_step = capsys.readouterr().err.splitlines()
    assert ended.value.code == 7
    assert error.startswith(f"Error: {message}")
    assert next_step.startswith(f"Check {variable}")


def test_the_process_of_such_a_service_ends_too(variables: dict[str, str]) -> None:
    away = {"CREDIT_API_KEYS_URL": DATABASE.format(port=free_port())}
    command = [sys.executable, "-m", "credit_scoring", "serve"]
    ended = subprocess.run(
        command, env=os.environ | variables | away, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 7
    assert "Traceback" not in ended.stderr


def test_without_its_ledger_a_service_starts_and_spools_in_time_whatever_the_time_limit_of_the_ledger(
    trained_copy: Settings, port: int
) -> None:
    settings = trained_copy.with_values(
        environment="dev",
        ledger={"url": DATABASE.format(port=port), "timeout_seconds": 60},
        api={"request_timeout_seconds": ANSWER_SECONDS},
    )
    started = time.monotonic()
    with TestClient(create_app(settings)) as service:
        assert time.monotonic() - started < START_SECONDS
        for _ in range(2):
            started = time.monotonic()
            assert service.post("/predict", json=EXAMPLE).status_code == 200
            assert time.monotonic() - started < ANSWER_SECONDS
        health = service.get("/health").json()
        assert (health["status"], health["spooled_decisions"]) == ("degraded", 2)
        assert [service.get(f"/health/{probe}").status_code for probe in ("ready", "live")] == [200, 200]
