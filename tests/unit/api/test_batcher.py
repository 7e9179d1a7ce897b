"""Applications that arrive during a decision are decided together, and each gets its own answer."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

import pytest

from credit_scoring.api.background.batcher import Batcher
from credit_scoring.api.metrics import Metrics
from credit_scoring.core.errors import StorageError
from credit_scoring.decisions.decision_record import DecisionRecord
from credit_scoring.decisions.decision_request import DecisionRequest
from tests.unit.api.fake_decisions import record_of

PATIENCE_SECONDS = 30


class Decider:
    """Decides while its gate is open; configurable to fail for some clients, for all, or when recording."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.is_called = threading.Event()
        self.failing_clients: set[int] = set()
        self.disk_is_full = False
        self.store_is_down = False
        self.before_failing: Callable[[], object] = lambda: None
        self.decided: list[list[int | None]] = []

    def __call__(
        self, requests: Sequence[DecisionRequest], explain: object = None
    ) -> tuple[list[DecisionRecord], Future[None]]:
        """Each record names its client."""
        self.is_called.set()
        assert self.gate.wait(PATIENCE_SECONDS)
        clients = [request.client_id for request in requests]
        if self.store_is_down:
            raise StorageError("The store does not answer.", "Start it.")
        if self.failing_clients.intersection(clients):
            self.before_failing()
            raise KeyError(sorted(self.failing_clients.intersection(clients)))
        self.decided.append(clients)
        recorded: Future[None] = Future()
        if self.disk_is_full:
            recorded.set_exception(StorageError("The spool is full.", "Empty it."))
        else:
            recorded.set_result(None)
        return [record_of(request.application, request.client_id, request.caller) for request in requests], recorded


@pytest.fixture
def decider() -> Decider:
    return Decider()


@contextmanager
def running(decider: Decider) -> Iterator[Batcher]:
    batcher = Batcher(decider, Metrics())
    batcher.start()
    try:
        yield batcher
    finally:
        decider.gate.set()
        batcher.stop()


def request_of(client: int) -> DecisionRequest:
    return DecisionRequest({"SK_ID_CURR": client}, client, "a test")


async def gathered(batcher: Batcher, decider: Decider, clients: range) -> list[Any]:
    """Submit the first client; once it is being decided on, submit the others and open the gate."""
    first, *others = clients
    answers = [batcher.submit(request_of(first))]
    await asyncio.to_thread(decider.is_called.wait, PATIENCE_SECONDS)
    answers += [batcher.submit(request_of(client)) for client in others]
    decider.gate.set()
    return await asyncio.gather(*answers, return_exceptions=True)


def run(work: Coroutine[Any, Any, list[Any]]) -> list[Any]:
    return asyncio.run(asyncio.wait_for(work, PATIENCE_SECONDS))


def test_concurrent_applications_are_decided_together_and_answered_separately(decider: Decider) -> None:
    with running(decider) as batcher:
        answers = run(gathered(batcher, decider, range(1, 7)))
    assert [answer.client_id for answer in answers] == [1, 2, 3, 4, 5, 6]
    assert decider.decided == [[1], [2, 3, 4, 5, 6]]


def test_a_batch_holds_at_most_64_applications(decider: Decider) -> None:
    with running(decider) as batcher:
        answers = run(gathered(batcher, decider, range(1, 152)))
    assert [answer.client_id for answer in answers] == list(range(1, 152))
    assert [len(together) for together in decider.decided] == [1, 64, 64, 22]


def test_an_error_of_one_application_does_not_fail_the_others(decider: Decider) -> None:
    decider.failing_clients = {3}
    with running(decider) as batcher:
        answers = run(gathered(batcher, decider, range(1, 6)))
    assert isinstance(answers.pop(2), KeyError)
    assert [answer.client_id for answer in answers] == [1, 2, 4, 5]


def test_an_unavailable_component_fails_every_application_that_needs_it(decider: Decider) -> None:
    decider.store_is_down = True
    with running(decider) as batcher:
        answers = run(gathered(batcher, decider, range(1, 6)))
    assert all(isinstance(answer, StorageError) for answer in answers)


