"""Ends the wait for a database server that accepted a statement and never replies.

A stopped process keeps its sockets, and the kernel goes on acknowledging packets and keepalives for it. Neither
`tcp_user_timeout` nor keepalives end such a wait, `statement_timeout` is enforced by the stopped server itself, and
libpq has no read timeout (docs/DECISIONS.md, "SQLAlchemy Core, and the databases' own timeouts").
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer


@contextmanager
def socket_timeout(descriptor: int, seconds: float) -> Iterator[None]:
    """Shut a socket down if the block takes longer than that; a call that waits for data then fails.

    Args:
        descriptor: file descriptor of a connected socket.
    """
    # The duplicate stays with this socket even if the driver closes its own and the number is used again.
    with socket.socket(fileno=os.dup(descriptor)) as duplicate:
        timer = Timer(seconds, _shut_down, [duplicate])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()


def _shut_down(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
