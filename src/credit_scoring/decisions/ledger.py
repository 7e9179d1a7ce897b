"""The ledger: every decision with its inputs, feature vector and versions, in a hash chain."""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from credit_scoring.core.database import Database
from credit_scoring.core.errors import ErasedError, MissingArtefactError, StorageError
from credit_scoring.core.urls import sqlite_file
from credit_scoring.decisions.chain import Head, Row, chained
from credit_scoring.decisions.decision_record import Entry, entry_of
from credit_scoring.decisions.encryption import new_key, seal, unseal
from credit_scoring.decisions.ledger_file import LedgerFile
from credit_scoring.decisions.sql_tables import DECISIONS, HEAD, IS_DECISION, KEYS, SCHEMA

_PAGE_ROWS = 1_000
_RESTORE = (
    "Delete the file of a SQLite ledger, and the service restores its own; restore a PostgreSQL database. "
    "To continue with what is there, restart the service."
)
_HEAD = sa.select(HEAD.c.ledger_id, HEAD.c.rows, HEAD.c.hash)
# A writer locks this row first, so that concurrent processes extend one chain.
_HEAD_FOR_UPDATE = _HEAD.with_for_update()
_BEFORE_FIRST = -(2**63)
_DECISION_ID = sa.select(DECISIONS.c.decision_id)
_WITH_KEY = sa.select(DECISIONS, KEYS.c.key, KEYS.c.erased_at, KEYS.c.client_id).outerjoin(
    KEYS, KEYS.c.key_id == DECISIONS.c.key_id
)
DECISION_WITH_KEY = _WITH_KEY.where(IS_DECISION)


@dataclass(frozen=True)
class Key:
    """The key that decrypts a person's decisions; all None if the table of keys does not hold it.

    Attributes:
        secret: None after its erasure at `erased_at`.
        client_id: that the table of keys assigns to it; outside the chain, so it must equal the encrypted one.
    """

    secret: bytes | None
    erased_at: str | None
    client_id: int | None


@dataclass(frozen=True)
class Erasure:
    """Who erases a person's data and why; the chain keeps both permanently, so they must not describe that person."""

    by: str
    why: str


