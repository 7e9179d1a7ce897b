"""A call that waits for data on a socket fails once its time is over, and no other socket is touched."""

import socket
import time
from collections.abc import Iterator

import pytest

from credit_scoring.core.socket_timeout import socket_timeout

PATIENCE_SECONDS = 20


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    ours.settimeout(PATIENCE_SECONDS)
    yield ours, theirs
    ours.close()
    theirs.close()


def test_a_connection_without_a_reply_is_shut_down(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, _ = pair
    with socket_timeout(ours.fileno(), 0.05):
        assert ours.recv(1) == b"", "the other side is open: only the timeout ends this"


def test_a_reply_in_time_leaves_the_connection_open(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    with socket_timeout(ours.fileno(), 0.05):
        theirs.send(b"a")
        assert ours.recv(1) == b"a"
    time.sleep(0.1)
    theirs.send(b"b")
    assert ours.recv(1) == b"b"


def test_a_connection_that_took_over_the_descriptor_is_left_open(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, _ = pair
    descriptor = ours.fileno()
    with socket_timeout(descriptor, 0.05):
        ours.close()
        other, theirs = socket.socketpair()
        assert descriptor in (other.fileno(), theirs.fileno()), "the number was not used again"
        time.sleep(0.1)
    with other, theirs:
        theirs.send(b"a")
        other.settimeout(PATIENCE_SECONDS)
        assert other.recv(1) == b"a"


def test_a_connection_that_is_already_closed_is_no_error(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    theirs.close()
    with socket_timeout(ours.fileno(), 0.01):
        ours.close()
        time.sleep(0.05)
