"""What a running service does beside answering: work that repeats, in a thread of its own."""

import threading
from collections.abc import Callable

from credit_scoring.core.logs import get_logger


class Periodic:
    """Repeats some work until it is stopped; a failure is logged when it begins and when it is over.

    Args:
        name: what the log calls the work.
        seconds: pause between two runs.
    """

    def __init__(self, name: str, seconds: float, work: Callable[[], None]) -> None:
        self._name = name
        self._seconds = seconds
        self._work = work
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._repeat, name=name, daemon=True)
        self._fails = False

    def start(self) -> None:
        """Begin; the first run comes after the first pause."""
        self._thread.start()

    def stop(self) -> None:
        """End after the run that is going on, if any."""
        self._is_over.set()
        if self._thread.is_alive():
            self._thread.join(timeout=self._seconds)

    def run_once(self) -> None:
        """One run, whatever comes of it."""
        log = get_logger("api")
        try:
            self._work()
        except Exception as error:  # Beside the answering: whatever breaks here must not end it.
            if not self._fails:
                log.error("upkeep fails", work=self._name, reason=str(error))
            self._fails = True
            return
        if self._fails:
            log.info("upkeep works again", work=self._name)
        self._fails = False

    def _repeat(self) -> None:
        while not self._is_over.wait(self._seconds):
            self.run_once()
