"""Load the service at half of its capacity for minutes: memory stays flat and no request fails.

Run with `make soak`, or `make soak MINUTES=1`.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from serving.installation import CLIENTS, synthetic_installation
from serving.service import Running, started

from tests.support import request_load

WARM_UP_SECONDS = 20.0
PARTS = 10
MAX_GROWTH = 1.05


def main() -> None:
    """Print memory and latency of each tenth of the time; exit code 1 if memory grows or a request fails."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--per-second", type=float, help="instead of half of its capacity")
    minutes, per_second = (given := parser.parse_args()).minutes, given.per_second
    with tempfile.TemporaryDirectory(prefix="credit-soak-") as name:
        settings = synthetic_installation(Path(name) / "data")
        with started(settings) as running:
            capacity = _load(running, seconds=WARM_UP_SECONDS)["per_second"]
            rate = per_second or capacity / 2
            print(f"capacity {capacity:.0f} requests/s; {rate:.0f} requests/s for {minutes:g} minutes")
            megabytes: list[float] = []
            failed = 0
            for part in range(PARTS):
                measured = _load(running, seconds=60 * minutes / PARTS, per_second=rate)
                megabytes.append(running.resident_megabytes())
                failed += sum(count for status, count in measured["statuses"].items() if status != "200")
                milliseconds = {mark: round(value, 1) for mark, value in measured["milliseconds"].items()}
                print(
                    f"part {part + 1:2d} of {PARTS}: {measured['requests']} requests, {milliseconds} ms, "
                    f"{megabytes[-1]:.0f} MB",
                    flush=True,
                )
    # Caches and pools still fill during the first part.
    growth = megabytes[-1] / megabytes[1]
    print(f"memory after the second part and at the end: factor {growth:.3f}; failed requests: {failed}")
    if failed or growth > MAX_GROWTH:
        sys.exit(1)


def _load(running: Running, **options: float) -> dict[str, Any]:
    arguments = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    command = [sys.executable, request_load.__file__, f"--port={running.port}", f"--clients={CLIENTS}", *arguments]
    measured: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return measured


if __name__ == "__main__":
    main()
