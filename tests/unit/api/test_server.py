"""What stands in the way of a service is said before its server starts; several workers share their measures."""

import gc
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import uvicorn
from fastapi import FastAPI
from uvicorn.importer import import_from_string

from credit_scoring.api import main, server
from credit_scoring.core.errors import SettingsError
from credit_scoring.core.settings import Settings, load_settings, shared_metrics_folder
from credit_scoring.decisions.service import DecisionService
from tests.support.servers.processes import free_port
from tests.unit.api.fake_decisions import FakeDecisions

SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


class Server:
    """Stands for the one that would run for ever, and remembers how it was started."""

    def __init__(self) -> None:
        self.app: object = None
        self.options: dict[str, Any] = {}
        self.shared_folder: Path | None = None
        self.folder_was_there = False

    def __call__(self, app: object, **options: Any) -> None:
        """Start, and end at once."""
        self.app, self.options = app, options
        self.shared_folder = shared_metrics_folder()
        self.folder_was_there = self.shared_folder is not None and self.shared_folder.is_dir()


class ClosedDecisions(FakeDecisions):
    """Remembers whether it was closed."""

    is_closed = False

    def close(self) -> None:
        """Remember it."""
        self.is_closed = True


@pytest.fixture(autouse=True)
def _as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a serving process changes for good is put back."""
    monkeypatch.setenv(SHARED_FOLDER, "")
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)
    load_settings.cache_clear()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Server:
    """What is started instead of a server."""
    stands_in = Server()
    monkeypatch.setattr(uvicorn, "run", stands_in)
    return stands_in


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> ClosedDecisions:
    """What is opened instead of model, store and ledger."""
    decisions = ClosedDecisions()
    monkeypatch.setattr(server, "open_decision_service", lambda _: cast(DecisionService, decisions))
    return decisions


def _on(settings: Settings, **api: object) -> Settings:
    return settings.with_values(environment="dev", api={"port": free_port()} | api)


def test_one_worker_serves_what_was_opened_already(
    settings: Settings, started: Server, opened: ClosedDecisions
) -> None:
    announced: list[str] = []
    server.run(_on(settings, shutdown_timeout_seconds=7, workers=1), lambda: announced.append("ready"))
    assert announced == ["ready"]
    assert isinstance(started.app, FastAPI)
    assert not opened.is_closed
    assert started.shared_folder is None
    # Requests in flight get this long; the server names itself to nobody.
    assert started.options["timeout_graceful_shutdown"] == 7
    assert started.options["server_header"] is False


def test_several_workers_open_everything_themselves_and_share_a_folder_while_they_serve(
    settings: Settings, started: Server, opened: ClosedDecisions
) -> None:
    server.run(_on(settings, workers=2), lambda: None)
    assert opened.is_closed
    assert (started.options["workers"], started.options["factory"]) == (2, True)
    assert import_from_string(cast(str, started.app)) is server.create_worker
    assert started.folder_was_there
    assert started.shared_folder is not None
    assert not started.shared_folder.exists()


def test_a_worker_takes_its_settings_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDIT_DATA_DIRECTORY", str(tmp_path / "of a worker"))
    load_settings.cache_clear()
    taken: list[Settings] = []
    make = main.create_app

    def noted(settings: Settings) -> FastAPI:
        taken.append(settings)
        return make(settings)

    monkeypatch.setattr(main, "create_app", noted)
    assert "/predict" in server.create_worker().openapi()["paths"]
    assert [settings.data_directory for settings in taken] == [tmp_path / "of a worker"]
    assert gc.get_freeze_count() > 0


def test_an_address_in_use_is_named_with_the_settings_and_nothing_is_started(
    settings: Settings, started: Server, opened: ClosedDecisions
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SettingsError, match=f"127.0.0.1:{port}.*CREDIT_API_PORT"):
            server.run(_on(settings, port=port), lambda: None)
    assert started.app is None


def test_what_was_opened_is_closed_when_the_start_is_given_up(
    settings: Settings, started: Server, opened: ClosedDecisions
) -> None:
    def give_up() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        server.run(_on(settings), give_up)
    assert opened.is_closed
    assert started.app is None
