"""An address in front of a service, behind which chosen model versions can be made to fail."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

from tests.support.servers.threads import serving

_HOP_BY_HOP = frozenset({"connection", "content-length", "transfer-encoding", "host", "accept-encoding"})


@dataclass
class Front:
    """The address, and what goes wrong behind it.

    Attributes:
        service_url: of the service itself; empty until it runs.
        broken_versions: model versions whose decisions are answered with status 500.
    """

    service_url: str = ""
    url: str = ""
    broken_versions: set[int] = field(default_factory=set)

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """Status and body of an answer."""
        passed = {name: value for name, value in headers.items() if name.lower() not in _HOP_BY_HOP}
        answer = httpx.request(method, self.service_url + path, headers=passed, content=body, timeout=60)
        if path.startswith("/predict") and answer.is_success and answer.json()["model_version"] in self.broken_versions:
            return 500, json.dumps({"detail": "The decision failed."}).encode()
        return answer.status_code, answer.content


@contextmanager
def running_front() -> Iterator[Front]:
    """An address for a service that starts later; at first, it passes everything on unchanged."""
    front = Front()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, content = front.answer(self.command, self.path, dict(self.headers), body)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _answer

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        front.url = f"http://127.0.0.1:{port}"
        yield front
