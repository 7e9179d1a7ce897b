"""Wait for something that another thread or process does."""

import time
from collections.abc import Callable

PATIENCE_SECONDS = 20


def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds; fails after 20 seconds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)
