"""Record decisions before they are answered: many in one transaction, on the local disk while the database is away."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread

from credit_scoring.core.errors import MissingArtefactError, StorageError
from credit_scoring.core.logs import get_logger
from credit_scoring.decisions.decision_record import Entry
from credit_scoring.decisions.ledger import Ledger
from credit_scoring.decisions.spool import Spool, abandoned, entry_in_any

_RETRY_SECONDS = 1.0
_MOST_PER_TRANSACTION = 1_000
_DRAINED_AT_ONCE = 100


@dataclass(frozen=True)
class _Waiting:
    entries: Sequence[Entry]
    done: Future[None] = field(default_factory=Future)


class Recorder:
    """Takes decisions from any thread; one thread writes those that arrived meanwhile in one transaction.

    While the database is away they go to the spool, and another thread tries again and drains it in order.

    Args:
        connect: opens the ledger; called again until it succeeds.
        spool: where decisions wait.
    """

    def __init__(self, connect: Callable[[], Ledger], spool: Spool) -> None:
        self._connect = connect
        self._spool = spool
        self._ledger: Ledger | None = None
        self._away: str | None = "not connected yet"
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._stop = Event()
        self._try_now = Event()
        self._draining = Lock()
        self._drain()
        self._writer = Thread(target=self._write_on, name="ledger writer", daemon=True)
        self._drainer = Thread(target=self._drain_on, name="ledger drainer", daemon=True)
        self._writer.start()
        self._drainer.start()

    @property
    def depth(self) -> int:
        """Decisions that wait in this process's spool."""
        return self._spool.depth

    @property
    def away_because(self) -> str | None:
        """Why the database does not take decisions now; None when it does."""
        return self._away

    @property
    def full_because(self) -> str | None:
        """Why no decision can be taken at all; None while the database or the spool takes them."""
        return None if self._away is None else self._spool.full_because

    def record(self, entries: Sequence[Entry]) -> Future[None]:
        """Store decisions durably, all or none; when the future is done they survive a crash.

        Its exception is a StorageError when neither the database nor the spool took them.
        """
        waiting = _Waiting(entries)
        if self._stop.is_set():
            raise StorageError("The decision ledger was closed.", "Start the service again.")
        self._queue.put(waiting)
        return waiting.done

    def find(self, decision_id: str) -> Entry:
        """A decision, from the database or from where it waits for it.

        Raises:
            MissingArtefactError, ErasedError: as the ledger says.
            StorageError: the database is away, and the decision does not wait for it here.
        """
        try:
            return self._asked_twice(decision_id)
        except (MissingArtefactError, StorageError):
            entry = entry_in_any(self._spool.folder, decision_id)
            if entry is None:
                raise
            return entry

    def _asked_twice(self, decision_id: str) -> Entry:
        try:
            return self._connected().get(decision_id)
        except StorageError:
            # A server that was started again has cut the connections that were kept; the second one is new.
            return self._connected().get(decision_id)

    def close(self) -> None:
        """Write what was taken, try once more to drain, and give everything back."""
        self._stop.set()
        self._try_now.set()
        self._queue.put(None)
        self._writer.join()
        self._drainer.join()
        if self._spool.depth:
            self._drain()
        self._spool.close()
        if self._ledger is not None:
            self._ledger.close()

    def _write_on(self) -> None:
        goes_on = True
        while goes_on:
            taken = [self._queue.get()]
            count = 0
            while taken[-1] is not None and (count := count + len(taken[-1].entries)) < _MOST_PER_TRANSACTION:
                try:
                    taken.append(self._queue.get_nowait())
                except Empty:
                    break
            batch = [waiting for waiting in taken if waiting is not None]
            goes_on = len(batch) == len(taken)
            if batch:
                self._write(batch)

    def _write(self, batch: Sequence[_Waiting]) -> None:
        entries = [entry for waiting in batch for entry in waiting.entries]
        try:
            self._store(entries)
        except Exception as error:  # whatever it is, those who wait must hear of it, and the thread goes on
            for waiting in batch:
                waiting.done.set_exception(error)
        else:
            for waiting in batch:
                waiting.done.set_result(None)

    def _store(self, entries: Sequence[Entry]) -> None:
        # While older decisions wait, newer ones queue up behind them: the order stays.
        if self._away is None and not self._spool.depth:
            try:
                self._connected().append(entries)
                return
            except StorageError as error:
                self._note_away(error)
                self._try_now.set()
        self._spool.append(entries)

    def _drain_on(self) -> None:
        while not self._stop.is_set():
            self._try_now.wait(_RETRY_SECONDS)
            self._try_now.clear()
            self._drain()

    def _drain(self) -> None:
        """Bring what waits here, and what a process that is gone left, into the database."""
        with self._draining:
            try:
                ledger = self._connected()
                if self._away is None:
                    ledger.check()
                else:
                    ledger.reopen()
                drained = drain_abandoned(self._spool.folder, ledger) + self._drain_own(ledger)
            except Exception as error:  # whatever it is, this thread must go on trying
                self._note_away(error)
                return
            if drained or self._away is not None:
                get_logger("decisions").info("ledger in use", drained=drained, head=str(ledger.head()))
            self._away = None

    def _drain_own(self, ledger: Ledger) -> int:
        drained = 0
        while entries := self._spool.first(_DRAINED_AT_ONCE):
            drained += ledger.append(entries, some_may_be_there=True)
            self._spool.drop(len(entries))
        return drained

    def _connected(self) -> Ledger:
        if self._ledger is None:
            self._ledger = self._connect()
        return self._ledger

    def _note_away(self, error: Exception) -> None:
        if self._away != str(error):
            get_logger("decisions").error("ledger away, decisions wait on this disk", reason=str(error))
        self._away = str(error)


def drain_abandoned(folder: Path, ledger: Ledger) -> int:
    """Bring into the ledger what processes that are gone left behind; returns how many decisions were new."""
    drained = 0
    for left in abandoned(folder):
        for start in range(0, len(left.entries), _DRAINED_AT_ONCE):
            drained += ledger.append(left.entries[start : start + _DRAINED_AT_ONCE], some_may_be_there=True)
        left.finish()
        if left.damaged_at is not None:
            get_logger("decisions").error(
                "spool damaged, put aside", path=str(left.path), byte=left.damaged_at, whole=len(left.entries)
            )
    return drained
