"""What a connection may do before a request reaches the service: its head is HTTP, short, and arrives in time.

The server has no limits of its own here: a head without end would fill the memory before a key is asked for, and
whoever does not read the answers would keep a place in the service for ever.
"""

import asyncio
import uuid
from http import HTTPStatus
from typing import Any, Final

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from credit_scoring.api.metrics import REQUESTS
from credit_scoring.api.middleware import REQUEST_ID_HEADER, SECURITY_HEADERS
from credit_scoring.api.schemas.problems import HEAD_TOO_LARGE, MEDIA_TYPE, SLOW, UNREADABLE, ProblemError
from credit_scoring.core.logs import get_logger

MOST_HEAD_BYTES: Final = 64 * 1024
"""Of request line and headers; and of what surrounds a body without being part of it."""
_LEAST_READ_BYTES: Final = 64 * 1024
"""Who takes less of an answer in the server's keep-alive time, and not all of it, is taken for gone."""
_LINGER_SECONDS: Final = 2.0
"""How long what still arrives after the last word is read, so that the word is not lost on its way."""
_OF_AN_UPGRADE: Final = (b"upgrade", b"http2-settings")
METRICS: Final = "metrics"
"""Where the state of the service's lifespan holds its measures."""


class Connection(HttpToolsProtocol):
    """The server's protocol with limits; refuses like the service, with a problem, a log line and a count.

    The server's keep-alive time is how long a connection may be silent, a head may take and an answer may lie unread.
    """

    _head_timer: asyncio.TimerHandle | None = None
    _reader_timer: asyncio.TimerHandle | None = None
    _unread_bytes = 0
    _running: RequestResponseCycle | None = None
    _is_in_head = False
    _head_bytes = 0
    _has_progressed = False
    _bytes_without_progress = 0
    _is_refused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the first request, but not for ever."""
        super().connection_made(transport)  # type: ignore[arg-type]  # as a stream transport, which it always is
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop every clock, and tell whoever is answering; the server tells only the one that came last."""
        self._stop_waiting()
        self._stop_watching_reader()
        if self._running is not None and not self._running.response_complete:
            self._running.disconnected = True
            self._running.message_event.set()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The other side does not read; the answer waits for it, but not for ever."""
        super().pause_writing()
        self._watch_reader()

    def resume_writing(self) -> None:
        """It reads again."""
        self._stop_watching_reader()
        super().resume_writing()

    def data_received(self, data: bytes) -> None:
        """Read on, unless it is no HTTP or leads nowhere: a head, or what surrounds a body, without end."""
        if self._is_refused:
            return
        self._unset_keepalive_if_required()
        self._has_progressed = False
        try:
            self._parse(data)
        except httptools.HttpParserError:
            too_long = self._head_bytes > MOST_HEAD_BYTES
            self._refuse(_too_large() if too_long else ProblemError(UNREADABLE, "It is no HTTP/1.1."))
            return
        self._bytes_without_progress = 0 if self._has_progressed else self._bytes_without_progress + len(data)
        if self._bytes_without_progress > MOST_HEAD_BYTES:
            self._refuse(_too_large())
        elif (self._is_in_head or self._is_idle) and not self.transport.is_closing():
            self._wait_for_head()

    def _parse(self, data: bytes) -> None:
        while True:
            try:
                self.parser.feed_data(data)
                return
            except httptools.HttpParserUpgrade as upgrade:
                # Another protocol is offered, which a server may ignore (RFC 9110, 7.8). The parser does not: it stops
                # before the body, so another one gets the head again without the offer.
                head = self._head_without_upgrade()
                self.parser = httptools.HttpRequestParser(self)
                self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as the server does
                self.parser.feed_data(head)
                data = data[upgrade.args[0] :]

    def _head_without_upgrade(self) -> bytes:
        version = self.parser.get_http_version().encode()
        lines = [b"%b %b HTTP/%b" % (self.parser.get_method(), self.url, version)]
        for name, value in self.headers:
            if name == b"connection":
                kept = (token.strip() for token in value.split(b","))
                value = b", ".join(token for token in kept if token.lower() not in _OF_AN_UPGRADE)
            if name not in _OF_AN_UPGRADE:
                lines.append(b"%b: %b" % (name, value))
        return b"\r\n".join((*lines, b"", b""))

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._is_in_head, self._has_progressed, self._head_bytes = True, True, 0

    def on_url(self, url: bytes) -> None:
        """Take a part of the path."""
        self._count_head(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; what comes after the body is none of the request's."""
        if self._is_in_head:
            self._count_head(name, value)
            super().on_header(name, value)

    def _count_head(self, *parts: bytes) -> None:
        self._head_bytes += sum(map(len, parts))
        if self._head_bytes > MOST_HEAD_BYTES:
            raise ValueError("too long")

    def on_headers_complete(self) -> None:
        """The head is there, unless it is to be read again without an offer to upgrade."""
        if self.parser.should_upgrade() and self.parser.get_method() != b"CONNECT":
            return
        self._is_in_head, self._has_progressed = False, True
        self._stop_waiting()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        self._has_progressed = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is there."""
        if not self._is_in_head:
            self._has_progressed = True
            super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        """Go on with the next request, if there is to be one."""
        super().on_response_complete()
        if self._is_refused and self._is_idle and not self.transport.is_closing():
            self._say_no_more()

    @property
    def _is_idle(self) -> bool:
        return not self.pipeline and (self._running is None or self._running.response_complete)

    def _wait_for_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self.timeout_keep_alive, self._give_up)

    def _stop_waiting(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _watch_reader(self) -> None:
        self._stop_watching_reader()
        self._unread_bytes = self.transport.get_write_buffer_size()
        self._reader_timer = self.loop.call_later(self.timeout_keep_alive, self._look_at_reader)

    def _look_at_reader(self) -> None:
        if self._unread_bytes - self.transport.get_write_buffer_size() < _LEAST_READ_BYTES:
            self.transport.abort()
        else:
            self._watch_reader()

    def _stop_watching_reader(self) -> None:
        if self._reader_timer is not None:
            self._reader_timer.cancel()
            self._reader_timer = None

    def timeout_keep_alive_handler(self) -> None:
        """Nothing is asked any more: close, once the last answer is read."""
        super().timeout_keep_alive_handler()
        self._watch_reader()

    def _give_up(self) -> None:
        self._head_timer = None
        if not self._is_in_head or self.transport.is_closing():
            self.timeout_keep_alive_handler()
        else:
            detail = f"Request line and headers were not complete after {self.timeout_keep_alive:g} s."
            self._refuse(ProblemError(SLOW, detail))

    def _refuse(self, error: ProblemError) -> None:
        self._is_refused = True
        self._stop_waiting()
        request_id = uuid.uuid4().hex
        get_logger("api").warning("connection refused", request_id=request_id, problem=error.kind.name)
        if METRICS in self.app_state:
            self.app_state[METRICS].count(REQUESTS, "other", "other", str(error.kind.status))
        was_answered = self._give_up_what_is_incomplete()
        if self._is_idle:
            if not was_answered:
                self.transport.write(_answer(error, request_id))
            self._say_no_more()

    def _give_up_what_is_incomplete(self) -> bool:
        """End the request that will never be complete; whether it was answered already, at least in part."""
        cycle = self.cycle
        if cycle is None or not cycle.more_body:
            return False
        if self.pipeline and self.pipeline[0][0] is cycle:
            self.pipeline.popleft()
            return False
        # Whoever waits for the rest of its body hears that nothing will come.
        cycle.disconnected = True
        cycle.message_event.set()
        self._running = None
        return cycle.response_started

    def _say_no_more(self) -> None:
        self.transport.write_eof()
        self.loop.call_later(_LINGER_SECONDS, self.transport.abort)


def _too_large() -> ProblemError:
    return ProblemError(
        HEAD_TOO_LARGE, f"At most {MOST_HEAD_BYTES:,} bytes of request line and headers are read."
    )


def _answer(error: ProblemError, request_id: str) -> bytes:
    status = HTTPStatus(error.kind.status)
    body = error.problem.model_dump_json(exclude_none=True).encode()
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
        (REQUEST_ID_HEADER.lower().encode(), request_id.encode()),
        *SECURITY_HEADERS,
    ]
    lines = [f"HTTP/1.1 {status.value} {status.phrase}".encode(), *(b"%b: %b" % header for header in headers)]
    return b"\r\n".join((*lines, b"", body))
