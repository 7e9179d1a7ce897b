"""What the service answers to callers, probes and proxies, whatever the framework does by default."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import cast

import pytest
from fastapi.testclient import TestClient
from starlette.types import Message

from credit_scoring.api.main import create_app
from credit_scoring.core.addresses import require_free_address
from credit_scoring.core.database import Database
from credit_scoring.core.errors import SettingsError, StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.core.urls import without_credentials
from credit_scoring.data_contracts.application_request import EXAMPLE
from credit_scoring.decisions.service import DecisionService
from credit_scoring.decisions.sql_tables import SCHEMA
from credit_scoring.model_registry.registry import ModelRegistry
from tests.unit.api.fake_decisions import FakeDecisions, FakeRegistry

SECRET = "Wh1sper"  # pragma: allowlist secret
ADDRESS = f"postgresql+psycopg://10.1.2.3:5999/credit?user=annalisa&password={SECRET}"


@pytest.fixture
def decisions() -> FakeDecisions:
    return FakeDecisions()


@pytest.fixture
def started(decisions: FakeDecisions, settings: Settings) -> Iterator[Callable[..., TestClient]]:
    with ExitStack() as running:

        def start(**api: object) -> TestClient:
            chosen = settings.with_values(environment="dev", api={"requests_per_second": 1e9, **api})
            app = create_app(chosen, cast(DecisionService, decisions), cast(ModelRegistry, FakeRegistry()))
            return running.enter_context(TestClient(app, raise_server_exceptions=False, follow_redirects=False))

        yield start


@pytest.fixture
def client(started: Callable[..., TestClient]) -> TestClient:
    return started()


@pytest.mark.parametrize("path", ["/health", "/health/ready", "/predict"])
def test_no_answer_names_an_address_a_user_a_password_a_path_or_a_setting(
    path: str, client: TestClient, decisions: FakeDecisions
) -> None:
    reason = f"The decision ledger {ADDRESS} is unavailable. Check CREDIT_LEDGER_URL and /var/lib/credit-scoring."
    decisions.ledger_unavailable_reason = reason
    decisions.reasons = {"model": None, "store": reason, "ledger": reason}
    decisions.failure = StorageError(reason, "Check CREDIT_LEDGER_URL.")
    answer = client.post(path, json=EXAMPLE) if path == "/predict" else client.get(path)
    assert answer.status_code == 503
    for part in (SECRET, "10.1.2.3", "5999", "annalisa", "CREDIT_", "/var/lib"):
        assert part not in answer.text


@pytest.mark.parametrize(
    "url",
    [
        ADDRESS,
        f"postgresql+psycopg://annalisa:{SECRET}@10.1.2.3/credit",
        f"postgresql+psycopg://annalisa:a@b/{SECRET}:c@10.1.2.3/credit",
        f"https://annalisa:x@{SECRET}@10.1.2.3/mlflow?token={SECRET}",
    ],
)
def test_credentials_are_masked_wherever_they_stand_in_a_url(url: str) -> None:
    masked = without_credentials(f"connection to {url} failed (server said {url!r})")
    assert SECRET not in masked and "10.1.2.3" in masked and masked.endswith(")")


def test_an_unavailable_database_is_named_without_the_query_of_its_url() -> None:
    with pytest.raises(StorageError) as caught:
        Database(ADDRESS.replace("10.1.2.3", "127.0.0.1"), SCHEMA, 1)
    assert SECRET not in str(caught.value) and "127.0.0.1" in str(caught.value)
    assert caught.value.public == "The decision ledger is unavailable."


@pytest.mark.parametrize("path", ["/predict/", "/health/", "//health", "/docs/"])
def test_a_slash_too_many_is_not_found_instead_of_redirected_to_the_host_header(path: str, client: TestClient) -> None:
    answer = client.post(path, json=EXAMPLE, headers={"Host": "evil.example"})
    assert answer.status_code in (404, 405) and "location" not in answer.headers


@pytest.mark.parametrize("path", ["/health", "/health/live", "/health/ready", "/metrics", "/docs", "/openapi.json"])
def test_a_head_request_is_answered_like_a_get_without_its_body(path: str, client: TestClient) -> None:
    head, get = client.head(path), client.get(path)
    assert (head.status_code, head.headers["content-type"]) == (200, get.headers["content-type"])


def test_the_root_leads_to_the_description_below_the_prefix_of_a_proxy(started: Callable[..., TestClient]) -> None:
    assert started().get("/", headers={"Host": "evil.example"}).headers["location"] == "/docs"
    behind = started(root_path="/credit")
    assert behind.get("/").headers["location"] == "/credit/docs"
    page = behind.get("/docs").text
    assert "'/credit/openapi.json'" in page and '"/credit/docs/assets/swagger-ui.css"' in page
    assert behind.get("/openapi.json").json()["servers"] == [{"url": "/credit"}]


def test_the_description_loads_nothing_from_other_hosts(client: TestClient) -> None:
    page = client.get("/docs").text
    assert "http" not in page.replace("http-equiv", "")
    for asset in ("swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png"):
        assert asset in page and client.get(f"/docs/assets/{asset}").status_code == 200


@pytest.mark.parametrize("hosts", [[], ["a.example", "b.example"]])
def test_a_request_without_exactly_one_host_is_refused(hosts: list[str], client: TestClient) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    headers = [(b"host", host.encode()) for host in hosts]
    scope = {"type": "http", "http_version": "1.1", "method": "GET", "path": "/health/live", "headers": headers}

    async def ask() -> None:
        await client.app(scope | {"query_string": b"", "root_path": "", "scheme": "http"}, receive, send)

    asyncio.run(ask())
    assert sent[0]["status"] == 400


@pytest.mark.parametrize("number", ["100_001", "+100001", "100001.0", " 100001", "１００００１"])
def test_only_digits_are_a_client_number(number: str, client: TestClient) -> None:
    assert client.get("/clients/100001").status_code in (200, 404)
    answer = client.get(f"/clients/{number}")
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["allowed"] == "a whole number from 1 to 2147483647" and error["given"] != "''"


@pytest.mark.parametrize("host", ["::1", "::"])
def test_the_service_binds_ipv6_addresses(host: str) -> None:
    with socket.socket(socket.AF_INET6) as free:
        try:
            free.bind((host, 0))
        except OSError:
            pytest.skip("this machine has no IPv6")
        port = free.getsockname()[1]
    require_free_address(host, port, "Choose another.")
    with socket.socket(socket.AF_INET6) as other:
        other.bind((host, port))
        other.listen()
        with pytest.raises(SettingsError, match=f"Cannot listen on {host}, port {port}"):
            require_free_address(host, port, "Choose another.")
