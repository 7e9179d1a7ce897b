"""Only supported URLs are accepted, and no password is ever shown."""

import pytest

from credit_scoring.core.errors import SettingsError
from credit_scoring.core.settings import load_settings
from credit_scoring.core.urls import database_url, tracking_url, without_credentials

DATABASES = [
    "",
    "sqlite:////var/lib/credit/decisions.db",
    "sqlite:///decisions.db",
    "postgresql://clerk@database/credit",
    "postgresql+psycopg://clerk:hidden@database:5432/credit?sslmode=require",  # pragma: allowlist secret
]
UNSUPPORTED = ["bad", "nonsense://somewhere", "sqlite://", "mysql://clerk@database/credit", "postgresql://host:port/x"]


@pytest.mark.parametrize("url", DATABASES)
def test_a_supported_database_is_accepted_everywhere(url: str) -> None:
    assert database_url(url) == url
    assert tracking_url(url) == url


WITH_PASSWORD = "https://clerk:hidden@tracking.example/mlflow"  # pragma: allowlist secret


@pytest.mark.parametrize("url", ["http://127.0.0.1:5000", WITH_PASSWORD])
def test_a_server_is_a_tracking_url_but_not_a_database_url(url: str) -> None:
    assert tracking_url(url) == url
    with pytest.raises(ValueError, match="not a database URL"):
        database_url(url)


@pytest.mark.parametrize("url", [*UNSUPPORTED, "file:///tmp/mlruns", "http://", "http://host:0", "http://[::1"])
def test_an_unsupported_tracking_url_is_rejected_with_the_supported_forms(url: str) -> None:
    with pytest.raises(ValueError, match="http://HOST:PORT.*sqlite:///PATH"):
        tracking_url(url)


@pytest.mark.parametrize(
    ("variable", "value", "shown"),
    [
        ("CREDIT_REGISTRY_TRACKING_URI", "nonsense", "nonsense"),
        ("CREDIT_LEDGER_URL", "bad", "bad"),
        ("CREDIT_FEATURES_ONLINE_STORE_URL", "bad", "bad"),
        ("CREDIT_LEDGER_URL", "mysql://clerk:hid:@den@host/x", "mysql://clerk:***@host/x"),
    ],
)
def test_an_unsupported_url_is_named_with_its_variable_and_the_supported_forms(
    variable: str, value: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert caught.value.exit_code == 3
    assert caught.value.message.startswith(f"{variable}='{shown}': ")
    assert "postgresql+psycopg://USER:" in caught.value.message
    assert "den@" not in caught.value.message


def test_passwords_are_masked_in_any_text() -> None:
    text = "no answer from http://clerk:hidden@host:1/x (postgresql://other:secret@host/y)"  # pragma: allowlist secret
    assert without_credentials(text) == "no answer from http://clerk:***@host:1/x (postgresql://other:***@host/y)"
