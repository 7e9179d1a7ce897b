"""Connections that each thread keeps: to take one from a pool and give it back takes longer than a short query."""

import threading
import weakref
from typing import Any

import sqlalchemy as sa


class ThreadConnections:
    """One connection per thread that asks for one, open until it is dropped, the thread ends, or all are closed.

    Args:
        engine: opens them; they take no place of its pool.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._of_thread = threading.local()
        self._kept: "weakref.WeakSet[_Kept]" = weakref.WeakSet()
        self._lock = threading.Lock()
        self._generation = object()

    def mine(self) -> Any:
        """The driver's connection of this thread."""
        kept: _Kept | None = getattr(self._of_thread, "kept", None)
        if kept is None or kept.generation is not self._generation:
            self.drop()
            kept = _Kept(self._engine, self._generation)
            self._of_thread.kept = kept
            with self._lock:
                self._kept.add(kept)
        return kept.driver

    def drop(self) -> None:
        """Close this thread's connection; it gets another when it asks again."""
        kept: _Kept | None = getattr(self._of_thread, "kept", None)
        if kept is not None:
            self._of_thread.kept = None
            kept.close()

    def renew(self) -> None:
        """Let every thread have another connection when it asks again; none is closed while its thread may use it."""
        self._generation = object()

    def close(self) -> None:
        """Close every connection; no thread may be using one."""
        self.renew()
        with self._lock:
            kept = list(self._kept)
        for one in kept:
            one.close()


class _Kept:
    """A connection that is closed with it."""

    def __init__(self, engine: sa.Engine, generation: object) -> None:
        pooled = engine.raw_connection()
        driver = pooled.driver_connection
        assert driver is not None
        pooled.detach()
        self.driver: Any = driver
        self.generation = generation
        self.close = weakref.finalize(self, driver.close)
        # At the end of the process its thread may still be at work with it.
        self.close.atexit = False
