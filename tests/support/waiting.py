"""Wait for something that another thread or process does."""

import time
from collections.abc import Callable

PATIENCE_SECONDS = 20


def until(
    condition: Callable[[], bool],
    patience_seconds: float = PATIENCE_SECONDS,
    describe: Callable[[], str] = lambda: "it never happened",
) -> None:
    """Wait until a condition holds; fails with a description after some seconds."""
    deadline = time.monotonic() + patience_seconds
    while not condition():
        assert time.monotonic() < deadline, describe()
        time.sleep(0.01)
