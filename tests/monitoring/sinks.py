"""Where notifications arrive in tests: a mail server and a webhook, on loopback."""

import json
import socketserver
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, NamedTuple


class Arrived(NamedTuple):
    """One alert in a notification.

    Attributes:
        status: firing or resolved.
        text: of the mail, or of the alert's description.
    """

    alert: str
    status: str
    channel: str
    receiver: str
    text: str
    at: float


class Sinks:
    """Both servers, and what arrived at them.

    Attributes:
        arrived: every alert of every notification, in order.
    """

    def __init__(self) -> None:
        self.arrived: list[Arrived] = []

    def wait_for(self, alert: str, status: str, channel: str, after: float, seconds: float) -> Arrived:
        """Wait for a notification that arrived after a time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for one in self.arrived:
                if (one.alert, one.status, one.channel) == (alert, status, channel) and one.at > after:
                    return one
            time.sleep(0.1)
        seen = sorted({(one.alert, one.status, one.channel) for one in self.arrived if one.at > after})
        raise AssertionError(f"{alert} did not arrive as {status} by {channel} within {seconds:.0f} s, but {seen}")

    @contextmanager
    def listening(self) -> Iterator[tuple[str, str]]:
        """Address of the mail server, as HOST:PORT, and URL of the webhook."""
        with (
            _serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._mail_handler())) as mail_port,
            _serving(ThreadingHTTPServer(("127.0.0.1", 0), self._web_handler())) as web_port,
        ):
            yield f"127.0.0.1:{mail_port}", f"http://127.0.0.1:{web_port}/"

    def _add_mail(self, content: bytes) -> None:
        mail = message_from_bytes(content, policy=policy.default)
        body = mail.get_body(("plain",))
        assert body is not None
        title, text = str(mail["Subject"]), str(body.get_content())
        status, alert = title[1:].split("]")[0].lower(), title.rsplit(" ", 1)[-1]
        self.arrived.append(Arrived(alert, status, "mail", str(mail["To"]), text, time.monotonic()))

    def _add_call(self, content: dict[str, Any]) -> None:
        for alert in content["alerts"]:
            name, text = alert["labels"]["alertname"], alert["annotations"]["description"]
            receiver = content["receiver"]
            self.arrived.append(Arrived(name, alert["status"], "webhook", receiver, text, time.monotonic()))

    def _mail_handler(self) -> type[socketserver.StreamRequestHandler]:
        add = self._add_mail

        class Mail(socketserver.StreamRequestHandler):
            """As much of SMTP as a sender needs."""

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

        return Mail

    def _web_handler(self) -> type[BaseHTTPRequestHandler]:
        add = self._add_call

        class Webhook(BaseHTTPRequestHandler):
            """Takes Alertmanager's calls."""

            def do_POST(self) -> None:
                """Take one."""
                add(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Log nothing."""

        return Webhook


@contextmanager
def _serving(server: socketserver.TCPServer) -> Iterator[int]:
    server.daemon_threads = True  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
