"""One finished pipeline run on synthetic clients, shared by all end-to-end tests."""

from pathlib import Path

import pytest

from tests.e2e.installation import Finished, Installation

CLIENTS = 600


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Where the shared run happens; tests read it and do not change its tables."""
    return Installation(tmp_path_factory.mktemp("installation") / "data")


@pytest.fixture(scope="session")
def raw_tables(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The eight CSV files of some synthetic clients."""
    folder = tmp_path_factory.mktemp("source") / "raw"
    written = installation.run(
        "synthesize", "--output", str(folder), "--clients", str(CLIENTS), "--seed", "7"
    )
    assert written.exit_code == 0, written.errors
    return folder


@pytest.fixture(scope="session")
def first_run(installation: Installation, raw_tables: Path) -> Finished:
    """The pipeline's first run, from CSV files to scores and reports."""
    finished = installation.run("pipeline", "--source", str(raw_tables))
    assert finished.exit_code == 0, finished.errors
    return finished
