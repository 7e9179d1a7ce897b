"""Records decisions before they are answered: many per transaction, on the local disk while the ledger is down."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event

from credit_scoring.core.batch_queue import BatchQueue
from credit_scoring.core.errors import MissingArtefactError, StorageError
from credit_scoring.core.logs import get_logger
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.core.supervised_thread import SupervisedThread
from credit_scoring.core.urls import missing_file
from credit_scoring.decisions.decision_record import Entry
from credit_scoring.decisions.ledger import Ledger
from credit_scoring.decisions.outcome_reports import OutcomeReport, Problem, record_reports
from credit_scoring.decisions.outcomes import Recorded
from credit_scoring.decisions.spool import Spool, abandoned_decisions, abandoned_files, spooled_entries
from credit_scoring.decisions.sql_tables import SCHEMA

_MAX_ENTRIES_PER_TRANSACTION = 1_000
_ENTRIES_PER_DRAIN = 100
_BYTES_PER_MEGABYTE = 1_000_000
_COMMAND_TIMEOUT_SECONDS = 600.0
_CLOCK_TOLERANCE = timedelta(seconds=1)  # other machines record too


@dataclass(frozen=True)
class _PendingWrite:
    entries: Sequence[Entry]
    may_spool: bool
    done: Future[None] = field(default_factory=Future)


class Recorder:
    """Accepts decisions from any thread; one thread writes all that arrived since its last transaction.

    While the database is unavailable, decisions go to the spool; a second thread retries and drains it in order. Both
    restart after an unexpected error: every decision they had accepted is in the queue, the spool or the ledger.

    Args:
        connect: opens the ledger; called again until it succeeds.
        spool: holds decisions while the database is unavailable.
        retry_seconds: time between two attempts to reach the database.
        reads_only: it only finds decisions: no thread starts, and nothing is drained.

    Attributes:
        unavailable_reason: why the database accepts no decisions now; None when it does.
    """

    def __init__(
        self, connect: Callable[[], Ledger], spool: Spool, retry_seconds: float = 1.0, reads_only: bool = False
    ) -> None:
        self._connect = connect
        self._spool = spool
        self._retry_seconds = retry_seconds
        self._ledger: Ledger | None = None
        self.unavailable_reason: str | None = "not connected yet"
        self._abandoned = 0
        self._queue = BatchQueue[_PendingWrite](_MAX_ENTRIES_PER_TRANSACTION, lambda pending: len(pending.entries))
        self._stop = Event()
        self._retry_now = Event()
        self.threads: tuple[SupervisedThread, ...] = ()
        if reads_only:
            self._stop.set()
            return
        self._drain()
        self.threads = (
            SupervisedThread("ledger writer", self._write_loop, busy_seconds=lambda: self._queue.busy_seconds),
            SupervisedThread("ledger drainer", self._drain_loop),
        )
        for thread in self.threads:
            thread.start()

    @property
    def depth(self) -> int:
        """Number of decisions that wait for the database: in this process's spool, and in those of dead processes."""
        return self._spool.depth + self._abandoned

    @property
    def full_reason(self) -> str | None:
        """Why no decision can be recorded at all; None while the database or the spool accepts them."""
        return None if self.unavailable_reason is None else self._spool.full_reason

    def record(self, entries: Sequence[Entry], may_spool: bool = True) -> Future[None]:
        """Start to store decisions, all or none; they survive a crash once the future is done.

        The future raises StorageError when neither the database nor the spool accepted them. The spool must not take
        ids that another service may use too (`may_spool=False`): only the database knows which decision was first.

        Raises:
            StorageError: the recorder is closed.
        """
        if self._stop.is_set():
            raise StorageError("The decision ledger was closed.", "Start the service again.")
        pending = _PendingWrite(entries, may_spool)
        self._queue.put(pending)
        return pending.done

    def find(self, decision_id: str) -> Entry:
        """A decision from the database, or from a spool of this data folder.

        Raises:
            MissingArtefactError, ErasedError: as in `Ledger.get`.
            StorageError: the database is unavailable, and no spool holds the decision.
        """
        try:
            return self._connected().get(decision_id)
        except (MissingArtefactError, StorageError):
            entry = next(spooled_entries(self._spool.folder, decision_id), None)
            if entry is None:
                raise
            return entry

    def record_reports(self, reports: Sequence[OutcomeReport], by: str) -> Recorded | list[Problem]:
        """Record what became of decisions; outcomes are not spooled. As `outcome_reports.record_reports`."""
        return record_reports(self._connected(), reports, by)

    def close(self) -> None:
        """Write what was accepted, try once more to drain the spool, and close the ledger."""
        self._stop.set()
        self._retry_now.set()
        self._queue.close()
        for thread in self.threads:
            thread.join()
        if self._spool.depth:
            self._drain()
        self._spool.close()
        if self._ledger is not None:
            self._ledger.close()

    def _write_loop(self) -> None:
        for batch in self._queue:
            self._write(batch)

    def _write(self, batch: Sequence[_PendingWrite]) -> None:
        try:
            self._store(batch)
        except Exception as error:  # of any kind: every caller must receive it, and the thread must go on
            _fail(batch, error)
        except BaseException:
            # A SystemExit must not reach the callers: it would end their threads too.
            unknown = "The decision may not have been recorded. Send the request again."
            _fail(batch, StorageError("The decisions may not have been recorded.", "Send them again.", public=unknown))
            raise
        else:
            for pending in batch:
                if not pending.done.done():
                    pending.done.set_result(None)

    def _store(self, batch: Sequence[_PendingWrite]) -> None:
        # While older decisions are spooled, newer ones follow them there: the order is kept.
        if self.unavailable_reason is None and not self._spool.depth:
            try:
                self._connected().append([entry for pending in batch for entry in pending.entries])
                return
            except StorageError as error:
                self._note_unavailable(error)
                self._retry_now.set()
        reason = self.unavailable_reason or "older decisions wait in the spool."
        unavailable = StorageError(f"The ledger is unavailable: {reason}", "Send the request again.")
        _fail([pending for pending in batch if not pending.may_spool], unavailable)
        if spooled := [entry for pending in batch if pending.may_spool for entry in pending.entries]:
            self._spool.append(spooled)

    def _drain_loop(self) -> None:
        while not self._stop.is_set():
            self._retry_now.wait(self._retry_seconds)
            self._retry_now.clear()
            self._drain()

    def _drain(self) -> None:
        """Move decisions from this spool, and from those of dead processes, into the database."""
        try:
            ledger = self._connected()
            if self.unavailable_reason is None:
                ledger.check()
            else:
                ledger.reopen()
            drained = drain_abandoned(self._spool.folder, ledger)
            while entries := self._spool.first(_ENTRIES_PER_DRAIN):
                drained += ledger.append(entries)
                self._spool.drop(len(entries))
        except Exception as error:  # of any kind: the thread must keep retrying
            self._abandoned = abandoned_decisions(self._spool.folder)
            self._note_unavailable(error)
            return
        self._abandoned = 0
        if drained or self.unavailable_reason is not None:
            get_logger("decisions").info("ledger in use", drained=drained, head=str(ledger.head()))
        self.unavailable_reason = None

    def _connected(self) -> Ledger:
        if self._ledger is None:
            self._ledger = self._connect()
            _warn_if_clock_is_behind(self._ledger)
        return self._ledger

    def _note_unavailable(self, error: Exception) -> None:
        if self.unavailable_reason != str(error):
            spools = self._spool.full_reason is None
            get_logger("decisions").error("ledger unavailable", decisions_are_spooled=spools, reason=str(error))
        self.unavailable_reason = str(error)


