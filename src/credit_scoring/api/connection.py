"""What a connection may do before a request reaches the service: its head is HTTP, short, and arrives in time.

The server has no limits of its own here: a head without end would fill the memory before a key is asked for.
"""

import asyncio
from http import HTTPStatus
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from credit_scoring.api.problems import HEAD_TOO_LARGE, MEDIA_TYPE, SLOW, UNREADABLE, ProblemError

MOST_HEAD_BYTES: Final = 64 * 1024
"""A head that is not complete by then is refused; one that came whole with the last read may be longer by that."""


_LINGER_SECONDS = 2.0


class Connection(HttpToolsProtocol):
    """The server's protocol with limits for heads; refuses like the service, with a problem.

    A connection on which no head is complete after the server's keep-alive time is closed.
    """

    _head_timer: asyncio.TimerHandle | None = None
    _is_in_head = False
    _head_bytes = 0
    _is_refused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the first request, but not for ever."""
        super().connection_made(transport)  # type: ignore[arg-type]  # as a stream transport, which it always is
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless it is too much for a head."""
        if self._is_refused:
            return
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._is_in_head:
            self._head_bytes += len(data)
            if self._head_bytes > MOST_HEAD_BYTES:
                detail = f"At most {MOST_HEAD_BYTES:,} bytes of request line and headers are read."
                self._refuse(ProblemError(HEAD_TOO_LARGE, detail))
                return
        if self._is_in_head or self._is_idle:
            self._wait_for_head()

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._is_in_head, self._head_bytes = True, 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; what comes after the body is none of the request's."""
        if self._is_in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is there."""
        self._is_in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """Go on with the next request, if there is to be one."""
        super().on_response_complete()
        if self._is_refused and self._is_idle and not self.transport.is_closing():
            self._say_no_more()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP."""
        self._refuse(ProblemError(UNREADABLE, f"{msg} Speak HTTP/1.1."))

    @property
    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _wait_for_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self.timeout_keep_alive, self._give_up)

    def _stop_waiting(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _give_up(self) -> None:
        self._head_timer = None
        if not self._is_in_head:
            self.timeout_keep_alive_handler()
        elif self._is_idle:
            detail = f"Request line and headers were not complete after {self.timeout_keep_alive:g} s."
            self._refuse(ProblemError(SLOW, detail))

    def _refuse(self, error: ProblemError) -> None:
        self._is_refused = True
        self._stop_waiting()
        if not self._is_idle:
            # Nothing can be said while the answer to an earlier request is on its way.
            return
        status = HTTPStatus(error.kind.status)
        body = error.problem.model_dump_json(exclude_none=True).encode()
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: {MEDIA_TYPE}\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self._say_no_more()

    def _say_no_more(self) -> None:
        # Closed at once, with something unread, the connection would be reset and the answer lost on its way.
        self.transport.write_eof()
        self.loop.call_later(_LINGER_SECONDS, self.transport.close)
