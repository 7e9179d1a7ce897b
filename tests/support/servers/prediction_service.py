"""The prediction service as a process on loopback, and callers that put it under load."""

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import httpx

_START_SECONDS = 60
_ANSWERED, _UNAVAILABLE = 200, 503


@dataclass
class RunningService:
    """A started service.

    Attributes:
        log: file with its standard error.
    """

    process: "subprocess.Popen[bytes]"
    url: str
    log: Path

    def kill(self) -> None:
        """Kill the process."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def running_service(
    data_directory: Path, log: Path, variables: Mapping[str, str], largest_file_bytes: int | None = None
) -> Iterator[RunningService]:
    """A service without keys; killed when the block ends.

    Args:
        variables: environment variables beside CREDIT_DATA_DIRECTORY.
        largest_file_bytes: limit on every file it writes, which acts like a full disk.
    """
    port = _free_port()
    environment = os.environ | {
        "CREDIT_ENVIRONMENT": "dev",
        "CREDIT_DATA_DIRECTORY": str(data_directory),
        "CREDIT_API_PORT": str(port),
        "CREDIT_API_REQUESTS_PER_SECOND": "100000",
        "CREDIT_LOG_FORMAT": "json",
        **variables,
    }

    def limit() -> None:
        if largest_file_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file_bytes, largest_file_bytes))

    with log.open("ab") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "credit_scoring", "serve"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=stream,
            start_new_session=True,
            preexec_fn=limit,
        )
    service = RunningService(process, f"http://127.0.0.1:{port}", log)
    try:
        _wait_until_ready(service)
        yield service
    finally:
        if process.poll() is None:
            service.kill()


@dataclass
class Callers:
    """Threads that request decisions until the block ends, and remember the answers.

    Attributes:
        answered: decision ids, in no order.
        refused: details of answers without a decision.
    """

    url: str
    application: Mapping[str, object]
    threads: int = 4
    answered: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    _stop: Event = field(default_factory=Event)
    _running: list[Thread] = field(default_factory=list)

    def __enter__(self) -> "Callers":
        self._running = [Thread(target=self._call, args=(number,)) for number in range(self.threads)]
        for thread in self._running:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._running:
            thread.join()

    def wait_for(self, more_answers: int, more_refusals: int = 0) -> None:
        """Wait for a number of further answers and refusals."""
        answers, refusals = len(self.answered) + more_answers, len(self.refused) + more_refusals
        deadline = time.monotonic() + _START_SECONDS
        while len(self.answered) < answers or len(self.refused) < refusals:
            assert time.monotonic() < deadline, f"{len(self.answered)} answers, {self.refused[-1:]}"
            time.sleep(0.01)

    def _call(self, client_id: int) -> None:
        body = {**self.application, "SK_ID_CURR": 1 + client_id}
        with httpx.Client(base_url=self.url, timeout=30) as client:
            while not self._stop.is_set():
                try:
                    answer = client.post("/predict", json=body)
                except httpx.TransportError:
                    time.sleep(0.05)
                    continue
                if answer.status_code == _ANSWERED:
                    self.answered.append(answer.json()["decision_id"])
                else:
                    assert answer.status_code == _UNAVAILABLE, answer.text
                    self.refused.append(answer.json()["detail"])
                    time.sleep(0.01)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_until_ready(service: RunningService) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and service.process.poll() is None:
        try:
            if httpx.get(f"{service.url}/health", timeout=5).status_code == _ANSWERED:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError(f"The service did not start: {service.log.read_text()[-2000:]}")
