"""A head that is no HTTP, too long or too slow is refused before the service sees it, and costs no memory."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from uvicorn import Config
from uvicorn.server import ServerState

from credit_scoring.api.connection import MOST_HEAD_BYTES, Connection

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[bytes]]
REQUEST = b"GET /path HTTP/1.1\r\nhost: x\r\n"


def answer_to(talk: Talk, seconds: int = 30) -> tuple[bytes, list[Scope]]:
    """What a client reads from a server with that many seconds for a head, and which requests reach the service."""
    seen: list[Scope] = []

    async def service(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)
        while (await receive()).get("more_body"):
            pass
        await PlainTextResponse("hello")(scope, receive, send)

    async def go() -> bytes:
        config = Config(service, http=Connection, timeout_keep_alive=seconds, log_config=None, lifespan="off")
        config.load()
        state = ServerState()
        server = await asyncio.get_running_loop().create_server(
            lambda: Connection(config, state, {}), "127.0.0.1", 0
        )
        async with server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            try:
                return await asyncio.wait_for(talk(reader, writer), 20)
            finally:
                writer.close()

    return asyncio.run(go()), seen


async def send(writer: asyncio.StreamWriter, content: bytes) -> None:
    """Send, as far as the other side still listens."""
    with suppress(ConnectionError):
        writer.write(content)
        await writer.drain()


def says(*parts: bytes) -> Talk:
    """Send these, then read until the other side closes."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        for part in parts:
            await send(writer, part)
        return await reader.read()

    return talk


def problem_of(answer: bytes) -> dict[str, object]:
    """The problem that an answer tells."""
    head, body = answer.split(b"\r\n\r\n", 1)
    assert b"content-type: application/problem+json" in head
    assert f"content-length: {len(body)}".encode() in head
    problem: dict[str, object] = json.loads(body)
    return problem


def test_what_is_no_http_is_refused_with_a_problem() -> None:
    answer, seen = answer_to(says(b"\x16\x03\x01 hello\r\n\r\n"))
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert problem_of(answer)["type"] == "urn:credit-scoring:problem:unreadable-request"
    assert not seen


@pytest.mark.parametrize("part", [b"x-more: %b\r\n" % (b"a" * 1000), b"a" * 1000])
def test_a_head_without_end_is_refused_whether_of_many_headers_or_of_one(part: bytes) -> None:
    sent = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        nonlocal sent
        await send(writer, REQUEST + b"x-first: ")
        reading = asyncio.create_task(reader.read())
        while not reading.done() and sent < 100 * MOST_HEAD_BYTES:
            await send(writer, part)
            sent += len(part)
            await asyncio.sleep(0)
        return await reading

    answer, seen = answer_to(talk)
    assert answer.startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")
    assert problem_of(answer)["status"] == 431
    assert sent < 50 * MOST_HEAD_BYTES, "what was sent beyond the limit lay in buffers of the network"
    assert not seen


def test_a_head_that_stays_incomplete_is_not_waited_for() -> None:
    answer, seen = answer_to(says(REQUEST), seconds=1)
    assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert not seen


@pytest.mark.parametrize("said", [b"", b"\r\n"])
def test_a_connection_on_which_nothing_is_asked_is_closed_without_a_word(said: bytes) -> None:
    assert answer_to(says(said), seconds=1) == (b"", [])


def test_after_an_answer_the_next_head_has_the_same_limits() -> None:
    whole = REQUEST + b"\r\n"
    answer, seen = answer_to(says(whole, whole, REQUEST), seconds=1)
    assert answer.count(b"HTTP/1.1 200 OK") == len(seen) == 2
    assert b"HTTP/1.1 408 Request Timeout" in answer


@pytest.mark.parametrize("requests", [1, 2])
def test_answers_on_their_way_are_not_torn_by_a_refusal(requests: int) -> None:
    whole = b"POST /path HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}"
    answer, seen = answer_to(says(requests * whole + REQUEST + b"x: " + b"a" * 2 * MOST_HEAD_BYTES))
    assert len(seen) == requests
    assert answer.count(b"HTTP/1.1 200 OK") == answer.count(b"hello") == requests
    assert answer.endswith(b"hello")


def test_what_is_added_after_a_body_is_no_header_of_the_request() -> None:
    chunked = (
        b"POST /path HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n"
        b"2\r\n{}\r\n0\r\nx-api-key: late\r\n\r\n"
    )
    answer, (scope,) = answer_to(says(chunked))
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert b"x-api-key" not in dict(scope["headers"])
