"""What stands in the way of a service is said before it starts."""

import socket

import pytest

from credit_scoring.api import server
from credit_scoring.core.errors import SettingsError
from credit_scoring.core.settings import Settings


def test_an_address_that_another_service_has_is_named_before_anything_is_opened(settings: Settings) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SettingsError, match=f"Cannot listen on 127.0.0.1:{port}") as refused:
            server.run(settings.model_copy(update={"api_port": port}), pytest.fail)
    assert "CREDIT_API_PORT" in refused.value.next_step
    assert not settings.data_directory.exists() or not list(settings.data_directory.iterdir())
