"""The reverse proxy keeps slow, oversized and too frequent requests away from the service."""

import socket
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.servers.proxy import running_proxy

PATIENCE_SECONDS = 20
LARGE_RESPONSE = b"x" * 20_000_000


class Upstream(BaseHTTPRequestHandler):
    """Stands for the service: remembers the paths it sees and answers /large with 20 MB."""

    protocol_version = "HTTP/1.1"
    seen: list[str] = []
    large_is_sent = Event()

    def do_GET(self) -> None:
        """Answer."""
        self.seen.append(self.path)
        body = LARGE_RESPONSE if self.path == "/large" else b"hello"
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        if self.path == "/large":
            self.large_is_sent.set()

    def do_POST(self) -> None:
        """Answer after the whole body."""
        self.rfile.read(int(self.headers["content-length"]))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@contextmanager
def upstream() -> Iterator[str]:
    """A stub of the service."""
    Upstream.seen.clear()
    Upstream.large_is_sent.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def proxy() -> Iterator[str]:
    """The proxy with a timeout of one second."""
    with upstream() as url, running_proxy([url], timeout_seconds=1) as proxy:
        yield proxy.url


def connected(url: str) -> socket.socket:
    """A connection to the proxy."""
    address = urlsplit(url)
    connection = socket.create_connection((str(address.hostname), int(address.port or 0)))
    connection.settimeout(PATIENCE_SECONDS)
    return connection


def everything_from(connection: socket.socket) -> bytes:
    """All bytes until the proxy closes or resets the connection."""
    received = b""
    try:
        while part := connection.recv(65_536):
            received += part
    except ConnectionResetError:
        pass
    return received


def test_a_request_reaches_the_service(proxy: str) -> None:
    assert httpx.get(f"{proxy}/predict").text == "hello"


@pytest.mark.parametrize("head", ["GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "GET /head HTTP/1.1\r\nx-long: {}\r\n\r\n"])
def test_an_oversized_head_is_rejected_with_a_problem(proxy: str, head: str) -> None:
    seen = len(Upstream.seen)
    with connected(proxy) as connection:
        connection.sendall(head.format("a" * 70_000).encode())
        answer = everything_from(connection)
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert b"application/problem+json" in answer
    assert b"urn:credit-scoring:problem:head-too-large" in answer
    assert len(Upstream.seen) == seen


def test_a_head_of_endlessly_many_headers_is_rejected_before_it_ends(proxy: str) -> None:
    with connected(proxy) as connection:
        connection.sendall(b"GET /endless HTTP/1.1\r\n" + 100 * (b"x-more: " + b"a" * 1_000 + b"\r\n"))
        assert connection.recv(1_000).startswith(b"HTTP/1.1 431 ")
    assert "/endless" not in Upstream.seen


def test_a_client_that_sends_its_head_too_slowly_is_disconnected(proxy: str) -> None:
    with connected(proxy) as connection:
        connection.sendall(b"GET /slow-head HTTP/1.1\r\nhost: x\r\n")
        assert everything_from(connection) == b""
    assert "/slow-head" not in Upstream.seen


def test_a_body_that_stays_incomplete_never_reaches_the_service(proxy: str) -> None:
    with connected(proxy) as connection:
        connection.sendall(b"POST /slow-body HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{")
        everything_from(connection)
    assert "/slow-body" not in Upstream.seen


def test_a_client_that_does_not_read_holds_up_neither_the_service_nor_the_proxy(proxy: str) -> None:
    with connected(proxy) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        connection.sendall(b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n")
        # The proxy takes over the whole response, so the service is free again.
        assert Upstream.large_is_sent.wait(PATIENCE_SECONDS)
        assert httpx.get(f"{proxy}/predict").text == "hello"
        # The reset is seen without reading: an error is pending once the proxy gave up.
        deadline = time.monotonic() + PATIENCE_SECONDS
        while connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
            assert time.monotonic() < deadline, "the proxy still serves a client that does not read"
            time.sleep(0.05)


def test_a_large_body_is_rejected_with_a_problem(proxy: str) -> None:
    answer = httpx.post(f"{proxy}/predict", content=b" " * 9_000_000)
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:credit-scoring:problem:too-large")


@pytest.mark.parametrize("path", ["/metrics", "/health/live", "/health/ready"])
def test_probes_and_metrics_are_not_reachable_from_outside(proxy: str, path: str) -> None:
    answer = httpx.get(f"{proxy}{path}")
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:credit-scoring:problem:not-found")
    assert path not in Upstream.seen


def test_the_summary_of_health_is_reachable_from_outside(proxy: str) -> None:
    assert httpx.get(f"{proxy}/health").status_code == 200


def test_tls_gives_the_same_answers() -> None:
    with upstream() as url, running_proxy([url]) as proxy:
        trusted = ssl.create_default_context(cafile=str(proxy.certificate))
        assert httpx.get(f"{proxy.tls_url}/predict", verify=trusted).text == "hello"
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            httpx.get(f"{proxy.tls_url}/predict")


def test_one_key_shares_its_rate_over_all_replicas() -> None:
    with upstream() as url, running_proxy([url, url], requests_per_second=1, burst=4) as proxy:

        def status(key: str) -> int:
            return httpx.get(f"{proxy.url}/predict", headers={"X-API-Key": key}).status_code

        with ThreadPoolExecutor(8) as pool:
            statuses = list(pool.map(status, ["eager"] * 12))
        assert statuses.count(429) >= 6
        assert statuses.count(200) >= 5
        assert status("calm") == 200


def test_without_a_replica_the_answer_is_503() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with running_proxy([f"http://127.0.0.1:{unused.getsockname()[1]}"]) as proxy:
            answer = httpx.get(f"{proxy.url}/predict")
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:credit-scoring:problem:unavailable")
