"""MLflow's own servers for tests: tracking and registry, and a registered model behind HTTP."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.support.servers.processes import free_port, running


class TrackingServer(NamedTuple):
    """A running tracking server."""

    url: str
    process: "subprocess.Popen[bytes]"


@contextmanager
def running_tracking_server(database_url: str, folder: Path, port: int | None = None) -> Iterator[TrackingServer]:
    """Start `mlflow server` on a database, with the runs' files in a folder of the server's."""
    chosen = port or free_port()
    url = f"http://127.0.0.1:{chosen}"
    command = [
        *(sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(chosen)),
        *("--backend-store-uri", database_url, "--artifacts-destination", str(folder / "artifacts")),
        *("--workers", "1"),
    ]
    # Jobs are for judging language models; their workers would only take time from the tests.
    variables = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    with running(command, f"{url}/health", folder / "tracking_server.log", variables) as process:
        yield TrackingServer(url, process)


@contextmanager
def running_model_server(model_uri: str, tracking_uri: str, folder: Path) -> Iterator[str]:
    """Start `mlflow models serve` on a registered version; yields the address that scores."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "mlflow", "models", "serve", "--model-uri", model_uri),
        *("--env-manager", "local", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"),
    ]
    # MLflow starts uvicorn by its name alone, which only an activated environment finds.
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    variables = {"MLFLOW_TRACKING_URI": tracking_uri, "PYTHONPATH": "", "PATH": path}
    url = f"http://127.0.0.1:{port}"
    with running(command, f"{url}/ping", folder / "model_server.log", variables):
        yield f"{url}/invocations"
