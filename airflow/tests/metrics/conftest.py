"""A real metadata database: SQLite with the tables that `airflow db migrate` makes."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from metadata_rows import Database

# Airflow writes its configuration into its home when it is imported.
_HOME = tempfile.TemporaryDirectory(prefix="credit-airflow-home-")
os.environ.setdefault("AIRFLOW_HOME", _HOME.name)
PLUGINS = Path(__file__).parents[2] / "plugins"
sys.path[:0] = [str(PLUGINS), str(Path(__file__).parent)]


def airflow_variables(folder: Path) -> dict[str, str]:
    """Environment of Airflow's commands with a home of their own."""
    return {
        **os.environ,
        "AIRFLOW_HOME": str(folder),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PLUGINS),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{folder / 'airflow.db'}",
        "AIRFLOW__LOGGING__JSON_LOGS": "True",
    }


@pytest.fixture(scope="session")
def airflow_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of an Airflow whose database is migrated; migrate.log is what the command printed."""
    folder = tmp_path_factory.mktemp("airflow")
    command = [str(Path(sys.executable).parent / "airflow"), "db", "migrate"]
    done = subprocess.run(command, env=airflow_variables(folder), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    (folder / "migrate.log").write_text(done.stdout + done.stderr)
    return folder


@pytest.fixture
def database(airflow_home: Path) -> Iterator["Database"]:
    """A session on the database; what a test adds is rolled back."""
    from metadata_rows import Database
    from sqlalchemy import create_engine
    from sqlalchemy.orm import Session

    engine = create_engine(f"sqlite:///{airflow_home / 'airflow.db'}")
    with Session(engine) as session:
        yield Database(session)
        session.rollback()
    engine.dispose()
