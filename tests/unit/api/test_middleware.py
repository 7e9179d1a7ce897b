"""What every request gets, whatever its outcome."""

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from credit_scoring.core.logs import configure_logs
from credit_scoring.core.settings import Settings
from credit_scoring.data_contracts.application_request import EXAMPLE
from tests.unit.api.fake_decisions import DECISION_ID, FakeDecisions


@pytest.fixture
def log(settings: Settings, capfd: pytest.CaptureFixture[str]) -> Callable[[], list[dict[str, Any]]]:
    """Returns the lines logged since the last call."""
    configure_logs(settings.with_values(log={"format": "json"}))
    return lambda: [json.loads(line) for line in capfd.readouterr().err.splitlines() if line.startswith("{")]


def requests_in(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines of finished requests."""
    return [line for line in lines if line["event"] == "request"]


def test_a_request_is_one_line_with_its_ids_and_duration(
    log: Callable[[], list[dict[str, Any]]], client: TestClient
) -> None:
    answer = client.post("/predict", json=EXAMPLE)
    (line,) = requests_in(log())
    assert line["request_id"] == answer.headers["x-request-id"]
    assert line["decision_id"] == DECISION_ID
    assert line["duration_milliseconds"] > 0
    assert (line["method"], line["path"], line["status"]) == ("POST", "/predict", 200)
    assert line["caller"] == "without-key"


def test_probes_and_scrapes_are_logged_at_level_debug(
    log: Callable[[], list[dict[str, Any]]], client: TestClient, settings: Settings
) -> None:
    for path in ("/health/live", "/health/ready", "/health", "/metrics"):
        client.get(path)
    assert requests_in(log()) == []
    configure_logs(settings.with_values(log={"format": "json", "level": "DEBUG"}))
    client.get("/metrics")
    assert [line["path"] for line in requests_in(log())] == ["/metrics"]


def test_no_input_reaches_the_log(
    log: Callable[[], list[dict[str, Any]]], client: TestClient, decisions: FakeDecisions
) -> None:
    secret = "4242424242"
    client.post("/predict", json=EXAMPLE | {"OCCUPATION_TYPE": secret, "AMT_CREDIT": int(secret) / 1000})
    client.post("/predict", json=EXAMPLE | {"AMT_CREDIT": secret})
    client.post("/predict", content=secret, headers={"content-type": "application/json"})
    client.get(f"/clients{secret}?name={secret}", headers={"X-Request-ID": f"{secret} and more"})
    client.request(f"M{secret}", "/predict")
    decisions.failure = ValueError(f"cannot convert {secret}")
    assert client.post("/predict", json=EXAMPLE).status_code == 500
    assert secret not in json.dumps(log())


def test_a_caller_may_send_a_request_id(client: TestClient) -> None:
    assert client.get("/health", headers={"X-Request-ID": "order-7.a"}).headers["x-request-id"] == "order-7.a"


TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"  # pragma: allowlist secret


@pytest.mark.parametrize(
    ("header", "trace"),
    [
        (f"00-{TRACE}-00f067aa0ba902b7-01", TRACE),
        (f"00-{TRACE.upper()}-00f067aa0ba902b7-01", None),
        (f"00-{'0' * 32}-00f067aa0ba902b7-01", None),
        ("Dupont", None),
        (None, None),
    ],
)
def test_the_trace_of_the_caller_is_on_the_lines_of_its_request(
    log: Callable[[], list[dict[str, Any]]],
    client: TestClient,
    decisions: FakeDecisions,
    header: str | None,
    trace: str | None,
) -> None:
    decisions.failure = KeyError("x")
    client.post("/predict", json=EXAMPLE, headers={} if header is None else {"traceparent": header})
    lines = [line for line in log() if line["event"] in ("request", "internal error")]
    assert [line.get("trace_id") for line in lines] == [trace, trace]


@pytest.mark.parametrize("harmful", ["", "a b", "x" * 65, "a\tb", "é"])
def test_a_harmful_request_id_is_replaced(client: TestClient, harmful: str) -> None:
    answer = client.get("/health", headers={"X-Request-ID": harmful.encode()})
    assert answer.headers["x-request-id"] != harmful
    assert len(answer.headers["x-request-id"]) == 32


@pytest.mark.parametrize("path", ["/health", "/predict", "/nothing", "/docs"])
def test_every_answer_has_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path, headers={"Origin": "http://elsewhere.example"}).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert ("content-security-policy" in headers) == (path != "/docs")
    assert not [name for name in headers if name.startswith("access-control")]


def test_other_origins_are_rejected(client: TestClient) -> None:
    headers = {"Origin": "http://elsewhere.example", "Access-Control-Request-Method": "POST"}
    answer = client.options("/predict", headers=headers)
    assert answer.status_code == 405
    assert "access-control-allow-origin" not in answer.headers


def test_an_internal_error_is_answered_without_details_and_logged_with_its_frames(
    log: Callable[[], list[dict[str, Any]]], client: TestClient, decisions: FakeDecisions
) -> None:
    decisions.failure = KeyError("AMT_CREDIT")
    answer = client.post("/predict", json=EXAMPLE)
    assert answer.status_code == 500
    assert answer.json()["type"] == "urn:credit-scoring:problem:internal-error"
    assert "Traceback" not in answer.text
    assert "KeyError" not in answer.text
    (line,) = [line for line in log() if line["event"] == "internal error"]
    assert line["error"] == "KeyError"
    assert any(frame.startswith("begin_decisions:") for frame in line["frames"])
    assert line["request_id"] == answer.headers["x-request-id"]


@pytest.fixture
def held(decisions: FakeDecisions) -> Iterator[threading.Event]:
    """Decisions wait until this is set."""
    decisions.wait_for = threading.Event()
    yield decisions.wait_for
    decisions.wait_for.set()


def test_requests_beyond_the_maximum_get_503_but_probes_are_answered(
    started: Callable[..., TestClient], decisions: FakeDecisions, held: threading.Event
) -> None:
    client = started(environment="dev", api={"max_in_flight": 1})
    with ThreadPoolExecutor() as others:
        first = others.submit(client.post, "/predict", json=EXAMPLE)
        assert decisions.is_called.wait(10)
        second = client.post("/predict", json=EXAMPLE)
        assert client.get("/health").status_code == 200
        held.set()
        assert first.result().status_code == 200
    assert second.status_code == 503
    assert second.headers["retry-after"] == "1"
    assert second.json()["detail"] == "Too many requests in progress."


def test_a_decision_that_takes_too_long_is_answered_with_503(
    started: Callable[..., TestClient], held: threading.Event
) -> None:
    client = started(environment="dev", api={"request_timeout_seconds": 0.05})
    answer = client.post("/predict", json=EXAMPLE)
    held.set()
    assert answer.status_code == 503
    assert "within 0.05 s" in answer.json()["detail"]


def test_a_body_beyond_the_limit_is_rejected_by_its_declared_and_by_its_actual_length(
    client: TestClient, decisions: FakeDecisions
) -> None:
    large = b'{"OCCUPATION_TYPE": "' + b"x" * 70_000 + b'"}'
    declared = client.post("/predict", content=large, headers={"content-type": "application/json"})
    streamed = client.post(
        "/predict",
        content=(large[start : start + 1000] for start in range(0, len(large), 1000)),
        headers={"content-type": "application/json"},
    )
    for answer in (declared, streamed):
        assert answer.status_code == 413
        assert answer.json()["detail"] == "At most 65,536 bytes are read."
    assert decisions.requests == []
