"""The service names what prevents its start before the server starts."""

import gc
import os
import signal
import socket
from collections.abc import Callable, Iterator
from threading import Event
from typing import cast

import pytest
import uvicorn
from fastapi import FastAPI

from credit_scoring.api import server
from credit_scoring.core.errors import SettingsError, StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.decisions.service import DecisionService
from tests.support.servers.processes import free_port
from tests.unit.api.fake_decisions import FakeDecisions


class FakeServer:
    """Replaces the running of a server, and remembers which one ran."""

    def __init__(self) -> None:
        self.app: object = None
        self.config: uvicorn.Config | None = None
        self.can_start = True

    def __call__(self, server: uvicorn.Server) -> None:
        """Start, and end at once."""
        self.app, self.config = server.config.app, server.config
        server.started = self.can_start


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
    monkeypatch.setattr(server.Server, "run", lambda self: fake(self))
    return fake


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> ClosedDecisions:
    """Opened instead of model, store and ledger."""
    decisions = ClosedDecisions()
    monkeypatch.setattr(server, "open_decision_service", lambda *_, **__: cast(DecisionService, decisions))
    monkeypatch.setattr(server, "load_to_serve", lambda *_: decisions.registered)
    return decisions


def _on(settings: Settings, **api: object) -> Settings:
    return settings.with_values(environment="dev", api={"port": free_port()} | api)


def test_the_server_gets_the_open_decision_service_and_the_settings(
    settings: Settings, started: FakeServer, opened: ClosedDecisions
) -> None:
    announced: list[str] = []
    server.run(_on(settings, shutdown_timeout_seconds=7, keep_alive_seconds=61), lambda: announced.append("ready"))
    assert announced == ["ready"]
    assert isinstance(started.app, FastAPI)
    assert not opened.is_closed
    assert gc.get_freeze_count() > 0
    assert started.config is not None
    assert started.config.timeout_graceful_shutdown == 5, "the rest is for recording"
    assert (started.config.timeout_keep_alive, started.config.server_header) == (61, False)


def test_a_service_that_uvicorn_could_not_start_is_an_error(
    settings: Settings, started: FakeServer, opened: ClosedDecisions
) -> None:
    started.can_start = False
    with pytest.raises(StorageError, match="did not start"):
        server.run(_on(settings), lambda: None)


class Later:
    """Replaces timers; calls are made when a test says so."""

    def __init__(self) -> None:
        self.calls: dict[float, Callable[[], object]] = {}

    def __call__(self, seconds: float, call: Callable[..., object], *arguments: object) -> None:
        """Remember a call."""
        self.calls[seconds] = lambda: call(*arguments)


def test_the_socket_closes_after_the_drain_period_and_what_hangs_is_abandoned(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    later, ended = Later(), list[int]()
    monkeypatch.setattr(server, "_later", later)
    monkeypatch.setattr(os, "_exit", ended.append)
    app = FastAPI()
    app.state.ending = Event()
    running = server.Server(app, _on(settings, drain_seconds=5, shutdown_timeout_seconds=20).api)
    running.handle_exit(signal.SIGTERM, None)
    assert app.state.ending.is_set() and not running.should_exit
    assert sorted(later.calls) == [5, 25]
    later.calls[5]()
    assert running.should_exit and not ended
    later.calls[25]()
    assert ended == [128 + signal.SIGTERM]


@pytest.mark.parametrize("signals", [[signal.SIGINT], [signal.SIGTERM, signal.SIGTERM]])
def test_an_impatient_user_is_not_made_to_wait_for_the_drain_period(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, signals: list[int]
) -> None:
    monkeypatch.setattr(server, "_later", Later())
    app = FastAPI()
    app.state.ending = Event()
    running = server.Server(app, _on(settings, drain_seconds=5).api)
    for sent in signals:
        running.handle_exit(sent, None)
    assert running.should_exit


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
