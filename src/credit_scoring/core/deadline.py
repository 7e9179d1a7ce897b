"""A time limit for servers that took a question and give no answer: a stopped process, a network that swallows."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Condition, Thread


class Deadline:
    """Cuts connections that take longer than allowed, so that whoever waits gets an error instead of waiting on.

    Args:
        seconds: longest time between the beginning and the end of one piece of work.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._changed = Condition()
        self._ends: dict[int, float] = {}
        self._closed = False
        self._thread = Thread(target=self._watch, name="deadline", daemon=True)
        self._thread.start()

    @contextmanager
    def on(self, descriptor: int) -> Iterator[None]:
        """Limit the work done in the block over this socket."""
        with self._changed:
            was_idle = not self._ends
            self._ends[descriptor] = time.monotonic() + self._seconds
            if was_idle:
                self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                self._ends.pop(descriptor, None)

    def close(self) -> None:
        """End the watching thread."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _watch(self) -> None:
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                for descriptor in [one for one, end in self._ends.items() if end <= now]:
                    del self._ends[descriptor]
                    _cut(descriptor)
                # Work that ended does not wake this thread; it only finds nothing to do when it wakes.
                self._changed.wait(min(self._ends.values()) - now if self._ends else None)


def _cut(descriptor: int) -> None:
    with suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as connection:
        connection.shutdown(socket.SHUT_RDWR)
