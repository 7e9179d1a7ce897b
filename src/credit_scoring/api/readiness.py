"""Readiness of all components, checked at most once a second however many probes arrive."""

import time
from collections.abc import Callable, Mapping
from threading import Lock

Reasons = Mapping[str, str | None]
_CACHE_SECONDS = 1.0


class Readiness:
    """Caches the last check.

    Args:
        check: returns by component why it does not work; None for one that does.
    """

    def __init__(self, check: Callable[[], Reasons], now: Callable[[], float] = time.monotonic) -> None:
        self._check = check
        self._now = now
        self._lock = Lock()
        self._checked: tuple[float, Reasons] | None = None

    def __call__(self) -> Reasons:
        """Reasons by component."""
        with self._lock:
            if self._checked is None or self._now() - self._checked[0] > _CACHE_SECONDS:
                self._checked = (self._now(), self._check())
            return self._checked[1]
