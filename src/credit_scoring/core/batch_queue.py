"""A queue whose reader takes all waiting items at once, so that what costs the same for one and many is done once."""

import time
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

Item = TypeVar("Item")


class BatchQueue(Generic[Item]):
    """Many threads put items; one iterates over batches until the queue is closed.

    Args:
        maximum: a batch ends with the item that brings its size to this number.
        size: of an item.
    """

    def __init__(self, maximum: int, size: Callable[[Item], int] = lambda item: 1) -> None:
        self._maximum = maximum
        self._size = size
        self._queue: SimpleQueue[Item | None] = SimpleQueue()
        self._is_drained = False
        self._busy_since: float | None = None

    @property
    def busy_seconds(self) -> float:
        """How long the reader has been at its present batch; 0 while it waits for one."""
        since = self._busy_since
        return 0.0 if since is None else time.monotonic() - since

    def put(self, item: Item) -> None:
        """Add an item; never blocks."""
        self._queue.put(item)

    def close(self) -> None:
        """End the iteration after the items added before."""
        self._queue.put(None)

    def __iter__(self) -> Iterator[list[Item]]:
        """Non-empty batches in order; waits for the first item of each. A second iteration continues the first."""
        while not self._is_drained:
            self._busy_since = None
            if batch := self._next_batch():
                self._busy_since = time.monotonic()
                yield batch

    def _next_batch(self) -> list[Item]:
        batch: list[Item] = []
        size = 0
        item = self._queue.get()
        while item is not None:
            batch.append(item)
            size += self._size(item)
            if size >= self._maximum:
                return batch
            try:
                item = self._queue.get_nowait()
            except Empty:
                return batch
        self._is_drained = True
        return batch
