"""A service whose decisions are made up."""

import pytest
from fastapi.testclient import TestClient

from credit_scoring.api.main import create_app
from credit_scoring.core.settings import Settings
from tests.unit.api.fake_decisions import FakeDecisions


@pytest.fixture
def decisions() -> FakeDecisions:
    """What the service asks."""
    return FakeDecisions()


@pytest.fixture
def client(decisions: FakeDecisions, settings: Settings) -> TestClient:
    """The service on made-up decisions."""
    app = create_app(settings)
    # Not entered as a context: the service's own start, which needs a model, is left out.
    app.state.decisions = decisions
    return TestClient(app, raise_server_exceptions=False)
