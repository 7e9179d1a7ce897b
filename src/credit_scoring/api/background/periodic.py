"""Tasks that a running service repeats beside its requests, each in its own thread."""

import threading
from collections.abc import Callable

from credit_scoring.core.logs import get_logger
from credit_scoring.core.supervised_thread import SupervisedThread

STOP_TIMEOUT_SECONDS = 1.0


class PeriodicTask(SupervisedThread):
    """Repeats a task until it is stopped; the first of consecutive failures and the recovery are logged.

    Args:
        name: of the task in logs and metrics.
        interval_seconds: pause before each run, also the first.
    """

    def __init__(self, name: str, interval_seconds: float, task: Callable[[], None]) -> None:
        super().__init__(name, self._repeat)
        self._interval_seconds = interval_seconds
        self._task = task
        self._stop = threading.Event()
        self._fails = False

    def stop(self) -> None:
        """End after the current run; one that hangs is abandoned after a second."""
        self._stop.set()
        self.join(STOP_TIMEOUT_SECONDS)

    def run_once(self) -> None:
        """Run the task; its exceptions are logged."""
        log = get_logger("api")
        try:
            self._task()
        except Exception as error:  # of any kind: the next run may succeed
            if not self._fails:
                log.error("periodic task failed", task=self.name, reason=str(error))
            self._fails = True
            return
        if self._fails:
            log.info("periodic task recovered", task=self.name)
        self._fails = False

    def _repeat(self) -> None:
        while not self._stop.wait(self._interval_seconds):
            self.run_once()
