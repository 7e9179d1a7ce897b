"""Strict reading of JSON bodies.

FastAPI decodes a body with Python's `json`, which also accepts UTF-16 and lone surrogates; pydantic's parser does not.
"""

from collections.abc import Callable, Coroutine
from email.message import Message
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic_core import from_json

from credit_scoring.api.schemas.problems import UNREADABLE, WRONG_TYPE, ProblemError


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
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    is_json = header.get_content_type() == "application/json"
    if not is_json or str(header.get_param("charset", "utf-8")).lower() not in ("utf-8", "utf8"):
        raise ProblemError(WRONG_TYPE, "Send JSON in UTF-8, with `Content-Type: application/json`.")
