"""Decide together on applications that arrive while others are being decided ("dynamic batching").

A single application is decided at once. Under load, the fixed costs are paid once per batch: calls of the feature
functions and the model, the ledger's transaction, waking up the event loop.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial

from credit_scoring.api.instrumentation import BeginDecisions
from credit_scoring.api.metrics import Metrics
from credit_scoring.core.batch_queue import BatchQueue
from credit_scoring.core.errors import StorageError
from credit_scoring.core.logs import get_logger
from credit_scoring.core.supervised_thread import SupervisedThread
from credit_scoring.decisions.decision_record import DecisionRecord
from credit_scoring.decisions.decision_request import DecisionRequest

_MAX_BATCH_SIZE = 64


@dataclass(frozen=True)
class _PendingDecision:
    request: DecisionRequest
    answer: "asyncio.Future[DecisionRecord]"
    since: float


class Batcher(SupervisedThread):
    """Accepts applications from the event loop and decides on them in its own thread.

    The thread is not restarted: it may have died between a decision and its record, and callers of its batch would
    wait in vain. `/health/live` reports it, and a new process begins with a known state.
    """

    def __init__(self, begin_decisions: BeginDecisions, metrics: Metrics) -> None:
        super().__init__("deciding", self._decide_loop, restarts=False, busy_seconds=lambda: self._queue.busy_seconds)
        self._begin_decisions = begin_decisions
        self._metrics = metrics
        self._queue = BatchQueue[_PendingDecision](_MAX_BATCH_SIZE)
        self._is_stopping = False

    def stop(self) -> None:
        """Decide on what was submitted, then end the thread."""
        self._is_stopping = True
        self._queue.close()
        self.join()

    @property
    def stopped_reason(self) -> str | None:
        """Why no decisions are made any more; None while they are."""
        return "the service is ending" if self._is_stopping else self.failure_reason

    def submit(self, request: DecisionRequest) -> "asyncio.Future[DecisionRecord]":
        """The record of a decision once it is durable; a future cancelled in time is not decided on.

        The future raises the error of its own application; an unavailable component fails the whole batch.

        Raises:
            StorageError: the batcher is stopped or its thread has died.
        """
        if (reason := self.stopped_reason) is not None:
            public = "This replica decides nothing any more. Send the request again."
            raise StorageError(f"Nothing is decided here any more: {reason}.", "Send it again.", public)
        answer: asyncio.Future[DecisionRecord] = asyncio.get_running_loop().create_future()
        self._queue.put(_PendingDecision(request, answer, time.perf_counter()))
        return answer

    def _decide_loop(self) -> None:
        for batch in self._queue:
            wanted = [pending for pending in batch if not pending.answer.cancelled()]
            try:
                if wanted:
                    self._metrics.stage_duration.labels("wait").observe(time.perf_counter() - wanted[0].since)
                    self._decide(wanted)
            except Exception as error:  # of any kind: later applications must still be decided on
                get_logger("api").error("decisions not answered", error=type(error).__name__)

    def _decide(self, batch: Sequence[_PendingDecision]) -> None:
        try:
            records, recorded = self._begin_decisions([pending.request for pending in batch], None)
        except Exception as error:  # of any kind: the callers must receive it
            if len(batch) == 1:
                _in_event_loop(batch, partial(_fail, batch, error))
                return
            # It may concern one application only, or those that need the online store: each is decided on alone.
            for pending in batch:
                if not pending.answer.cancelled():
                    self._decide([pending])
            return
        self._metrics.decision_batch_size.observe(len(batch))
        decided = time.perf_counter()

        def on_recorded(recorded: Future[None]) -> None:
            self._metrics.stage_duration.labels("record").observe(time.perf_counter() - decided)
            error = recorded.exception()
            answer = partial(_answer, batch, records) if error is None else partial(_fail, batch, error)
            _in_event_loop(batch, answer)

        recorded.add_done_callback(on_recorded)


def _in_event_loop(batch: Sequence[_PendingDecision], callback: Callable[[], None]) -> None:
    batch[0].answer.get_loop().call_soon_threadsafe(callback)


def _answer(batch: Sequence[_PendingDecision], records: Sequence[DecisionRecord]) -> None:
    for pending, record in zip(batch, records, strict=True):
        if not pending.answer.done():
            pending.answer.set_result(record)


def _fail(batch: Sequence[_PendingDecision], error: BaseException) -> None:
    for pending in batch:
        if not pending.answer.done():
            pending.answer.set_exception(error)
