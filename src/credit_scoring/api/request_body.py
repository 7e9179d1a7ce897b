"""Reading a request's body: its maximum size, the time it may take to arrive, and strict JSON.

The time runs from the request's head. The reverse proxy in front sets the limits of the head and of slow readers.
FastAPI decodes a body with Python's `json`, which also accepts UTF-16 and lone surrogates; pydantic's parser does not.
"""

import asyncio
import email.message
from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic_core import from_json
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from credit_scoring.api.schemas.problems import SLOW, TOO_LARGE, UNREADABLE, WRONG_TYPE, ProblemError

MAX_BYTES: Final = 64 * 1024
MAX_BYTES_OF_PATH: Final = {"/predict/batch": 8 * 1024 * 1024, "/outcomes": 1024 * 1024}
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


class JsonRequest(Request):
    """A request whose JSON is UTF-8."""

    async def json(self) -> Any:
        """The decoded body; raises ProblemError if it is not uncompressed UTF-8 JSON."""
        require_json(self)
        try:
            return from_json(await self.body())
        except ValueError as error:
            raise ProblemError(UNREADABLE, f"The body is not valid UTF-8 JSON: {error}.") from None


class JsonRoute(APIRoute):
    """A route whose requests are `JsonRequest`s."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's hook for custom request classes."""
        handle = super().get_route_handler()

        async def handle_json(request: Request) -> Response:
            return await handle(JsonRequest(request.scope, request.receive))

        return handle_json


def require_json(request: Request) -> None:
    """Raise ProblemError (415) unless the request declares an uncompressed JSON body in UTF-8."""
    codings = request.headers.getlist("content-encoding")
    if any(coding.lower() not in ("", "identity") for coding in codings):
        raise ProblemError(
            WRONG_TYPE, "Send the body without `Content-Encoding`.", headers={"Accept-Encoding": "identity"}
        )
    header = email.message.Message()
    header["content-type"] = request.headers.get("content-type", "")
    is_json = header.get_content_type() == "application/json"
    if not is_json or str(header.get_param("charset", "utf-8")).lower() not in ("utf-8", "utf8"):
        raise ProblemError(WRONG_TYPE, "Send JSON in UTF-8, with `Content-Type: application/json`.")
