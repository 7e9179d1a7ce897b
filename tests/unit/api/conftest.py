"""A service with fake decisions and a fake registry."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import cast

import pytest
from fastapi.testclient import TestClient

from credit_scoring.api.main import create_app
from credit_scoring.core.settings import Settings
from credit_scoring.decisions.service import DecisionService
from credit_scoring.model_registry.registry import ModelRegistry
from tests.unit.api.fake_decisions import FakeDecisions, FakeRegistry


@pytest.fixture
def decisions() -> FakeDecisions:
    """The decision service behind the API."""
    return FakeDecisions()


@pytest.fixture
def registry() -> FakeRegistry:
    """The source of new champions."""
    return FakeRegistry()


@pytest.fixture
def started(
    decisions: FakeDecisions, registry: FakeRegistry, settings: Settings
) -> Iterator[Callable[..., TestClient]]:
    """Starts a service on the fakes with changed settings."""
    with ExitStack() as running:

        def start(**changes: object) -> TestClient:
            app = create_app(
                settings.with_values(**changes), cast(DecisionService, decisions), cast(ModelRegistry, registry)
            )
            return running.enter_context(TestClient(app, raise_server_exceptions=False))

        yield start


@pytest.fixture
def client(started: Callable[..., TestClient]) -> TestClient:
    """A service without API keys."""
    return started(environment="dev", api={"requests_per_second": 1e9})
