"""Who waits for an answer that does not come gets an error after a while."""

import socket
import time
from collections.abc import Iterator

import pytest

from credit_scoring.core.deadline import Deadline

PATIENCE_SECONDS = 20


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    ours.settimeout(PATIENCE_SECONDS)
    yield ours, theirs
    ours.close()
    theirs.close()


def test_a_connection_that_gets_no_answer_is_cut(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, _ = pair
    deadline = Deadline(0.05)
    with deadline.on(ours.fileno()):
        assert ours.recv(1) == b"", "the other side is open: only the deadline ends this"
    deadline.close()


def test_an_answer_in_time_leaves_the_connection_alone(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    deadline = Deadline(0.05)
    with deadline.on(ours.fileno()):
        theirs.send(b"a")
        assert ours.recv(1) == b"a"
    time.sleep(0.15)
    theirs.send(b"b")
    assert ours.recv(1) == b"b"
    deadline.close()


def test_only_the_connection_that_waits_too_long_is_cut(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    second, other = socket.socketpair()
    second.settimeout(PATIENCE_SECONDS)
    deadline = Deadline(0.1)
    with deadline.on(second.fileno()):
        with deadline.on(ours.fileno()):
            pass
        assert second.recv(1) == b""
    theirs.send(b"a")
    assert ours.recv(1) == b"a"
    second.close()
    other.close()
    deadline.close()


def test_a_connection_that_was_closed_meanwhile_is_no_error() -> None:
    deadline = Deadline(0.01)
    ours, theirs = socket.socketpair()
    with deadline.on(ours.fileno()):
        ours.close()
        time.sleep(0.05)
    theirs.close()
    deadline.close()
