"""Environment variables of libraries that this process sets or protects."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SHARED_METRICS = "PROMETHEUS_MULTIPROC_DIR"  # read by the metrics library when it is loaded


@contextmanager
def unchanged_environment() -> Iterator[None]:
    """Undo what a library does to the environment of this process while it is imported."""
    before = dict(os.environ)
    try:
        yield
    finally:
        for name in set(os.environ) - set(before):
            del os.environ[name]
        os.environ.update(before)


def share_metrics_in(folder: str) -> None:
    """Set the folder in which worker processes started from now on share their metrics."""
    os.environ[_SHARED_METRICS] = folder


def shared_metrics_folder() -> Path | None:
    """The folder of shared metrics; None where a process keeps its metrics to itself."""
    folder = os.environ.get(_SHARED_METRICS)
    return Path(folder) if folder else None
