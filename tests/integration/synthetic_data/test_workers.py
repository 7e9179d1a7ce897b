"""Results do not depend on the number of workers, and a stopped worker leaves nothing behind."""

import hashlib
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from credit_scoring.core.errors import StorageError
from credit_scoring.data_contracts import ALL_TABLES
from credit_scoring.synthetic_data.writer import write_synthetic_tables

pytestmark = pytest.mark.slow


def test_one_worker_and_two_write_the_same_bytes(tmp_path: Path) -> None:
    for workers in (1, 2):
        write_synthetic_tables(tmp_path / str(workers), clients=9_000, seed=2, workers=workers)
    for table in ALL_TABLES:
        alone, together = (
            hashlib.sha256((tmp_path / str(workers) / table.file_name).read_bytes()).hexdigest() for workers in (1, 2)
        )
        assert alone == together, table.name


def test_a_worker_that_is_killed_ends_the_run_and_leaves_nothing(tmp_path: Path) -> None:
    def kill_a_worker() -> None:
        for _ in range(600):
            # Not before all workers run: Python 3.11 leaves one that is still being started alive, and waits for it.
            if not any(tmp_path.glob(".raw.partial-*/chunk-*")):
                time.sleep(0.1)
                continue
            for status in Path("/proc").glob("[0-9]*/stat"):
                try:
                    fields = status.read_text().rsplit(")", 1)[1].split()
                    command = (status.parent / "cmdline").read_bytes()
                except OSError:
                    continue
                if int(fields[1]) == os.getpid() and b"spawn_main" in command:
                    os.kill(int(status.parent.name), signal.SIGKILL)
                    return
            time.sleep(0.1)

    killer = threading.Thread(target=kill_a_worker)
    killer.start()
    with pytest.raises(StorageError, match="stopped from outside"):
        write_synthetic_tables(tmp_path / "raw", clients=60_000, seed=2)
    killer.join()
    assert list(tmp_path.iterdir()) == []
