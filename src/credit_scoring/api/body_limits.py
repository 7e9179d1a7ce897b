"""Limits on a request's body: its size, and how long it may take to arrive.

The time runs from the request's head. The reverse proxy in front sets the limits of the head and of slow readers.
"""

import asyncio
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from credit_scoring.api.schemas.problems import SLOW, TOO_LARGE, ProblemError

MAX_BYTES: Final = 64 * 1024
MAX_BYTES_OF_PATH: Final = {"/predict/batch": 8 * 1024 * 1024}
"""Paths with a limit of their own."""


class BodyLimits:
    """ASGI middleware that ends a request with 413 or 408 when the route reads a body beyond its limits."""

    def __init__(self, app: ASGIApp, timeout_seconds: float) -> None:
        self._app = app
        self._timeout_seconds = timeout_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with a limited `receive`."""
        if scope["type"] == "http":
            max_bytes = MAX_BYTES_OF_PATH.get(scope["path"], MAX_BYTES)
            receive = _LimitedReceive(receive, Headers(scope=scope), max_bytes, self._timeout_seconds)
        await self._app(scope, receive, send)


class _LimitedReceive:
    def __init__(self, receive: Receive, headers: Headers, max_bytes: int, timeout_seconds: float) -> None:
        self._receive = receive
        declared = headers.get("content-length", "0")
        self._declared_bytes = int(declared) if declared.isdecimal() else 0
        self._max_bytes = max_bytes
        self._received_bytes = 0
        self._timeout_seconds = timeout_seconds
        self._deadline = asyncio.get_running_loop().time() + timeout_seconds
        self._is_complete = False

    async def __call__(self) -> Message:
        if self._is_complete:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            detail = f"The body was not complete after {self._timeout_seconds:g} s."
            raise ProblemError(SLOW, detail, headers={"Connection": "close"}) from None
        if message["type"] == "http.disconnect":
            raise ProblemError(SLOW, "The connection ended before the body.")
        self._received_bytes += len(message.get("body", b""))
        if max(self._received_bytes, self._declared_bytes) > self._max_bytes:
            raise ProblemError(TOO_LARGE, f"At most {self._max_bytes:,} bytes are read.")
        self._is_complete = not message.get("more_body", False)
        return message