def _warn_if_clock_is_behind(ledger: Ledger) -> None:
    now, newest = datetime.now(UTC), ledger.newest_decision()
    if newest > (now + _CLOCK_TOLERANCE).isoformat():
        get_logger("decisions").warning(
            "The clock of this machine is behind the newest decision in the ledger.",
            clock=now.isoformat(),
            newest_decision=newest,
            next_step="Check NTP: retention periods and the recognition of repeated requests depend on the clock.",
        )


def _fail(batch: Sequence[_PendingWrite], error: Exception) -> None:
    for pending in batch:
        if not pending.done.done():
            pending.done.set_exception(error)


def drain_abandoned(folder: Path, ledger: Ledger) -> int:
    """Move decisions from the spools of dead processes into the ledger; returns how many were new."""
    drained = 0
    for file in abandoned_files(folder):
        for start in range(0, len(file.entries), _ENTRIES_PER_DRAIN):
            drained += ledger.append(file.entries[start : start + _ENTRIES_PER_DRAIN])
        file.finish()
        if file.damaged_at is not None:
            get_logger("decisions").error(
                "spool file damaged, set aside",
                path=str(file.path),
                byte=file.damaged_at,
                readable_decisions=len(file.entries),
            )
    return drained


def open_recorder(settings: Settings, reads_only: bool = False) -> Recorder:
    """The recorder on the configured ledger, with its spool in the data folder.

    Args:
        reads_only: as in `Recorder`; no empty ledger is created.
    """
    spool = Spool(Storage.of(settings).decision_spool(), settings.ledger.spool_megabytes * _BYTES_PER_MEGABYTE)
    # A request waits for the ledger before its decision goes to the spool, and must still be answered in time.
    timeout_seconds = min(settings.ledger.timeout_seconds, settings.api.look_up_seconds)
    return Recorder(partial(_opened, settings, timeout_seconds, reads_only), spool, reads_only=reads_only)


@contextmanager
def opened_ledger(settings: Settings, drains: bool = True) -> Iterator[Ledger]:
    """The configured ledger for a command.

    Args:
        drains: move the decisions of dead services there first, from their spools; a reader must not.

    Raises:
        MissingArtefactError: nothing was recorded yet; no empty ledger is created.
        StorageError: the database is unavailable.
    """
    with closing(_opened(settings, _COMMAND_TIMEOUT_SECONDS, must_exist=True)) as ledger:
        if drains:
            drain_abandoned(Storage.of(settings).decision_spool(), ledger)
        yield ledger


def _opened(settings: Settings, timeout_seconds: float, must_exist: bool) -> Ledger:
    url = SCHEMA.url(settings)
    if must_exist and (file := missing_file(url)):
        raise MissingArtefactError(
            f"There is no decision ledger at {file}.",
            "Start the service, or run `credit-scoring score --examples`; check CREDIT_DATA_DIRECTORY.",
        )
    return Ledger(url, timeout_seconds)
