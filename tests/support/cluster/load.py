"""A steady load on the service through the Ingress, of which every request is counted, whatever becomes of it."""

import asyncio
import random
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import NamedTuple, Self

import numpy as np

from tests.support.request_load import Connection, connected, encoded_requests

PATIENCE_SECONDS = 15.0
_FAILURES = (OSError, EOFError, TimeoutError, ValueError, IndexError, asyncio.LimitOverrunError)


class Request(NamedTuple):
    """One request and what became of it.

    Attributes:
        due: when it was to be sent, in seconds since 1970.
        seconds: from then to the end of the answer, or to the failure.
        status: of HTTP; 0 without an answer.
        problem: why there was none.
    """

    due: float
    seconds: float
    status: int
    problem: str = ""

    @property
    def answered(self) -> bool:
        """Whether the caller has a decision."""
        return self.status == 200


class Load:
    """Requests at a fixed rate, whether or not earlier ones are answered, until it is left.

    Args:
        host, port: of the Ingress controller.
        headers: of every request: the host name of the Ingress and an API key.
        per_second: rate; ``change_rate`` changes it.

    Attributes:
        requests: all so far, in the order of their ends.
    """

    def __init__(
        self, host: str, port: int, headers: Mapping[str, str], per_second: float, clients: int, path: str = "/predict"
    ) -> None:
        self._host, self._port = host, port
        self._encoded = encoded_requests(clients, path, headers)
        self._per_second = per_second
        self._idle: list[Connection] = []
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._send()), name="load")
        self.requests: list[Request] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Send no more, and wait for the answers."""
        self._stopped.set()
        self._thread.join()

    def change_rate(self, per_second: float) -> None:
        """Go on at another rate."""
        self._per_second = per_second

    async def _send(self) -> None:
        running: set[asyncio.Task[None]] = set()
        due = time.time()
        while not self._stopped.is_set():
            due += 1 / self._per_second
            await asyncio.sleep(max(0.0, due - time.time()))
            task = asyncio.create_task(self._call(due))
            running.add(task)
            task.add_done_callback(running.discard)
        await asyncio.gather(*running)
        for connection in self._idle:
            connection.writer.close()

    async def _call(self, due: float) -> None:
        while self._idle and self._idle[-1].reader.at_eof():
            self._idle.pop().writer.close()
        status, problem = 0, ""
        connection = self._idle.pop() if self._idle else None
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                connection = connection or await connected(self._host, self._port)
                status = await connection.call(random.choice(self._encoded))
            self._idle.append(connection)
        except _FAILURES as error:
            problem = f"{type(error).__name__}: {error}"
            if connection is not None:
                connection.writer.close()
        self.requests.append(Request(due, time.time() - due, status, problem))


def summary(requests: Sequence[Request]) -> str:
    """Requests, failures and latency in one line."""
    if not requests:
        return "no request"
    milliseconds = 1000 * np.array([request.seconds for request in requests])
    failures = Counter(request.problem or f"status {request.status}" for request in requests if not request.answered)
    first, last = min(request.due for request in requests), max(request.due for request in requests)
    return (
        f"{len(requests)} requests in {last - first:.0f} s, {failures.total()} failed"
        f"{f' ({dict(failures)})' if failures else ''}, "
        f"p50 {np.percentile(milliseconds, 50):.0f} ms, p95 {np.percentile(milliseconds, 95):.0f} ms, "
        f"max {milliseconds.max():.0f} ms"
    )
