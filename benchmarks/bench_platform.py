"""Measure the running platform of Compose: start of a replica, and what the proxy and TLS add to a request.

Run `make up` first. Requests are `GET /health` on one connection each way, in turns.
"""

import json
import ssl
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

import httpx

ROUNDS, REQUESTS_PER_ROUND = 20, 25
CERTIFICATE = Path("secrets/proxy_certificate")


def main() -> None:
    """Print the table."""
    replica = _output("docker", "compose", "--file", "docker-compose.yml", "ps", "--quiet", "api").split()[-1]
    print(f"replica from `docker start` to ready: {_seconds_to_ready(replica):.1f} s")
    trusted = ssl.create_default_context(cafile=str(CERTIFICATE))
    clients = {
        "directly": httpx.Client(base_url=f"http://{_address(replica)}:8000"),
        "through the proxy": httpx.Client(base_url=f"http://127.0.0.1:{_port('8080')}"),
        "through the proxy, TLS": httpx.Client(base_url=f"https://127.0.0.1:{_port('8443')}", verify=trusted),
    }
    times: dict[str, list[float]] = {name: [] for name in clients}
    for _ in range(ROUNDS):
        for name, client in clients.items():
            times[name] += [_milliseconds(partial(client.get, "/health")) for _ in range(REQUESTS_PER_ROUND)]
    times["TLS, new connection"] = [
        _milliseconds(partial(httpx.get, f"https://127.0.0.1:{_port('8443')}/health", verify=trusted))
        for _ in range(REQUESTS_PER_ROUND)
    ]
    base = median(times["directly"])
    for name, values in times.items():
        print(f"{name:24} median {median(values):.2f} ms, {median(values) / base:.2f} times")


def _seconds_to_ready(container: str) -> float:
    _output("docker", "stop", container)
    started = time.perf_counter()
    _output("docker", "start", container)
    address = _address(container)
    while True:
        try:
            if httpx.get(f"http://{address}:8000/health/ready", timeout=1).status_code == 200:
                return time.perf_counter() - started
        except httpx.HTTPError:
            pass
        time.sleep(0.02)


def _address(container: str) -> str:
    networks = json.loads(_output("docker", "inspect", container))[0]["NetworkSettings"]["Networks"]
    return str(next(network["IPAddress"] for network in networks.values()))


def _port(inside: str) -> str:
    found = _output("docker", "compose", "--file", "docker-compose.yml", "port", "proxy", inside)
    return found.strip().rpartition(":")[2]


def _milliseconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - started)


def _output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
