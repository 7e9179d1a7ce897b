"""The service names what prevents its start before the server starts."""

import gc
import socket
from collections.abc import Iterator
from typing import Any, cast

import pytest
import uvicorn
from fastapi import FastAPI

from credit_scoring.api import server
from credit_scoring.core.errors import SettingsError
from credit_scoring.core.settings import Settings
from credit_scoring.decisions.service import DecisionService
from tests.support.servers.processes import free_port
from tests.unit.api.fake_decisions import FakeDecisions


class FakeServer:
    """Replaces `uvicorn.run` and remembers how it was called."""

    def __init__(self) -> None:
        self.app: object = None
        self.options: dict[str, Any] = {}

    def __call__(self, app: object, **options: Any) -> None:
        """Start, and end at once."""
        self.app, self.options = app, options


class ClosedDecisions(FakeDecisions):
    """Remembers whether it was closed."""

    is_closed = False

    def close(self) -> None:
        """Remember it."""
        self.is_closed = True


@pytest.fixture(autouse=True)
def _garbage_collection() -> Iterator[None]:
    """Restore what a serving process changes permanently."""
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> FakeServer:
    """Started instead of uvicorn."""
    fake = FakeServer()
    monkeypatch.setattr(uvicorn, "run", fake)
    return fake


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> ClosedDecisions:
    """Opened instead of model, store and ledger."""
    decisions = ClosedDecisions()
    monkeypatch.setattr(server, "open_decision_service", lambda _: cast(DecisionService, decisions))
    return decisions


def _on(settings: Settings, **api: object) -> Settings:
    return settings.with_values(environment="dev", api={"port": free_port()} | api)


def test_the_server_gets_the_open_decision_service_and_the_settings(
    settings: Settings, started: FakeServer, opened: ClosedDecisions
) -> None:
    announced: list[str] = []
    server.run(_on(settings, shutdown_timeout_seconds=7), lambda: announced.append("ready"))
    assert announced == ["ready"]
    assert isinstance(started.app, FastAPI)
    assert not opened.is_closed
    assert gc.get_freeze_count() > 0
    assert started.options["timeout_graceful_shutdown"] == 7
    assert started.options["server_header"] is False


def test_an_address_in_use_is_reported_with_its_settings_and_nothing_starts(
    settings: Settings, started: FakeServer, opened: ClosedDecisions
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SettingsError, match=f"127.0.0.1, port {port} .*CREDIT_API_PORT"):
            server.run(_on(settings, port=port), lambda: None)
    assert started.app is None


def test_the_decision_service_is_closed_when_the_start_is_interrupted(
    settings: Settings, started: FakeServer, opened: ClosedDecisions
) -> None:
    def give_up() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        server.run(_on(settings), give_up)
    assert opened.is_closed
    assert started.app is None
