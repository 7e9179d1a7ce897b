"""Where notifications arrive in tests: a mail server and a webhook, on loopback."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from tests.support.servers.mail_sink import mail_sink
from tests.support.servers.threads import serving


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
            serving(mail_sink(self._add_mail)) as mail_port,
            serving(ThreadingHTTPServer(("127.0.0.1", 0), self._web_handler())) as web_port,
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
