"""The service as a process on its own core."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from credit_scoring.core.settings import Settings

_START_SECONDS = 60


@dataclass(frozen=True)
class Running:
    """A started service.

    Attributes:
        cold_start_seconds: from process start to ready.
    """

    process: "subprocess.Popen[bytes]"
    port: int
    cold_start_seconds: float

    def get(self, path: str) -> str:
        """Body of the response to a GET."""
        with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:  # nosec B310
            return str(answer.read().decode())

    def resident_megabytes(self) -> float:
        """Memory of the process."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def processor_seconds(self) -> float:
        """Processor time of the process so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def started(
    settings: Settings, core: int | None = None, python: str | Path = sys.executable, **variables: str
) -> Iterator[Running]:
    """A service on the data of these settings, ended with the block.

    Args:
        core: the only one it may use.
        python: interpreter of its environment.
        variables: environment variables such as ``CREDIT_LOG_LEVEL``.
    """
    port = _free_port()
    command = [str(python), "-m", "credit_scoring", "serve"]
    if core is not None:
        command = ["taskset", "--cpu-list", str(core), *command]
    # A full pipe without a reader would block the service.
    with (settings.data_directory / "service.log").open("ab") as log:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command, env=_environment(settings, port, variables), stdout=subprocess.DEVNULL, stderr=log
        )
        try:
            _wait_until_ready(process, port)
            yield Running(process, port, time.perf_counter() - begun)
        finally:
            process.terminate()
            process.wait(timeout=60)


def _environment(settings: Settings, port: int, variables: Mapping[str, str]) -> dict[str, str]:
    own = {
        "CREDIT_DATA_DIRECTORY": str(settings.data_directory),
        "CREDIT_ENVIRONMENT": "dev",
        "CREDIT_API_PORT": str(port),
        "CREDIT_API_REQUESTS_PER_SECOND": "1000000",
        "CREDIT_LOG_FORMAT": "json",
    }
    return {**os.environ, **own, **variables}


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_until_ready(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the service ended with {process.returncode}")
        try:
            with urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5):  # nosec B310
                return
        except (URLError, OSError):
            time.sleep(0.01)
    raise RuntimeError("the service did not become ready")
