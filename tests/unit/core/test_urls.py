"""Only addresses that can work are accepted, and no password is ever shown."""

import pytest

from credit_scoring.core.errors import SettingsError
from credit_scoring.core.settings import load_settings
from credit_scoring.core.urls import database_address, tracking_address, without_password

DATABASES = [
    "",
    "sqlite:////var/lib/credit/decisions.db",
    "sqlite:///decisions.db",
    "postgresql://clerk@database/credit",
    "postgresql+psycopg://clerk:hidden@database:5432/credit?sslmode=require",  # pragma: allowlist secret
]
NO_DATABASES = [
    "bad",
    "nonsense://somewhere",
    "sqlite://",
    "mysql://clerk@database/credit",
    "postgresql://host:port/x",
]


@pytest.mark.parametrize("address", DATABASES)
def test_a_database_of_a_supported_kind_is_accepted_everywhere(address: str) -> None:
    assert database_address(address) == address
    assert tracking_address(address) == address


WITH_PASSWORD = "https://clerk:hidden@tracking.example/mlflow"  # pragma: allowlist secret


@pytest.mark.parametrize("address", ["http://127.0.0.1:5000", WITH_PASSWORD])
def test_a_server_can_track_but_is_no_database(address: str) -> None:
    assert tracking_address(address) == address
    with pytest.raises(ValueError, match="no address of a database"):
        database_address(address)


@pytest.mark.parametrize(
    "address", [*NO_DATABASES, "file:///tmp/mlruns", "http://", "http://host:0", "http://[::1"]
)
def test_what_mlflow_cannot_track_to_is_refused_with_the_allowed_forms(address: str) -> None:
    with pytest.raises(ValueError, match="http://HOST:PORT.*sqlite:///PATH"):
        tracking_address(address)


@pytest.mark.parametrize(
    ("variable", "value", "shown"),
    [
        ("CREDIT_REGISTRY_TRACKING_URI", "nonsense", "nonsense"),
        ("CREDIT_LEDGER_URL", "bad", "bad"),
        ("CREDIT_FEATURES_ONLINE_STORE_URL", "bad", "bad"),
        ("CREDIT_LEDGER_URL", "mysql://clerk:hid:@den@host/x", "mysql://clerk:***@host/x"),
    ],
)
def test_a_wrong_address_is_named_with_its_variable_and_the_allowed_forms(
    variable: str, value: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert caught.value.exit_code == 3
    assert caught.value.message.startswith(f"{variable}='{shown}': ")
    assert "postgresql+psycopg://USER:" in caught.value.message
    assert "den@" not in caught.value.message


def test_passwords_are_hidden_in_whole_texts() -> None:
    text = "no answer from http://clerk:hidden@host:1/x (postgresql://other:secret@host/y)"  # pragma: allowlist secret
    assert (
        without_password(text) == "no answer from http://clerk:***@host:1/x (postgresql://other:***@host/y)"
    )
