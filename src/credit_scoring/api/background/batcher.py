"""Decide together on the applications that arrive while others are being decided ("dynamic batching").

One request alone waits for nobody. Under load, what costs the same for one and for many is done once for all of them:
a call of each feature's function, of the model, a transaction of the ledger, a wake-up of the event loop.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread

from credit_scoring.api.instrumentation import BeginDecisions
from credit_scoring.api.metrics import DECISION_BATCH_SIZE, STAGE_SECONDS, Metrics
from credit_scoring.core.errors import CreditScoringError, StorageError
from credit_scoring.core.logs import get_logger
from credit_scoring.decisions.decision_record import DecisionRecord
from credit_scoring.decisions.decision_request import DecisionRequest

_MOST_TOGETHER = 64


@dataclass(frozen=True)
class _Waiting:
    request: DecisionRequest
    answer: "asyncio.Future[DecisionRecord]"
    since: float


class Batcher:
    """Takes applications from the event loop and decides in a thread of its own, until it is stopped."""

    def __init__(self, begin_decisions: BeginDecisions, metrics: Metrics) -> None:
        self._begin_decisions = begin_decisions
        self._metrics = metrics
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._thread = Thread(target=self._decide_on, name="batcher", daemon=True)
        self._is_over = False

    def start(self) -> None:
        """Begin to decide."""
        self._thread.start()

    def stop(self) -> None:
        """Decide on what was taken, then end."""
        self._is_over = True
        self._queue.put(None)
        self._thread.join()

    @property
    def has_died(self) -> bool:
        """Whether only another process can decide again."""
        return not self._is_over and not self._thread.is_alive()

    @property
    def ended_because(self) -> str | None:
        """Why nothing is decided any more; None while it is."""
        if self._is_over:
            return "the service is ending"
        return "the thread that decides has died; start the service again" if self.has_died else None

    def submit(self, request: DecisionRequest) -> "asyncio.Future[DecisionRecord]":
        """The record of a decision, once it is durable; whoever cancels it in time is not decided on.

        Its exception is the one that deciding on this application raises; where a part is away, everyone's.

        Raises:
            StorageError: nothing is decided any more.
        """
        ended = self.ended_because
        if ended is not None:
            raise StorageError(f"Nothing is decided here any more: {ended}.", "Ask again.")
        answer: asyncio.Future[DecisionRecord] = asyncio.get_running_loop().create_future()
        self._queue.put(_Waiting(request, answer, time.perf_counter()))
        return answer

    def _decide_on(self) -> None:
        goes_on = True
        while goes_on:
            taken = [self._queue.get()]
            while taken[-1] is not None and len(taken) < _MOST_TOGETHER:
                try:
                    taken.append(self._queue.get_nowait())
                except Empty:
                    break
            waiting = [one for one in taken if one is not None]
            goes_on = len(waiting) == len(taken)
            wanted = [one for one in waiting if not one.answer.cancelled()]
            try:
                if wanted:
                    self._metrics.observe(STAGE_SECONDS, time.perf_counter() - wanted[0].since, "wait")
                    self._decide(wanted)
            except Exception as error:
                # Everyone's decisions hang on this thread, whatever went wrong with some.
                get_logger("api").error("decisions not answered", error=type(error).__name__)

    def _decide(self, waiting: Sequence[_Waiting]) -> None:
        try:
            records, recorded = self._begin_decisions([one.request for one in waiting])
        except Exception as error:  # whatever it is, those who wait must hear of it, and the thread goes on
            # A part that is away is away for everyone, and takes as long to say so each time.
            if len(waiting) == 1 or isinstance(error, CreditScoringError):
                _tell(waiting, _refusing(waiting, error))
                return
            # What is wrong with one must not meet the others.
            for one in waiting:
                if not one.answer.cancelled():
                    self._decide([one])
            return
        self._metrics.observe(DECISION_BATCH_SIZE, len(waiting))
        made = time.perf_counter()

        def durable(recorded: Future[None]) -> None:
            error = recorded.exception()
            self._metrics.observe(STAGE_SECONDS, time.perf_counter() - made, "record")
            _tell(waiting, _answering(waiting, records) if error is None else _refusing(waiting, error))

        recorded.add_done_callback(durable)


def _tell(waiting: Sequence[_Waiting], answer: Callable[[], None]) -> None:
    waiting[0].answer.get_loop().call_soon_threadsafe(answer)


def _answering(waiting: Sequence[_Waiting], records: Sequence[DecisionRecord]) -> Callable[[], None]:
    def answer() -> None:
        for one, record in zip(waiting, records, strict=True):
            if not one.answer.done():
                one.answer.set_result(record)

    return answer


def _refusing(waiting: Sequence[_Waiting], error: BaseException) -> Callable[[], None]:
    def refuse() -> None:
        for one in waiting:
            if not one.answer.done():
                one.answer.set_exception(error)

    return refuse