def test_a_decision_that_hangs_is_reported(decider: Decider) -> None:
    async def waiting(batcher: Batcher) -> list[Any]:
        batcher.longest_seconds = 0.01
        answer = batcher.submit(request_of(1))
        await asyncio.to_thread(decider.is_called.wait, PATIENCE_SECONDS)
        await asyncio.sleep(0.02)
        assert "at one piece of work" in (batcher.stopped_reason or "")
        decider.gate.set()
        return [await answer]

    with running(decider) as batcher:
        run(waiting(batcher))
        decider.is_called.clear()
        assert batcher.failure_reason is None


def test_a_request_cancelled_while_its_batch_fails_is_not_decided_on_alone(decider: Decider) -> None:
    decider.failing_clients = {2}

    async def give_up(batcher: Batcher) -> list[Any]:
        first = batcher.submit(request_of(1))
        await asyncio.to_thread(decider.is_called.wait, PATIENCE_SECONDS)
        failing, given_up, last = (batcher.submit(request_of(client)) for client in (2, 3, 4))
        decider.before_failing = given_up.cancel
        decider.gate.set()
        return list(await asyncio.gather(first, failing, last, return_exceptions=True))

    with running(decider) as batcher:
        answers = run(give_up(batcher))
    assert isinstance(answers[1], KeyError)
    assert decider.decided == [[1], [4]]


def test_a_failed_recording_reaches_every_caller_with_its_reason(decider: Decider) -> None:
    decider.disk_is_full = True
    with running(decider) as batcher:
        answers = run(gathered(batcher, decider, range(1, 4)))
    assert [str(answer) for answer in answers] == [str(StorageError("The spool is full.", "Empty it."))] * 3


def test_a_cancelled_request_is_not_decided_on(decider: Decider) -> None:
    async def give_up(batcher: Batcher) -> list[Any]:
        first = batcher.submit(request_of(1))
        await asyncio.to_thread(decider.is_called.wait, PATIENCE_SECONDS)
        given_up, last = batcher.submit(request_of(2)), batcher.submit(request_of(3))
        given_up.cancel()
        first.cancel()
        decider.gate.set()
        return [await last]

    with running(decider) as batcher:
        (answer,) = run(give_up(batcher))
    assert answer.client_id == 3
    assert decider.decided == [[1], [3]]


def test_requests_submitted_before_the_stop_are_decided_on(decider: Decider) -> None:
    async def end(batcher: Batcher) -> list[Any]:
        answers = [batcher.submit(request_of(client)) for client in (1, 2, 3)]
        stopping = asyncio.create_task(asyncio.to_thread(batcher.stop))
        decider.gate.set()
        await stopping
        return list(await asyncio.gather(*answers))

    batcher = Batcher(decider, Metrics())
    batcher.start()
    assert [answer.client_id for answer in run(end(batcher))] == [1, 2, 3]


def test_a_stopped_batcher_rejects_requests(decider: Decider) -> None:
    with running(decider) as batcher:
        assert batcher.stopped_reason is None
    assert batcher.stopped_reason == "the service is ending"
    with pytest.raises(StorageError, match="Nothing is decided here any more"):
        run(gathered(batcher, decider, range(1, 2)))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_batcher_whose_thread_has_died_rejects_requests(decider: Decider) -> None:
    def die(*_: object) -> Any:
        raise SystemExit

    batcher = Batcher(die, Metrics())
    batcher.start()
    assert batcher.failure_reason is None

    async def ask(batcher: Batcher) -> list[Any]:
        batcher.submit(request_of(1))
        while batcher.failure_reason is None:
            await asyncio.sleep(0.01)
        batcher.submit(request_of(2))
        return []

    with pytest.raises(StorageError, match="the thread has died; start the service again"):
        run(ask(batcher))
    assert batcher.stopped_reason == "the thread has died; start the service again"
