"""What every request gets, whatever its outcome: a request id, security headers, a log line and metrics.

Unexpected exceptions become 500 without details. No input reaches the log: a path is logged as its route.
"""

import re
import time
import uuid
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from credit_scoring.api.metrics import Metrics
from credit_scoring.api.schemas.problems import INTERNAL_ERROR, UNAVAILABLE, UNREADABLE, ProblemError
from credit_scoring.core.logs import get_logger, innermost_frames

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_TRACE_PARENT = re.compile(rb"[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_SECURITY_HEADERS: Final = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"strict-transport-security", b"max-age=31536000"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]
_PAGES: Final = "/docs"
"""An HTML page, which loads scripts; it and its assets get no content security policy."""

_ALWAYS_ANSWERED: Final = frozenset({"/health", "/health/live", "/health/ready", "/metrics"})
_METHODS: Final = frozenset({"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"})


class RequestMiddleware:
    """Outermost ASGI middleware.

    Args:
        max_in_flight: maximum number of requests in progress; further ones get 503 at once, so that those in
            progress are not delayed by requests that could not be answered in time.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, max_in_flight: int) -> None:
        self._app = app
        self._metrics = metrics
        self._max_in_flight = max_in_flight
        self._in_flight = 0
        self._log = get_logger("api")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        ids = _ids(scope)
        request_id = ids["request_id"]
        notes: dict[str, object] = {}
        scope.setdefault("state", {}).update(request_id=request_id, ids=ids, notes=notes)
        status = 0
        # The server sends no body to a HEAD request; only it needs to know that this was one.
        answered = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                security = _SECURITY_HEADERS[:-1] if scope["path"].startswith(_PAGES) else _SECURITY_HEADERS
                identity = (b"x-request-id", request_id.encode())
                # A proxy that keeps connections open must not send requests to one that is about to close.
                last = [(b"connection", b"close")] if scope["app"].state.ending.is_set() else []
                message["headers"] = [*message.get("headers", ()), identity, *security, *last]
            await send(message)

        self._in_flight += 1
        self._metrics.requests_in_flight.inc()
        try:
            if self._in_flight > self._max_in_flight and scope["path"] not in _ALWAYS_ANSWERED:
                raise ProblemError(UNAVAILABLE, "Too many requests in progress.", headers={"Retry-After": "1"})
            if sum(name == b"host" for name, _ in scope["headers"]) != 1 and scope["http_version"] == "1.1":
                raise ProblemError(UNREADABLE, "Send one Host header.")  # RFC 9112, section 3.2
            await self._app(answered, receive, send_with_headers)
        except ProblemError as problem:
            await problem.response()(scope, receive, send_with_headers)
        except Exception as error:
            # Neither the message nor values: both may hold what the client sent.
            frames = innermost_frames(error)
            self._log.error("internal error", **ids, error=type(error).__name__, frames=frames)
            if status:
                raise
            answer = ProblemError(INTERNAL_ERROR, f"It was logged under the request id {request_id}.").response()
            await answer(scope, receive, send_with_headers)
        finally:
            self._in_flight -= 1
            self._metrics.requests_in_flight.dec()
            self._record({**scope, "route": answered.get("route")}, status, time.perf_counter() - started, ids | notes)

    def _record(self, scope: Scope, status: int, seconds: float, notes: dict[str, object]) -> None:
        path = getattr(scope.get("route"), "path", "other")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.requests.labels(method, path, status).inc()
        self._metrics.request_duration.labels(path).observe(seconds)
        (self._log.debug if path in _ALWAYS_ANSWERED else self._log.info)(
            "request",
            method=method,
            path=path,
            status=status,
            duration_milliseconds=round(1000 * seconds, 3),
            **notes,
        )


def _ids(scope: Scope) -> dict[str, str]:
    """The caller's own request id if it is harmless, else a new one; the id of the trace if there is one (W3C)."""
    ids = {"request_id": uuid.uuid4().hex}
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            ids["request_id"] = value.decode()
        elif name == b"traceparent" and (trace := _TRACE_PARENT.fullmatch(value)):
            ids["trace_id"] = trace[1].decode()
    return ids
