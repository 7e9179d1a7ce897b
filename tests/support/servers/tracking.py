"""MLflow's own servers for tests, started by the scripts of `make tracking-server` and `make serve-mlflow`."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.support.servers.processes import free_port, running

_SCRIPTS = Path(__file__).parents[3] / "scripts"


class TrackingServer(NamedTuple):
    """A running tracking server."""

    url: str
    process: "subprocess.Popen[bytes]"


@contextmanager
def running_tracking_server(database_url: str, folder: Path, port: int | None = None) -> Iterator[TrackingServer]:
    """Start the tracking server on a database, with the runs' files in a folder of the server's.

    Args:
        database_url: empty for a PostgreSQL that the script starts in the folder.
    """
    chosen = port or free_port()
    url = f"http://127.0.0.1:{chosen}"
    variables = {"TRACKING_DATABASE_URL": database_url, "TRACKING_FOLDER": str(folder), "PORT": str(chosen)}
    command = [str(_SCRIPTS / "tracking_server.sh")]
    log = folder / "tracking_server.log"
    with running(command, f"{url}/health", log, {**variables, **_activated()}) as process:
        yield TrackingServer(url, process)


@contextmanager
def reachable_folder() -> Iterator[Path]:
    """A temporary folder that the user postgres reaches, unlike those of pytest if root runs the tests."""
    with tempfile.TemporaryDirectory(prefix="credit-tracking-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@contextmanager
def running_model_server(data_directory: Path, tracking_uri: str, folder: Path) -> Iterator[str]:
    """Serve the registered model by MLflow; yields the address that scores."""
    port = free_port()
    variables = {"CREDIT_DATA_DIRECTORY": str(data_directory), "CREDIT_REGISTRY_TRACKING_URI": tracking_uri}
    command = [sys.executable, str(_SCRIPTS / "serve_mlflow.py")]
    url = f"http://127.0.0.1:{port}"
    log = folder / "model_server.log"
    with running(command, f"{url}/ping", log, {**variables, "PORT": str(port), **_activated()}):
        yield f"{url}/invocations"


def _activated() -> dict[str, str]:
    # Scripts, and MLflow itself, start programs by their name alone, which only an activated environment finds.
    return {"PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))}
