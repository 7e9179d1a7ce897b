"""A server on loopback that answers like the prediction service, or otherwise, for tests of its callers."""

import json
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

KEY = "credit_0123456789ab_a-key-of-tests"  # pragma: allowlist secret
PROBABILITY = 0.049793342539343255
DECISION = "bcfecca5fced4085b8d5938a180b49bf"  # pragma: allowlist secret
PREDICTION = {
    "decision_id": DECISION,
    "probability_of_default": PROBABILITY,
    "decision": "accepted",
    "threshold": 0.1,
    "model_version": 1,
    "feature_version": 0,
}
EXPLAINED = PREDICTION | {"explanation": {"reasons": ["A stable income"]}}
HEALTHY = {
    "status": "healthy",
    "version": "0.1.0",
    "model_version": 1,
    "feature_version": 0,
    "parts": {"model": "ready"},
}
INVALID = {"detail": "Not allowed: #/AMT_CREDIT.", "errors": [{"pointer": "#/AMT_CREDIT"}]}
Answers = Mapping[str, tuple[int, object]]
ANSWERS: Answers = {
    "GET /health": (200, HEALTHY),
    "POST /predict": (200, PREDICTION),
    "POST /predict?explain=true": (200, EXPLAINED),
    "POST /predict without key": (401, {"detail": "Send a valid key as X-API-Key."}),
    "POST /predict of a bad body": (422, INVALID),
    "GET /model-info": (
        200,
        {"model_version": 1, "alias": "staging", "trained_at": "2026-11-27T06:54:12Z", "data_source": "synthetic"},
    ),
    f"POST /decisions/{DECISION}/replay": (200, {"is_equal": True, "differences": []}),
    "GET /metrics": (200, "# TYPE credit_requests_total counter\ncredit_requests_total 1.0\n"),
    "GET /health/ready": (200, {"status": "ready"}),
}
"""By request: status, and the body as text or as what becomes JSON."""


@contextmanager
def fake_service(answers: Answers = ANSWERS, certificate: Path | None = None) -> Iterator[tuple[str, list[str]]]:
    """A running server; yields its URL and the requests, to which those that come are added.

    Args:
        certificate: file with certificate and private key, for HTTPS.
    """
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            request = f"{self.command} {self.path}"
            if self.path == "/predict" and not self.headers["X-API-Key"]:
                request += " without key"
            elif self.path == "/predict" and json.loads(body).get("AMT_CREDIT") == "a lot":
                request += " of a bad body"
            requests.append(request)
            status, answer = answers.get(request, (404, {"detail": "Check the path."}))
            content = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _answer

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            scheme = "http" if certificate is None else "https"
            yield f"{scheme}://127.0.0.1:{server.server_port}", requests
        finally:
            server.shutdown()
            thread.join()
