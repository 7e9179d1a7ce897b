"""Load on a service: full load, or a steady number of requests per second.

Run as a program, it prints its measurements as JSON.
"""

import argparse
import asyncio
import json
import random
import selectors
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np

from credit_scoring.data_contracts.application_request import EXAMPLE

_DIFFERENT_REQUESTS = 500


@dataclass(frozen=True)
class Measured:
    """Measurements of a load.

    Attributes:
        statuses: count of each HTTP status.
        milliseconds: percentiles of the time from when a request was due to the end of its response.
    """

    seconds: float
    requests: int
    per_second: float
    statuses: dict[str, int]
    milliseconds: dict[str, float]


@dataclass(frozen=True)
class Connection:
    """A kept-alive HTTP connection with little work per request, so that the service is measured and not the client."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def call(self, request: bytes) -> int:
        """Send a request, read the response and return its status."""
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ", 1)[1].split(b"\r\n", 1)[0])
        await self.reader.readexactly(length)
        return int(head[9:12])


async def connected(host: str, port: int) -> Connection:
    """A new connection."""
    return Connection(*await asyncio.open_connection(host, port))


async def full_load(host: str, port: int, requests: list[bytes], connections: int, seconds: float) -> Measured:
    """Each connection sends its next request as soon as the last one is answered."""
    latencies: list[float] = []
    statuses: Counter[int] = Counter()
    begun = time.perf_counter()

    async def go_on(seed: int) -> None:
        connection = await connected(host, port)
        chosen = random.Random(seed)
        while time.perf_counter() - begun < seconds:
            sent = time.perf_counter()
            statuses[await connection.call(chosen.choice(requests))] += 1
            latencies.append(time.perf_counter() - sent)
        connection.writer.close()

    await asyncio.gather(*(go_on(seed) for seed in range(connections)))
    return _measured(time.perf_counter() - begun, latencies, statuses)


async def steady_load(host: str, port: int, requests: list[bytes], per_second: float, seconds: float) -> Measured:
    """Requests at random times (Poisson), whether or not earlier ones are answered."""
    chosen = random.Random(0)
    latencies: list[float] = []
    statuses: Counter[int] = Counter()
    idle: list[Connection] = []
    running: set[asyncio.Task[None]] = set()

    async def call(due: float) -> None:
        # A server closes idle connections after some seconds.
        while idle and idle[-1].reader.at_eof():
            idle.pop().writer.close()
        connection = idle.pop() if idle else await connected(host, port)
        statuses[await connection.call(chosen.choice(requests))] += 1
        latencies.append(time.perf_counter() - due)
        idle.append(connection)

    begun = due = time.perf_counter()
    while due - begun < seconds:
        due += chosen.expovariate(per_second)
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        task = asyncio.create_task(call(due))
        running.add(task)
        task.add_done_callback(running.discard)
    await asyncio.gather(*running)
    took = time.perf_counter() - begun
    for connection in idle:
        connection.writer.close()
    return _measured(took, latencies, statuses)


def encoded_requests(clients: int, path: str, headers: Mapping[str, str]) -> list[bytes]:
    """Encoded requests of different clients with different values.

    Args:
        clients: number of clients in the store, whose ids are drawn.
        path: path and query.
        headers: further ones, among them that of the host.
    """
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    chosen = random.Random(1)
    made = []
    for _ in range(_DIFFERENT_REQUESTS):
        changes = {
            "SK_ID_CURR": chosen.randint(1, clients),
            "AMT_CREDIT": round(chosen.uniform(5e4, 2e6), 2),
            "AMT_INCOME_TOTAL": round(chosen.uniform(3e4, 5e5), 2),
            "DAYS_BIRTH": -chosen.randint(7_000, 25_000),
            "EXT_SOURCE_2": round(chosen.random(), 6),
        }
        body = json.dumps(EXAMPLE | changes).encode()
        head = f"POST {path} HTTP/1.1\r\n{lines}content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        made.append(head.encode() + body)
    return made


def _measured(seconds: float, latencies: list[float], statuses: Counter[int]) -> Measured:
    milliseconds = 1000 * np.array(latencies)
    marks = {"p50": 50.0, "p95": 95.0, "p99": 99.0, "max": 100.0}
    return Measured(
        seconds=seconds,
        requests=len(latencies),
        per_second=len(latencies) / seconds,
        statuses={str(status): count for status, count in sorted(statuses.items())},
        milliseconds={name: float(np.percentile(milliseconds, mark)) for name, mark in marks.items()},
    )


def main() -> None:
    """Load a service and print the measurements."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--clients", type=int, default=3_000, help="number of clients in the store")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--connections", type=int, default=8, help="for full load")
    parser.add_argument("--per-second", type=float, help="steady load instead of full load")
    parser.add_argument("--path", default="/predict", help="path and query of the requests")
    given = parser.parse_args()
    requests = encoded_requests(given.clients, given.path, {"host": given.host})
    load = (
        full_load(given.host, given.port, requests, given.connections, given.seconds)
        if given.per_second is None
        else steady_load(given.host, given.port, requests, given.per_second, given.seconds)
    )
    with asyncio.Runner(loop_factory=_exact_loop) as runner:
        print(json.dumps(asdict(runner.run(load))))


def _exact_loop() -> asyncio.AbstractEventLoop:
    """A loop that sends on time: epoll's timeout has whole milliseconds, and the delay would count as latency."""
    return asyncio.SelectorEventLoop(selectors.SelectSelector())


if __name__ == "__main__":
    main()
