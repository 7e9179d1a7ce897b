"""A background thread that fails is restarted or known to have died; either way the failure is logged and counted."""

import threading
from collections.abc import Callable

import pytest

from credit_scoring.core.supervised_thread import SupervisedThread

DIES = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
ERRORS = pytest.mark.parametrize("error", [ValueError("Jane Doe"), SystemExit("Jane Doe")])


def failing_once(error: BaseException) -> tuple[Callable[[], None], threading.Event]:
    """A target that raises, and returns when it is restarted."""
    errors, restarted = [error], threading.Event()

    def target() -> None:
        if errors:
            raise errors.pop()
        restarted.set()

    return target, restarted


def run(thread: SupervisedThread) -> list[str]:
    """Names reported by the failures of a thread, once it has ended."""
    failures: list[str] = []
    thread.on_failure = failures.append
    thread.start()
    thread.join(5)
    return failures


def test_a_target_that_returns_has_not_died() -> None:
    thread = SupervisedThread("writer", lambda: None)
    assert thread.failure_reason is None
    assert run(thread) == []
    assert thread.failure_reason is None


@DIES
@ERRORS
def test_a_target_that_raises_is_restarted(error: BaseException) -> None:
    target, restarted = failing_once(error)
    thread = SupervisedThread("writer", target)
    assert run(thread) == ["writer"]
    assert restarted.is_set()
    assert thread.failure_reason is None


@DIES
@ERRORS
def test_a_target_that_must_not_be_restarted_has_died(error: BaseException) -> None:
    target, restarted = failing_once(error)
    thread = SupervisedThread("writer", target, restarts=False)
    assert run(thread) == ["writer"]
    assert not restarted.is_set()
    assert thread.failure_reason is not None


@DIES
def test_a_failure_that_cannot_even_be_reported_is_seen() -> None:
    def broken(name: str) -> None:
        raise OSError("standard error is closed")

    target, _ = failing_once(ValueError())
    thread = SupervisedThread("writer", target)
    thread.on_failure = broken
    thread.start()
    thread.join(5)
    assert thread.failure_reason is not None


@DIES
def test_the_log_names_thread_and_error_without_its_message(capsys: pytest.CaptureFixture[str]) -> None:
    run(SupervisedThread("writer", failing_once(ValueError("Jane Doe"))[0]))
    printed = "".join(capsys.readouterr())
    assert "thread failed" in printed and "ValueError" in printed and "target:" in printed
    assert "Jane Doe" not in printed


def test_outside_of_tests_no_message_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(threading, "excepthook", threading.__excepthook__)
    run(SupervisedThread("writer", failing_once(ValueError("Jane Doe"))[0]))
    printed = "".join(capsys.readouterr())
    assert "thread failed" in printed
    assert "Jane Doe" not in printed
