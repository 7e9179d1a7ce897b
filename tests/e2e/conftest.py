"""One finished pipeline run on synthetic clients, and a service on it, shared by all end-to-end tests."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import polars as pl
import pytest

from tests.e2e.installation import Finished, Installation

CLIENTS = 600
START_TIMEOUT_SECONDS = 120


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Where the shared run happens; tests read it and do not change its tables."""
    # Five of seven families: CatBoost and random forest take as long as the others together.
    families = "lightgbm,logistic_regression,multilayer_perceptron,scorecard,xgboost"
    return Installation(tmp_path_factory.mktemp("installation") / "data", {"CREDIT_TRAINING_FAMILIES": families})


@pytest.fixture(scope="session")
def raw_tables(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The eight CSV files of some synthetic clients."""
    folder = tmp_path_factory.mktemp("source") / "raw"
    written = installation.run("synthesize", "--output", str(folder), "--clients", str(CLIENTS), "--seed", "7")
    assert written.exit_code == 0, written.errors
    return folder


@pytest.fixture(scope="session")
def first_run(installation: Installation, raw_tables: Path) -> Finished:
    """The pipeline's first run, from CSV files to scores and reports."""
    finished = installation.run("pipeline", "--source", str(raw_tables))
    assert finished.exit_code == 0, finished.errors
    return finished


@pytest.fixture(scope="module")
def client(
    installation: Installation, first_run: Finished, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """HTTP client of a service on the shared installation."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    log = tmp_path_factory.mktemp("service") / "log"
    variables = {"CREDIT_ENVIRONMENT": "dev", "CREDIT_LOG_LEVEL": "WARNING", "CREDIT_API_REQUESTS_PER_SECOND": "1000"}
    with (
        installation.started("serve", "--port", port, log=log, **variables) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client,
    ):
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while not _answers(client):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)
        yield client


@pytest.fixture(scope="module")
def applications(raw_tables: Path) -> list[dict[str, object]]:
    """Raw columns of every application, as a caller reads them from the CSV files; unknown values are left out."""
    frames = [
        pl.read_csv(raw_tables / f"application_{part}.csv", infer_schema_length=None) for part in ("train", "test")
    ]
    rows = (row for frame in frames for row in frame.drop("TARGET", strict=False).iter_rows(named=True))
    return [{name: value for name, value in row.items() if value is not None} for row in rows]


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/health").is_success
    except httpx.TransportError:
        return False
