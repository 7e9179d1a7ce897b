"""Peak memory of a block of code."""

import resource
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_STATUS = Path("/proc/self/statm")
_SECONDS_BETWEEN_MEASUREMENTS = 0.05


class PeakMemory:
    """The largest resident memory of this process seen so far, in bytes."""

    def __init__(self) -> None:
        self.bytes = resident_bytes()

    def measure(self) -> None:
        """Compare with the current resident memory."""
        self.bytes = max(self.bytes, resident_bytes())


@contextmanager
def watching_memory() -> Iterator[PeakMemory]:
    """Measure the resident memory every 50 ms while the block runs; shorter peaks may be missed."""
    peak, ended = PeakMemory(), threading.Event()

    def watch() -> None:
        while not ended.wait(_SECONDS_BETWEEN_MEASUREMENTS):
            peak.measure()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        watcher.join()
        peak.measure()


def resident_bytes() -> int:
    """Resident memory of this process; its peak where the system does not provide the current value."""
    if _STATUS.exists():
        return int(_STATUS.read_text().split()[1]) * resource.getpagesize()
    kilobyte = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * kilobyte
