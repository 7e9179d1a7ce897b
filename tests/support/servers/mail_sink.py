"""As much of a mail server as a sender needs, for tests that read what was sent."""

from collections.abc import Callable
from socketserver import StreamRequestHandler, TCPServer, ThreadingTCPServer


def mail_sink(add: Callable[[bytes], None]) -> TCPServer:
    """A server on a free port of loopback, which is not started yet.

    Args:
        add: is called with each mail, from the thread of its connection.
    """

    class Mail(StreamRequestHandler):
        """One connection."""

        def handle(self) -> None:
            """Take mails until the sender quits."""
            self._say("220 sink")
            while line := self.rfile.readline():
                command = line[:4].upper().strip()
                if command == b"DATA":
                    self._say("354 go on")
                    add(b"".join(iter(self.rfile.readline, b".\r\n")))
                self._say("221 bye" if command == b"QUIT" else "250 ok")
                if command == b"QUIT":
                    return

        def _say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    return ThreadingTCPServer(("127.0.0.1", 0), Mail)
