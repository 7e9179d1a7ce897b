"""A head that is no HTTP, too long or too slow is refused before the service sees it, and costs no memory."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
import structlog
import uvloop
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn import Config
from uvicorn.server import ServerState

from credit_scoring.api.connection import MOST_HEAD_BYTES, Connection

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[bytes]]
REQUEST = b"GET /path HTTP/1.1\r\nhost: x\r\n"


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    """Read the whole body, then answer with its length."""
    length, is_more = 0, True
    while is_more:
        message = await receive()
        length += len(message.get("body", b""))
        is_more = message.get("more_body", False)
    await PlainTextResponse(f"hello {length}")(scope, receive, send)


async def impatient(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer without reading the body."""
    await PlainTextResponse("hello")(scope, receive, send)


async def slow(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer after longer than a head may take."""
    await asyncio.sleep(1.2)
    await hello(scope, receive, send)


async def long(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with more than any buffer takes."""
    await Response(b"x" * 20_000_000)(scope, receive, send)


def answer_to(talk: Talk, seconds: int = 30, service: ASGIApp = hello) -> tuple[bytes, list[Scope]]:
    """What a client reads from a server with that many seconds for a head, and which requests reach the service."""
    seen: list[Scope] = []

    async def noting(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)
        await service(scope, receive, send)

    async def go() -> bytes:
        config = Config(noting, http=Connection, timeout_keep_alive=seconds, log_config=None, lifespan="off")
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

    # The loop that the server takes: it is less patient with who writes to a connection that is gone.
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(go()), seen


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
    answer, seen = answer_to(
        says(requests * whole + REQUEST + b"x: " + b"a" * 20 * MOST_HEAD_BYTES), service=slow
    )
    assert len(seen) == requests
    assert answer.count(b"HTTP/1.1 200 OK") == answer.count(b"hello 2") == requests
    assert answer.endswith(b"hello 2")


def test_what_is_added_after_a_body_is_no_header_of_the_request() -> None:
    chunked = (
        b"POST /path HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n"
        b"2\r\n{}\r\n0\r\nx-api-key: late\r\n\r\n"
    )
    answer, (scope,) = answer_to(says(chunked))
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert b"x-api-key" not in dict(scope["headers"])


CHUNKED = b"POST /path HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
SIZED = b"POST /path HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n"


async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *parts: bytes) -> bytes:
    """Send the first parts once and the last one again and again, until something is answered."""
    *once, again = parts
    for part in once:
        await send(writer, part)
    reading = asyncio.create_task(reader.read())
    sent = 0
    while not reading.done() and sent < 100 * MOST_HEAD_BYTES:
        await send(writer, again)
        sent += len(again)
        await asyncio.sleep(0)
    assert sent < 100 * MOST_HEAD_BYTES, "nobody stopped it"
    return await reading


@pytest.mark.parametrize("start", [b"2\r\n{}\r\n0\r\nx-late: ", b"2;x="])
def test_what_surrounds_a_body_has_an_end_too(start: bytes) -> None:
    answer, _ = answer_to(lambda reader, writer: endless(reader, writer, CHUNKED + start, b"a" * 1000))
    assert problem_of(answer)["status"] == 431


def test_a_path_without_end_is_too_large_and_not_unreadable() -> None:
    for length in (70_000, 200_000):
        answer, seen = answer_to(says(b"GET /" + b"a" * length + b" HTTP/1.1\r\nhost: x\r\n\r\n"))
        assert (problem_of(answer)["status"], seen) == (431, [])


def test_a_body_that_breaks_http_is_refused_at_once() -> None:
    told = []

    async def service(scope: Scope, receive: Receive, send: Send) -> None:
        while (message := await receive())["type"] == "http.request":
            pass
        told.append(message["type"])

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        await send(writer, CHUNKED)
        await asyncio.sleep(0.05)
        await send(writer, b"zz\r\n")
        answer = await reader.read()
        assert told == ["http.disconnect"]
        return answer

    assert problem_of(answer_to(talk, service=service)[0])["status"] == 400


def test_a_queued_request_whose_body_breaks_http_is_dropped_after_the_answers_before_it() -> None:
    answer, seen = answer_to(says(REQUEST + b"\r\n" + CHUNKED + b"zz\r\n"))
    assert answer.count(b"HTTP/1.1 ") == len(seen) == 1
    assert answer.endswith(b"hello 0")


def test_what_breaks_http_after_an_early_answer_gets_no_second_one() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        await send(writer, CHUNKED)
        answer = await reader.readuntil(b"hello")
        await send(writer, b"zz\r\n")
        return answer + await reader.read()

    answer, _ = answer_to(talk, service=impatient)
    assert answer.count(b"HTTP/1.1 ") == 1


