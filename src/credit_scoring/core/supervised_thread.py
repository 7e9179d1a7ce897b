"""Background threads that are restarted when they fail, or whose death is visible to health checks."""

import math
import threading
import time
from collections.abc import Callable, Iterable

from credit_scoring.core.logs import get_logger, innermost_frames

_RESTART_SECONDS = 0.2


class SupervisedThread:
    """A daemon thread that runs `target` until it returns.

    Args:
        restarts: whether `target` is called again after it raised. Only for targets whose state stays valid when any
            of their lines raises; other threads die permanently.
        busy_seconds: how long the target has been at its present piece of work.

    Attributes:
        on_failure: called with the thread's name each time `target` raised.
        longest_seconds: a piece of work that takes longer is a failure.
    """

    def __init__(
        self,
        name: str,
        target: Callable[[], None],
        restarts: bool = True,
        busy_seconds: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self.name = name
        self.longest_seconds = math.inf
        self._busy_seconds = busy_seconds
        self.on_failure: Callable[[str], object] = lambda name: None
        self._target = target
        self._restarts = restarts
        self._has_returned = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread; a thread starts once."""
        self._thread.start()

    def join(self, timeout_seconds: float | None = None) -> None:
        """Wait until `target` has returned or died; at once if the thread never started."""
        if self._thread.ident is not None:
            self._thread.join(timeout_seconds)

    @property
    def failure_reason(self) -> str | None:
        """Set while the thread hangs, and once it has ended without its target returning, reported or not."""
        if self._thread.ident is None or self._has_returned:
            return None
        if not self._thread.is_alive():
            return "the thread has died; start the service again"
        if (seconds := self._busy_seconds()) > self.longest_seconds:
            return f"the thread has been at one piece of work for {seconds:.0f} s"
        return None

    def _run(self) -> None:
        while not self._has_returned:
            try:
                self._target()
                self._has_returned = True
            except BaseException as error:  # noqa: B036 - SystemExit, too, would end the thread unnoticed
                self._report(error)
                if not self._restarts:
                    return
                time.sleep(_RESTART_SECONDS)

    def _report(self, error: BaseException) -> None:
        # Not the message: it may contain personal data.
        get_logger("core").error(
            "thread failed",
            thread=self.name,
            error=type(error).__name__,
            frames=innermost_frames(error),
            restarts=self._restarts,
        )
        self.on_failure(self.name)
        # Python's own hook prints the message; one that was installed (pytest's fails the test) gets the exception.
        if threading.excepthook is not threading.__excepthook__:
            threading.excepthook(threading.ExceptHookArgs((type(error), error, error.__traceback__, self._thread)))


def failure_reasons(threads: Iterable[SupervisedThread]) -> dict[str, str]:
    """`failure_reason` by name, of the threads that have one."""
    return {thread.name: reason for thread in threads if (reason := thread.failure_reason) is not None}
