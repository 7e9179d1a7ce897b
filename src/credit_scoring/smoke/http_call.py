"""One HTTP request with a time limit, with the standard library alone.

Neither redirects nor the proxies of the environment are followed: a key reaches only the server that is named.
"""

from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ssl import SSLContext
from threading import Thread
from typing import NamedTuple
from urllib.parse import urlsplit

CANNOT_CALL = (OSError, HTTPException, ValueError)
"""What `call` raises: TimeoutError and errors of TLS are OSErrors."""


class Answer(NamedTuple):
    """What a server answered."""

    status: int
    body: bytes


def call(
    method: str,
    url: str,
    timeout_seconds: float,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    tls: SSLContext | None = None,
) -> Answer:
    """The complete answer of a server.

    Args:
        tls: which certificates are trusted; those that the system trusts if None.

    Raises:
        OSError: the server cannot be reached or trusted, or did not answer in time (TimeoutError).
        HTTPException: it does not answer in HTTP.
        ValueError: the URL is invalid.
    """
    answered: Future[Answer] = Future()

    def exchange() -> None:
        try:
            answered.set_result(_exchange(method, url, timeout_seconds, headers or {}, body, tls))
        except Exception as error:  # raised by the caller
            answered.set_exception(error)

    # A socket's own limit covers neither the look-up of its name nor a server that answers byte by byte.
    Thread(target=exchange, daemon=True).start()
    try:
        return answered.result(timeout_seconds)
    except TimeoutError:
        raise TimeoutError(f"no answer within {timeout_seconds:g} s") from None


def _exchange(
    method: str,
    url: str,
    timeout_seconds: float,
    headers: Mapping[str, str],
    body: bytes | None,
    tls: SSLContext | None,
) -> Answer:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("not an address such as http://HOST:PORT/PATH")
    connection = (
        HTTPSConnection(parts.hostname, parts.port, timeout=timeout_seconds, context=tls)
        if parts.scheme == "https"
        else HTTPConnection(parts.hostname, parts.port, timeout=timeout_seconds)
    )
    with closing(connection):
        connection.request(method, parts._replace(scheme="", netloc="", fragment="").geturl() or "/", body, headers)
        response = connection.getresponse()
        return Answer(response.status, response.read())
