"""Where the mails of Airflow arrive."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from typing import NamedTuple

from tests.support.servers.mail_sink import mail_sink
from tests.support.servers.threads import serving


class Mail(NamedTuple):
    """A mail; the text is that of its only part."""

    to: str
    subject: str
    text: str


class Mailbox:
    """A mail server on loopback, and what arrived.

    Attributes:
        mails: in order of arrival.
    """

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    @contextmanager
    def listening(self) -> Iterator[str]:
        """Yields the connection of the server as a value of AIRFLOW_CONN_SMTP_DEFAULT."""
        with serving(mail_sink(self._add)) as port:
            extra = {"disable_ssl": True, "disable_tls": True}
            yield json.dumps({"conn_type": "smtp", "host": "127.0.0.1", "port": port, "extra": extra})

    def about(self, text: str) -> list[Mail]:
        """The mails whose subject or text contains a text."""
        return [mail for mail in self.mails if text in mail.subject or text in mail.text]

    def _add(self, content: bytes) -> None:
        message = message_from_bytes(content, policy=policy.default)
        body = message.get_body(("html", "plain"))
        assert body is not None
        self.mails.append(Mail(str(message["To"]), str(message["Subject"]), str(body.get_content())))
