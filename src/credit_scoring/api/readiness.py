"""Whether every part can do its work, asked at most once a second however many probes there are."""

import time
from collections.abc import Callable, Mapping
from threading import Lock

Reasons = Mapping[str, str | None]
_GOOD_FOR_SECONDS = 1.0


class Readiness:
    """Remembers the last answer for a moment.

    Args:
        ask: why a part cannot do its work, by part; None for one that can.
    """

    def __init__(self, ask: Callable[[], Reasons], now: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._now = now
        self._lock = Lock()
        self._answered: tuple[float, Reasons] | None = None

    def __call__(self) -> Reasons:
        """Reasons by part."""
        with self._lock:
            if self._answered is None or self._now() - self._answered[0] > _GOOD_FOR_SECONDS:
                self._answered = (self._now(), self._ask())
            return self._answered[1]