class Ledger:
    """The decisions behind a SQLAlchemy URL.

    Args:
        timeout_seconds: as in `Database`.

    Raises:
        StorageError: the database cannot be reached or written.
    """

    def __init__(self, url: str, timeout_seconds: float = 10.0) -> None:
        path = sqlite_file(url)
        self._file = None if path is None else LedgerFile(path)
        self._database = Database(
            url,
            SCHEMA,
            timeout_seconds,
            may_create=self._file is None or not self._file.is_begun,
        )
        head = self.head()
        self._ledger_id, self._durable_rows = head.ledger_id, head.rows
        self._keep_file_open()

    def _keep_file_open(self) -> None:
        if self._file is not None:
            self._file.keep_open(self._database.open_connection(_HEAD), self._ledger_id)

    def check(self) -> None:
        """Raises StorageError when a SQLite ledger's file was deleted or replaced by another ledger."""
        if self._file is not None:
            self._check_head()

    def reopen(self) -> None:
        """Use the database again after it was unavailable; a SQLite file that was deleted is restored.

        Raises:
            StorageError: it is still unavailable, or holds another ledger or an older copy of this one.
        """
        if self._file is not None:
            self._file.restore_if_deleted()
            if self._file.was_restored:
                # Perhaps by another service, which may be writing its journal by now.
                self._database.accept_replaced_file()
        self._database.close()
        self._check_head()
        self._keep_file_open()

    def _check_head(self) -> None:
        # Read first: another thread may record a decision before the head is compared.
        durable_rows = self._durable_rows
        self._require_same(self.head(), durable_rows)

    def _require_same(self, head: Head, durable_rows: int) -> None:
        if head.ledger_id != self._ledger_id:
            raise StorageError(
                f"The database holds the decision ledger {head.ledger_id} instead of {self._ledger_id}.", _RESTORE
            )
        if head.rows < durable_rows:
            raise StorageError(
                f"The database holds an older copy of the decision ledger: {head.rows} rows, "
                f"{durable_rows} were stored.",
                _RESTORE,
            )

    def rows(self, query: sa.Select[Any], parameters: Mapping[str, object] | None = None) -> Sequence[Any]:
        """All rows of a query over the ledger's tables."""
        return self._database.rows(query, parameters)

    def reading(self) -> AbstractContextManager[sa.Connection]:
        """A connection for several queries."""
        return self._database.reading()

    @contextmanager
    def extending(self) -> Iterator[tuple[sa.Connection, list[Row]]]:
        """A transaction that extends the chain by the rows put into the list; they get their sequence and hash then."""
        rows: list[Row] = []
        with self._database.writing() as connection:
            head = _head_from_row(connection.execute(_HEAD_FOR_UPDATE).first())
            self._require_same(head, self._durable_rows)
            yield connection, rows
            if rows:
                extended, head = chained(head, rows)
                connection.execute(sa.insert(DECISIONS), [vars(row) for row in extended])
                connection.execute(sa.update(HEAD), {"rows": head.rows, "hash": head.hash})
        self._durable_rows = max(self._durable_rows, head.rows)

    def append(self, entries: Sequence[Entry]) -> int:
        """Store decisions, all or none; returns the number of new ones. They survive a crash from then on.

        Decisions whose id is stored already are skipped: the outcome of an earlier commit may be unknown, and another
        service may have answered the same request.
        """
        with self.extending() as (connection, rows):
            # One transaction may hold several requests with one idempotency key: the first of them counts.
            by_id = {entry.record.decision_id: entry for entry in reversed(entries)}
            stored = set(connection.scalars(_DECISION_ID.where(DECISIONS.c.decision_id.in_(by_id))))
            entries = [entry for decision_id, entry in reversed(by_id.items()) if decision_id not in stored]
            for entry, (key_id, key) in zip(entries, _keys_for(connection, entries), strict=True):
                decision_id, decided_at = entry.record.decision_id, entry.record.decided_at.astimezone(UTC).isoformat()
                sealed = seal(key, entry.personal(), decision_id)
                rows.append(Row(0, decision_id, decided_at, key_id, entry.facts(), sealed))
        return len(rows)

    def get(self, decision_id: str) -> Entry:
        """A decision and its feature vector.

        Raises:
            MissingArtefactError: no decision has this id.
            ErasedError: its personal data was erased.
        """
        rows = self._database.rows(DECISION_WITH_KEY.where(DECISIONS.c.decision_id == decision_id))
        if not rows:
            raise MissingArtefactError(
                f"The ledger holds no decision {decision_id}.", "Check the id; every response contains it."
            )
        return decrypted(rows[0])

    def of_client(self, client_id: int) -> list[Entry]:
        """Every decision on a client, in the order of the chain; empty for an unknown or erased client."""
        query = DECISION_WITH_KEY.where(KEYS.c.client_id == client_id).order_by(DECISIONS.c.sequence)
        return [decrypted(row) for row in self._database.rows(query)]

    def erase(self, client_id: int, erasure: Erasure) -> int:
        """Erase a client's key and the link to the decisions; returns how many became unreadable."""
        return self._erase(KEYS.c.client_id == client_id, erasure)

    def erase_decision(self, decision_id: str, erasure: Erasure) -> int:
        """Like `erase`, for the applicant of a decision: the only way for applicants without a client id.

        Raises:
            MissingArtefactError, ErasedError: as in `get`.
        """
        key_of = sa.select(DECISIONS.c.key_id).where(IS_DECISION, DECISIONS.c.decision_id == decision_id)
        erased = self._erase(KEYS.c.key_id.in_(key_of), erasure)
        if not erased:
            self.get(decision_id)
        return erased

    def erase_older(self, moment: datetime, erasure: Erasure) -> int:
        """Like `erase`, for every person whose last decision is older than a moment: a retention period."""
        last_decided = sa.select(DECISIONS.c.key_id).where(IS_DECISION).group_by(DECISIONS.c.key_id)
        before = sa.func.max(DECISIONS.c.decided_at) < moment.astimezone(UTC).isoformat()
        return self._erase(KEYS.c.key_id.in_(last_decided.having(before)), erasure)

    def _erase(self, condition: sa.ColumnElement[bool], erasure: Erasure) -> int:
        """Erase keys, and record one erasure for each in the same transaction."""
        facts = json.dumps({"erased_by": erasure.by, "why": erasure.why})
        readable = sa.and_(condition, KEYS.c.key.is_not(None))
        decisions = sa.select(KEYS.c.key_id, sa.func.count()).join(DECISIONS, DECISIONS.c.key_id == KEYS.c.key_id)
        # The writers' lock: no transaction may still use the old key.
        with self.extending() as (connection, rows):
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA secure_delete=ON")
            at = datetime.now(UTC).isoformat()
            found = connection.execute(decisions.where(readable, IS_DECISION).group_by(KEYS.c.key_id)).all()
            rows += [Row(0, uuid.uuid4().hex, at, key_id, facts, b"") for key_id, _ in found]
            connection.execute(sa.update(KEYS).where(readable).values(key=None, client_id=None, erased_at=at))
        # Overwritten values stay in the database files until then.
        self._database.vacuum(KEYS)
        return sum(count for _, count in found)

    def head(self) -> Head:
        """The end of the chain."""
        return _head_from_row(next(iter(self._database.rows(_HEAD)), None))

    def newest_decision(self) -> str:
        """When the newest decision was made, in UTC as ISO 8601; empty before the first one."""
        return str(self._database.rows(sa.select(sa.func.max(DECISIONS.c.decided_at)))[0][0] or "")

    def rows_with_keys(self) -> Iterator[tuple[Row, Key]]:
        """Every row in the order of the chain, with its key; read in pages."""
        query = _WITH_KEY.where(DECISIONS.c.sequence > sa.bindparam("after")).order_by(DECISIONS.c.sequence)
        after = _BEFORE_FIRST
        while True:
            page = self._database.rows(query.limit(_PAGE_ROWS), {"after": after})
            for *row, secret, erased_at, client_id in page:
                yield Row(*row), Key(secret, erased_at, client_id)
            if len(page) < _PAGE_ROWS:
                return
            after = page[-1].sequence

    def close(self) -> None:
        """Close the database connections."""
        if self._file is not None:
            self._file.close()
        self._database.close()


