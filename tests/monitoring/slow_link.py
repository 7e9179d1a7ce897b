"""A TCP connection to another server that can be made slow."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread


class SlowLink:
    """Passes bytes to a server on loopback.

    Attributes:
        delay_seconds: wait before each piece that the client sends is passed on.
    """

    def __init__(self, port: int) -> None:
        self._server_port = port
        self.delay_seconds = 0.0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]

    def accept(self) -> None:
        """Accept connections until the link is closed."""
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                try:
                    server = socket.create_connection(("127.0.0.1", self._server_port))
                except OSError:
                    client.close()
                    continue
                Thread(target=self._pass, args=(client, server, True), daemon=True).start()
                Thread(target=self._pass, args=(server, client, False), daemon=True).start()

    def close(self) -> None:
        """Accept no more connections."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _pass(self, source: socket.socket, target: socket.socket, is_request: bool) -> None:
        with suppress(OSError):
            while piece := source.recv(65_536):
                if is_request and self.delay_seconds:
                    time.sleep(self.delay_seconds)
                target.sendall(piece)
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


@contextmanager
def slow_link(port: int) -> Iterator[SlowLink]:
    """A link to a port, closed with the block."""
    link = SlowLink(port)
    accepting = Thread(target=link.accept, daemon=True)
    accepting.start()
    try:
        yield link
    finally:
        link.close()
        accepting.join()
