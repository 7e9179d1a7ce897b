"""API keys are shown once, stored as a hash and valid until revoked."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from credit_scoring.api.security import keys
from credit_scoring.api.security.keys import KeyRing, KeyStore, Scope, open_key_store
from credit_scoring.cli import app
from credit_scoring.core.errors import MissingArtefactError, StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.data_contracts.application_request import EXAMPLE
from tests.unit.api.fake_decisions import FakeDecisions


@pytest.fixture
def store(settings: Settings) -> Iterator[KeyStore]:
    opened = open_key_store(settings)
    yield opened
    opened.close()


@pytest.fixture
def ring(store: KeyStore) -> KeyRing:
    return KeyRing(store)


def test_a_key_is_found_again_by_its_text_alone(store: KeyStore, ring: KeyRing) -> None:
    first, text = store.create("branch in Lyon", [Scope.PREDICT])
    second, _ = store.create("auditor", [Scope.READ])
    ring.refresh()
    assert ring.key_of(text) == first
    assert first.key_id != second.key_id
    assert [key.owner for key in store.all()] == ["branch in Lyon", "auditor"]


def test_the_key_itself_is_nowhere_in_the_database(store: KeyStore, settings: Settings) -> None:
    _, text = store.create("branch", [Scope.PREDICT])
    secret = text.split("_", 2)[2].encode()
    stored = b"".join(path.read_bytes() for path in (settings.data_directory / "databases").iterdir())
    assert b"branch" in stored
    assert secret not in stored


@pytest.mark.parametrize("change", ["", "x", "credit", "other secret", "other id", "longer", "cut"])
def test_an_altered_key_is_not_found(store: KeyStore, ring: KeyRing, change: str) -> None:
    key, text = store.create("branch", [Scope.PREDICT])
    ring.refresh()
    sent = {
        "other secret": f"credit_{key.key_id}_{'A' * 43}",
        "other id": text.replace(key.key_id, "0" * 12),
        "longer": text + "A" * 1000,
        "cut": text[:-1],
    }.get(change, change)
    assert ring.key_of(sent) is None


def test_keys_are_read_from_a_replaced_database_file(
    store: KeyStore, ring: KeyRing, settings: Settings, tmp_path: Path
) -> None:
    _, text = store.create("a branch", [Scope.PREDICT])
    ring.refresh()
    assert ring.key_of(text) is not None
    KeyStore(f"sqlite:///{tmp_path / 'restored.db'}").close()
    for file in (settings.data_directory / "databases").glob("api_keys.db*"):
        file.rename(tmp_path / file.name)
    (tmp_path / "restored.db").rename(settings.data_directory / "databases" / "api_keys.db")
    ring.refresh()
    assert ring.key_of(text) is None


def test_a_revoked_key_is_rejected_after_the_next_refresh(store: KeyStore, ring: KeyRing) -> None:
    key, text = store.create("branch", [Scope.PREDICT])
    ring.refresh()
    store.revoke(key.key_id)
    first_time = store.all()[0].revoked_at
    store.revoke(key.key_id)
    assert first_time is not None
    assert store.all()[0].revoked_at == first_time
    ring.refresh()
    assert ring.key_of(text) is None


def test_a_key_is_rejected_once_it_has_expired_without_a_refresh(
    store: KeyStore, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, text = store.create("contractor", [Scope.PREDICT], timedelta(days=30))
    _, permanent = store.create("branch", [Scope.PREDICT])
    ring.refresh()
    assert ring.key_of(text) == key
    passed = timedelta()
    monkeypatch.setattr(keys, "datetime", SimpleNamespace(now=lambda _: datetime.now(UTC) + passed))
    passed = timedelta(days=29, hours=23)
    assert ring.key_of(text) == key
    passed = timedelta(days=30)
    assert ring.key_of(text) is None and ring.key_of(permanent) is not None


def test_a_key_of_the_version_before_never_expires(store: KeyStore, ring: KeyRing, settings: Settings) -> None:
    _, text = store.create("branch", [Scope.PREDICT])
    with closing(sqlite3.connect(settings.data_directory / "databases" / "api_keys.db")) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(api_keys)") if row[1] != "expires_at"]
        # What the version before writes: it does not know the column.
        named = ", ".join(columns)
        connection.execute(f"CREATE TEMP TABLE kept AS SELECT {named} FROM api_keys")
        connection.execute("DELETE FROM api_keys")
        connection.execute(f"INSERT INTO api_keys ({named}) SELECT {named} FROM kept")
        connection.commit()
    ring.refresh()
    assert ring.key_of(text) is not None


def test_an_unknown_key_cannot_be_revoked(store: KeyStore) -> None:
    with pytest.raises(MissingArtefactError, match="no API key 123"):
        store.revoke("123")


def test_keys_stay_valid_while_their_database_is_unavailable(settings: Settings, tmp_path: Path) -> None:
    store = open_key_store(settings)
    _, text = store.create("branch", [Scope.PREDICT])
    ring = KeyRing(store)
    ring.refresh()
    store.close()
    databases = settings.data_directory / "databases"
    databases.rename(tmp_path / "away")
    with pytest.raises(StorageError, match="store of API keys"):
        ring.refresh()
    assert ring.key_of(text) is not None
    assert "store of API keys" in str(ring.unavailable_reason)
    (tmp_path / "away").rename(databases)
    ring.refresh()
    assert ring.unavailable_reason is None


def test_health_reports_keys_that_cannot_be_refreshed(
    started: Callable[..., TestClient], store: KeyStore, settings: Settings, tmp_path: Path
) -> None:
    client = started()
    ring = cast(FastAPI, client.app).state.service.keys
    databases = settings.data_directory / "databases"
    databases.rename(tmp_path / "away")
    with pytest.raises(StorageError):
        ring.refresh()
    answer = client.get("/health").json()
    (tmp_path / "away").rename(databases)
    assert answer["status"] == "degraded"
    assert answer["parts"]["keys"] == "unavailable; the keys read last stay valid"


def test_a_key_with_an_unknown_scope_is_named_and_the_valid_keys_stay_valid(
    store: KeyStore, ring: KeyRing, settings: Settings
) -> None:
    key, text = store.create("branch", [Scope.PREDICT])
    ring.refresh()
    with closing(sqlite3.connect(settings.data_directory / "databases" / "api_keys.db")) as connection:
        connection.execute("UPDATE api_keys SET scopes = 'predict,write'")
        connection.commit()
    with pytest.raises(StorageError, match=f"API key {key.key_id} has a scope"):
        ring.refresh()
    assert ring.key_of(text) is not None
    assert "'write'" in str(ring.unavailable_reason)


def test_the_openapi_description_names_the_paths_that_need_a_key(started: Callable[..., TestClient]) -> None:
    client = started()
    examples = {"decision_id": "0" * 32, "client_id": "100001"}
    required = set()
    for path, methods in client.get("/openapi.json").json()["paths"].items():
        for method, described in methods.items():
            status = client.request(method, path.format(**examples)).status_code
            assert (status == 401) == ("security" in described), f"{method} {path}"
            required.add(status == 401)
    assert required == {True, False}


def test_the_command_line_creates_lists_and_revokes_keys(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setenv("CREDIT_DATA_DIRECTORY", str(settings.data_directory))
    scopes = ["--scope", "predict", "--scope", "read"]
    made = CliRunner().invoke(app, ["keys", "create", "branch", *scopes, "--days", "30"])
    text = made.stdout.strip()
    assert made.exit_code == 0
    key_id = text.split("_")[1]
    assert "Store it now" in made.stderr
    listed = CliRunner().invoke(app, ["keys", "list"]).stdout
    assert key_id in listed and "expires 20" in listed
    assert text not in listed
    assert CliRunner().invoke(app, ["keys", "revoke", key_id]).exit_code == 0
    store = open_key_store(settings)
    (key,) = store.all()
    store.close()
    assert key.revoked_at is not None and key.expires_at == key.created_at + timedelta(days=30)
    assert f"until {key.expires_at:%Y-%m-%d %H:%M}" in made.stderr
    assert key.scopes == {Scope.PREDICT, Scope.READ}


@pytest.mark.parametrize(
    ("scopes", "status"),
    [([Scope.PREDICT], 200), ([Scope.ADMIN], 200), ([Scope.READ, Scope.ADMIN], 200), ([Scope.READ], 403)],
)
def test_a_decision_needs_the_scope_predict(
    store: KeyStore, started: Callable[..., TestClient], scopes: list[Scope], status: int
) -> None:
    key, text = store.create("branch", scopes)
    answer = started().post("/predict", json=EXAMPLE, headers={"X-API-Key": text})
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["detail"] == f"Key {key.key_id} does not have the scope predict."


@pytest.mark.parametrize("headers", [{}, {"X-API-Key": ""}, {"X-API-Key": "credit_1_2"}, {"X-API-Key": "\xff"}])
def test_without_a_valid_key_nothing_is_decided(
    started: Callable[..., TestClient], decisions: FakeDecisions, headers: dict[str, str]
) -> None:
    raw = {name: value.encode("latin-1") for name, value in headers.items()}
    answer = started().post("/predict", json=EXAMPLE, headers=raw)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "ApiKey"
    assert answer.json()["type"] == "urn:credit-scoring:problem:unauthorized"
    assert decisions.requests == []


def test_a_service_without_keys_logs_a_warning(
    started: Callable[..., TestClient], capsys: pytest.CaptureFixture[str]
) -> None:
    assert started(environment="dev").post("/predict", json=EXAMPLE).status_code == 200
    assert "NO API KEYS" in capsys.readouterr().out + capsys.readouterr().err


@pytest.mark.parametrize("environment", ["production", "staging"])
def test_only_dev_needs_no_keys(started: Callable[..., TestClient], environment: str) -> None:
    assert started(environment=environment).post("/predict", json=EXAMPLE).status_code == 401


def test_a_caller_beyond_the_rate_limit_gets_429(started: Callable[..., TestClient], store: KeyStore) -> None:
    texts = [store.create(owner, [Scope.PREDICT])[1] for owner in ("eager", "calm")]
    client = started(api={"requests_per_second": 1.0})
    statuses = [client.post("/predict", json=EXAMPLE, headers={"X-API-Key": texts[0]}).status_code for _ in range(5)]
    assert statuses[:2] == [200, 200]
    assert statuses[-1] == 429
    waiting = client.post("/predict", json=EXAMPLE, headers={"X-API-Key": texts[0]})
    assert 1 <= int(waiting.headers["retry-after"]) <= 2
    assert client.post("/predict", json=EXAMPLE, headers={"X-API-Key": texts[1]}).status_code == 200
