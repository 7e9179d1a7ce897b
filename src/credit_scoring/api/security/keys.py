"""API keys: how they are stored, and how a request's key is checked.

Only the SHA-256 of a key is stored. Slow hashes protect passwords that people choose; a key has 256 random bits, so it
cannot be guessed, and it is checked in every request.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from pydantic import BaseModel

from credit_scoring.core.database import Database
from credit_scoring.core.errors import MissingArtefactError, StorageError
from credit_scoring.core.schema import Schema
from credit_scoring.core.settings import Settings

_PREFIX: Final = "credit"
_ID_BYTES, _SECRET_BYTES = 6, 32
_MAX_KEY_LENGTH: Final = 200

_metadata = sa.MetaData()
SCHEMA = Schema(
    name="api_keys",
    purpose="store of API keys",
    setting="api.keys_url",
    file="api_keys",
    tables=_metadata,
    revisions=Path(__file__).parent / "revisions",
    newest=2,
)
_keys = sa.Table(
    "api_keys",
    _metadata,
    sa.Column("key_id", sa.String(2 * _ID_BYTES), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("owner", sa.String(100), nullable=False),
    sa.Column("scopes", sa.String(100), nullable=False),
    sa.Column("created_at", sa.String(40), nullable=False),
    sa.Column("revoked_at", sa.String(40)),
    # Since revision 2. A version that does not know it leaves it empty, and accepts a key until it is revoked.
    sa.Column("expires_at", sa.String(40)),
)


class Scope(StrEnum):
    """A permission of a key."""

    PREDICT = "predict"
    READ = "read"
    REPORT = "report"
    ADMIN = "admin"


class ApiKey(BaseModel, frozen=True, extra="forbid"):
    """The stored part of a key.

    Attributes:
        digest: SHA-256 of the whole key.
        owner: person or system that uses it.
        expires_at: from then on it is rejected; None: it is valid until it is revoked.
    """

    key_id: str
    digest: str
    owner: str
    scopes: frozenset[Scope]
    created_at: datetime
    revoked_at: datetime | None = None
    expires_at: datetime | None = None

    def allows(self, scope: Scope) -> bool:
        """Whether the key has a scope; admin has all."""
        return scope in self.scopes or Scope.ADMIN in self.scopes


class KeyStore:
    """The keys behind a SQLAlchemy URL.

    Args:
        timeout_seconds, may_create: as in `Database`.

    Raises:
        StorageError: the database cannot be reached, read or written.
    """

    def __init__(self, url: str, timeout_seconds: float | None = None, may_create: bool = True) -> None:
        self._database = Database(url, SCHEMA, timeout_seconds, may_create)

    def create(self, owner: str, scopes: Iterable[Scope], lifetime: timedelta | None = None) -> tuple[ApiKey, str]:
        """A new key: its stored part, and the key itself, which cannot be retrieved again.

        Args:
            lifetime: after which the key is rejected; None: it is valid until it is revoked.
        """
        key_id = secrets.token_hex(_ID_BYTES)
        text = f"{_PREFIX}_{key_id}_{secrets.token_urlsafe(_SECRET_BYTES)}"
        now = datetime.now(UTC)
        key = ApiKey(
            key_id=key_id,
            digest=_digest(text),
            owner=owner,
            scopes=frozenset(scopes),
            created_at=now,
            expires_at=None if lifetime is None else now + lifetime,
        )
        row = dict(key) | {"scopes": ",".join(sorted(key.scopes)), "created_at": key.created_at.isoformat()}
        row["expires_at"] = None if key.expires_at is None else key.expires_at.isoformat()
        with self._database.transaction() as connection:
            connection.execute(sa.insert(_keys), row)
        return key, text

    def all(self) -> list[ApiKey]:
        """Every key, including revoked ones, oldest first."""
        return [_key_of(row) for row in self._database.rows(sa.select(_keys).order_by(_keys.c.created_at))]

    def revoke(self, key_id: str) -> None:
        """Revoke a key permanently; a second call changes nothing. Raises MissingArtefactError for an unknown key."""
        revoked_at = sa.func.coalesce(_keys.c.revoked_at, datetime.now(UTC).isoformat())
        with self._database.transaction() as connection:
            changed = connection.execute(sa.update(_keys).where(_keys.c.key_id == key_id).values(revoked_at=revoked_at))
        if changed.rowcount == 0:
            raise MissingArtefactError(f"There is no API key {key_id}.", "`credit-scoring keys list` shows all.")

    def close(self) -> None:
        """Close the database connections."""
        self._database.close()


class KeyRing:
    """The valid keys in memory: requests neither wait for the database nor fail while it is unavailable.

    Attributes:
        unavailable_reason: why the last refresh failed, or None; keys revoked since the last successful one are still
            accepted.
    """

    def __init__(self, store: KeyStore) -> None:
        self._store = store
        self._valid: Mapping[str, ApiKey] = {}
        self.unavailable_reason: str | None = None

    def refresh(self) -> None:
        """Read the store; keys that were revoked are rejected from now on."""
        try:
            self._valid = {key.key_id: key for key in self._store.all() if key.revoked_at is None}
        except Exception as error:  # of any kind: `/health` must report that revoked keys are still accepted
            self.unavailable_reason = str(error)
            raise
        self.unavailable_reason = None

    def close(self) -> None:
        """Close the store."""
        self._store.close()

    def key_of(self, text: str) -> ApiKey | None:
        """The valid key that a caller sent, or None; compared in constant time."""
        if len(text) > _MAX_KEY_LENGTH:
            return None
        key = self._valid.get(text.removeprefix(f"{_PREFIX}_").split("_", 1)[0])
        matches = hmac.compare_digest(_digest(text), key.digest if key else _digest(""))
        is_valid = key is not None and matches and (key.expires_at is None or datetime.now(UTC) < key.expires_at)
        return key if is_valid else None


def open_key_ring(settings: Settings) -> KeyRing | None:
    """The valid keys of the configured store; None in dev, where no keys are required.

    Raises:
        StorageError: the store is unavailable, so that no caller could be recognised.
    """
    if settings.environment == "dev":
        return None
    keys = KeyRing(open_key_store(settings))
    keys.refresh()
    return keys


def open_key_store(settings: Settings, may_create: bool = True) -> KeyStore:
    """The configured key store."""
    return KeyStore(SCHEMA.url(settings), settings.api.look_up_seconds, may_create)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _key_of(row: sa.Row[Any]) -> ApiKey:
    try:
        scopes = frozenset(Scope(name) for name in row.scopes.split(","))
    except ValueError as error:
        raise StorageError(
            f"API key {row.key_id} has a scope unknown to this release ({error}).",
            "Use the release that created the key.",
        ) from error
    return ApiKey(**(row._asdict() | {"scopes": scopes}))