def _keys_for(connection: sa.Connection, entries: Sequence[Entry]) -> list[tuple[str, bytes]]:
    """Key id and key of each entry: one key per client, or per decision without a client id."""
    wanted = {entry.record.client_id for entry in entries} - {None}
    query = sa.select(KEYS.c.client_id, KEYS.c.key_id, KEYS.c.key).where(KEYS.c.client_id.in_(wanted))
    known = {client_id: (key_id, key) for client_id, key_id, key in connection.execute(query)} if wanted else {}
    created: list[dict[str, object]] = []
    keys: list[tuple[str, bytes]] = []
    for entry in entries:
        client_id = entry.record.client_id
        if client_id is None or client_id not in known:
            known[client_id] = key_id, key = uuid.uuid4().hex, new_key()
            created.append({"key_id": key_id, "client_id": client_id, "key": key})
        keys.append(known[client_id])
    if created:
        connection.execute(sa.insert(KEYS), created)
    return keys


def _head_from_row(row: Sequence[Any] | None) -> Head:
    if row is None:
        raise StorageError(
            "The decision ledger has lost the row with the end of its chain.",
            "Run `credit-scoring decisions verify`, and restore the ledger from a backup.",
        )
    ledger_id, rows, last_hash = row
    return Head(ledger_id, rows, last_hash)


def decrypted(row: sa.Row[tuple[object, ...]]) -> Entry:
    """The decision in a row with its key; raises ErasedError, and StorageError if the key does not decrypt it."""
    if row.erased_at is not None:
        raise ErasedError(
            f"The personal data of decision {row.decision_id} was erased on {row.erased_at}.",
            "This cannot be undone; the ledger keeps only that the decision was made.",
        )
    try:
        entry = entry_of(unseal(row.key or b"", row.sealed, row.decision_id), row.facts)
        if entry.record.client_id != row.client_id:
            raise ValueError("its key is assigned to another client")
        return entry
    except ValueError as error:
        raise StorageError(
            f"Decision {row.decision_id} cannot be read ({error}).",
            "Run `credit-scoring decisions verify`, and restore the ledger from a backup.",
        ) from error