def test_the_rest_of_a_body_that_was_answered_early_is_not_taken_for_ever() -> None:
    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        await send(writer, SIZED % 1000)
        reading = asyncio.create_task(reader.read())
        while not reading.done():
            await send(writer, b"a")
            await asyncio.sleep(0.1)
        return await reading

    answer, _ = answer_to(trickle, seconds=1, service=impatient)
    assert answer.endswith(b"hello")


def test_an_answer_may_take_longer_than_a_head() -> None:
    answer, _ = answer_to(says(REQUEST + b"connection: close\r\n\r\n"), seconds=1, service=slow)
    assert answer.endswith(b"hello 0")


def test_a_long_body_is_no_head_without_end() -> None:
    parts = [b"a" * MOST_HEAD_BYTES] * 5
    closing = (SIZED % sum(map(len, parts))).replace(b"host: x", b"host: x\r\nconnection: close")

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        for part in (closing, *parts):
            await send(writer, part)
            await asyncio.sleep(0.02)
        return await reader.read()

    assert answer_to(talk)[0].endswith(b"hello 327680")


def test_many_heads_on_one_connection_do_not_add_up() -> None:
    whole = REQUEST + b"x-long: " + b"a" * 10_000 + b"\r\n\r\n"

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        for _ in range(20):
            for part in (whole[:5_000], whole[5_000:]):
                await send(writer, part)
                await asyncio.sleep(0.005)
            await reader.readuntil(b"hello 0")
        return b"all"

    assert answer_to(talk)[0] == b"all"


@pytest.mark.parametrize("together", [True, False])
def test_an_offer_to_upgrade_is_ignored_and_the_body_stays_the_body(together: bool) -> None:
    offer = b"connection: close, Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABk\r\n"
    head = (SIZED % 30).replace(b"host: x\r\n", b"host: x\r\n" + offer)
    body = b"GET /other HTTP/1.1\r\nhost: x\r\n"[:30]
    answer, (scope,) = answer_to(says(head + body) if together else says(head, body))
    assert answer.endswith(b"hello 30")
    assert dict(scope["headers"]) == {b"host": b"x", b"content-length": b"30", b"connection": b"close"}


def test_many_offers_to_upgrade_in_one_breath_are_ignored_one_by_one() -> None:
    offer = REQUEST + b"connection: upgrade\r\nupgrade: websocket\r\n\r\n"
    answer, seen = answer_to(says(offer * 1_500 + REQUEST + b"connection: close\r\n\r\n"))
    assert answer.count(b"hello 0") == len(seen) == 1_501


def test_who_does_not_read_the_answer_is_left(caplog: pytest.LogCaptureFixture) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        # The second answer waits for its turn to be written.
        await send(writer, 3 * (REQUEST + b"\r\n"))
        await asyncio.sleep(2.5)
        with suppress(ConnectionError):
            return await reader.read()
        return b""

    with structlog.testing.capture_logs() as lines:
        assert len(answer_to(talk, seconds=1, service=long)[0]) < 20_000_000
    assert not caplog.records and not lines, "whoever left is no defect of the service"


def test_who_reads_slowly_gets_the_whole_answer_and_the_next_one() -> None:
    is_read = asyncio.Event()

    async def long_then_slow(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/path":
            await long(scope, receive, send)
            return
        await is_read.wait()
        await asyncio.sleep(2.5)
        await hello(scope, receive, send)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        await send(
            writer, REQUEST + b"\r\n" + REQUEST.replace(b"path", b"next") + b"connection: close\r\n\r\n"
        )
        answer = b""
        while part := await reader.read(1_000_000):
            answer += part
            if len(answer) > 20_000_000:
                is_read.set()
            await asyncio.sleep(0.01)
        return answer

    answer, seen = answer_to(talk, seconds=1, service=long_then_slow)
    assert len(answer) > 20_000_000
    assert answer.endswith(b"hello 0")
    assert len(seen) == 2


def test_a_refused_connection_is_closed_though_the_other_side_goes_on() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        await send(writer, b"hello\r\n\r\n")
        answer = await reader.read()
        for _ in range(100):
            writer.write(b"\r\nhello\r\n")
            writer.write(b"more")
            await asyncio.sleep(0.05)
            if writer.transport.is_closing():
                return answer
        return b"never closed"

    with structlog.testing.capture_logs() as lines:
        assert answer_to(talk)[0].startswith(b"HTTP/1.1 400")
    assert [line["problem"] for line in lines] == ["unreadable-request"]
