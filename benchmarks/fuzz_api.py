"""Fuzz the service: requests from its OpenAPI description, and malformed ones.

Schemathesis makes 5,000 and more requests from the description; then come bodies that are too long, too deep, cut off
or not text. Any 5xx, any response missing from the description, a crash or growing memory fails. Run with `make fuzz`.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
from serving.installation import synthetic_installation
from serving.service import Running, started

from credit_scoring.api.security.keys import Scope, open_key_store
from credit_scoring.data_contracts.application_request import EXAMPLE

EXAMPLES_PER_OPERATION = 450
HOSTILE_BODIES = 1_000
TREES = 20
TEN_MEGABYTES = 10_000_000
# An allocator keeps some freed memory; a leak would keep growing.
MAX_GROWTH = 1.3
_LIMIT_OF_A_FAILURE = 500


def main() -> None:
    """Print the findings; exit code 1 if there are any."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--examples", type=int, default=EXAMPLES_PER_OPERATION, help="per operation")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="credit-fuzz-") as name:
        settings = synthetic_installation(Path(name) / "data", TREES)
        store = open_key_store(settings)
        key = store.create("fuzz", [Scope.ADMIN])[1]
        store.close()
        with started(settings, CREDIT_ENVIRONMENT="staging", CREDIT_LOG_LEVEL="WARNING") as running:
            found = _described_requests(running, key, given.examples, given.seed, Path(name))
            before = running.resident_megabytes()
            statuses = _hostile_requests(running, key, given.seed)
            after = running.resident_megabytes()
            print(f"hostile bodies: {dict(sorted(statuses.items()))}; memory {before:.0f} to {after:.0f} MB")
            failures = [status for status in statuses if status >= _LIMIT_OF_A_FAILURE]
            if found or failures or after > MAX_GROWTH * before or running.process.poll() is not None:
                sys.exit(1)


def _described_requests(running: Running, key: str, examples: int, seed: int, folder: Path) -> bool:
    command = [
        *("schemathesis", "run", f"http://127.0.0.1:{running.port}/openapi.json"),
        *("--header", f"X-API-Key: {key}", "--checks", "all", "--continue-on-failure"),
        *("--max-examples", str(examples), "--seed", str(seed), "--request-timeout", "30"),
    ]
    return subprocess.run(command, cwd=folder, check=False).returncode != 0


def _hostile_requests(running: Running, key: str, seed: int) -> Counter[int]:
    statuses: Counter[int] = Counter()
    headers = {"X-API-Key": key, "content-type": "application/json"}
    with httpx.Client(base_url=f"http://127.0.0.1:{running.port}", headers=headers, timeout=60) as client:
        for number, body in enumerate(_hostile_bodies(random.Random(seed))):
            path = ("/predict", "/predict/batch")[number % 2]
            statuses[client.post(path, content=body).status_code] += 1
        if client.post("/predict", json=EXAMPLE).status_code != 200:
            sys.exit("the service no longer decides")
    return statuses


def _hostile_bodies(chosen: random.Random) -> Iterator[bytes | Iterator[bytes]]:
    """Malformed bodies in random order."""
    valid = json.dumps(EXAMPLE)
    fixed: list[bytes] = [
        b" " * TEN_MEGABYTES,
        b'{"AMT_CREDIT": "' + b"x" * TEN_MEGABYTES + b'"}',
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b'{"applications": ' + b"[" * 1_000_000,
        b'{"applications": [' + b"{}," * 500_000 + b"{}]}",
        valid.replace("568800.0", "9" * 5_000).encode(),
        valid.replace("568800.0", "NaN").encode(),
        valid.replace("568800.0", "-Infinity").encode(),
        valid.replace("568800.0", "1e400").encode(),
        valid.encode("utf-16"),
        valid.encode("utf-32"),
        valid.encode("cp037"),
        b"\xef\xbb\xbf" + valid.encode(),
        valid.replace("Cash loans", "\\ud800").encode(),
        valid.replace("Cash loans", "\\u0000").encode(),
        b"",
    ]
    for _ in range(HOSTILE_BODIES):
        kind = chosen.randrange(4)
        if kind == 0:
            yield chosen.choice(fixed)
        elif kind == 1:
            yield chosen.randbytes(chosen.randrange(2_000))
        elif kind == 2:
            yield valid[: chosen.randrange(len(valid))].encode()
        else:
            changed = bytearray(valid.encode())
            for _ in range(3):
                changed[chosen.randrange(len(changed))] = chosen.randrange(256)
            yield (bytes(changed[start : start + 500]) for start in range(0, len(changed), 500))


if __name__ == "__main__":
    main()
