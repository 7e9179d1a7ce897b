"""Cost of recording a decision of full size: alone, together with others, and in the spool.

Ratios compare with flushing the same number of bytes in an existing file on the same disk in the same run: no durable
record is cheaper. Run with `make bench-ledger`.
"""

import os
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import numpy as np

from credit_scoring.core.settings import Settings
from credit_scoring.data_contracts.application import APPLICATION_TEST
from credit_scoring.decisions.decision_record import Entry
from credit_scoring.decisions.ledger import Ledger
from credit_scoring.decisions.recorder import Recorder
from credit_scoring.decisions.spool import Spool
from credit_scoring.decisions.verification import verify
from credit_scoring.feature_engineering.catalogue import feature_names
from tests.support.decision_entries import record
from tests.support.servers.postgresql import running_postgresql

DECISIONS = 1_000
CLIENTS = 300
_SPOOL_BYTES = 1_000_000_000


def main() -> None:
    """Print milliseconds, decisions per second and ratios."""
    entries = _entries()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        size = len(entries[0].whole())
        floor = _percentiles(_flushes(folder / "floor", size))
        print(f"one flush of {size:,} bytes: median {floor[0]:.2f} ms, 95 % below {floor[1]:.2f} ms")
        _measure("SQLite", f"sqlite:///{folder / 'decisions.db'}", folder / "spool", entries, floor[0])
        with running_postgresql() as url:
            _measure("PostgreSQL", url, folder / "spool", entries, floor[0])
        spool = Spool(folder / "alone", _SPOOL_BYTES)
        _print("spool", "alone", _times(entries, lambda entry: spool.append([entry])), floor[0])
        spool.close()


def _measure(database: str, url: str, spool: Path, entries: list[Entry], floor: float) -> None:
    timeout = Settings().ledger.timeout_seconds
    recorder = Recorder(lambda: Ledger(url, timeout), Spool(spool, _SPOOL_BYTES))
    busy = time.process_time()
    _print(database, "alone", _times(entries, lambda entry: recorder.record([entry]).result()), floor)
    busy = (time.process_time() - busy) / len(entries)
    print(f"{database:<11}CPU time of a single decision: {1000 * busy:.2f} ms")
    flood = [_renamed(entry) for entry in entries]
    start = time.perf_counter()
    for done in [recorder.record([entry]) for entry in flood]:
        done.result()
    seconds = time.perf_counter() - start
    print(f"{database:<11}all at once: {len(flood) / seconds:,.0f} decisions/s")
    recorder.close()
    ledger = Ledger(url)
    start = time.perf_counter()
    rows = verify(ledger).head.rows
    print(f"{database:<11}verified: {rows / (time.perf_counter() - start):,.0f} decisions/s")
    ledger.close()


def _entries() -> list[Entry]:
    features = np.random.default_rng(0).normal(size=len(feature_names())).astype(np.float32)
    application: dict[str, float | str] = {
        column.name: column.categories[0] if column.is_category else 12_345.678 for column in APPLICATION_TEST.columns
    }
    return [
        Entry(record(uuid.uuid4().hex, application=application, client_id=1 + number % CLIENTS), features)
        for number in range(DECISIONS)
    ]


def _renamed(entry: Entry) -> Entry:
    return Entry(entry.record.model_copy(update={"decision_id": uuid.uuid4().hex}), entry.features)


def _times(entries: list[Entry], work: Callable[[Entry], object]) -> list[float]:
    times = []
    for entry in entries:
        start = time.perf_counter()
        work(entry)
        times.append(1000 * (time.perf_counter() - start))
    return times


def _flushes(path: Path, size: int) -> list[float]:
    times = []
    path.write_bytes(bytes(size * DECISIONS))
    with path.open("r+b", buffering=0) as stream:
        os.fsync(stream.fileno())
        for _ in range(DECISIONS):
            start = time.perf_counter()
            stream.write(bytes(size))
            os.fdatasync(stream.fileno())
            times.append(1000 * (time.perf_counter() - start))
    return times


def _percentiles(times: list[float]) -> tuple[float, float]:
    return float(np.percentile(times, 50)), float(np.percentile(times, 95))


def _print(database: str, how: str, times: list[float], floor: float) -> None:
    median, tail = _percentiles(times)
    print(
        f"{database:<11}{how}: median {median:.2f} ms ({median / floor:.1f} flushes), 95 % below {tail:.2f} ms, "
        f"{1000 * len(times) / sum(times):,.0f} decisions/s"
    )


if __name__ == "__main__":
    main()
