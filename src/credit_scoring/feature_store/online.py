"""Online feature rows: one packed float32 vector of history features per client, in SQLite or PostgreSQL.

A new version is loaded beside the old one in chunks, so that an interrupted load resumes. Readers follow one pointer:
they see the old version or the new one, never a mixture.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa
from pydantic import BaseModel, ValidationError

from credit_scoring.core.database import Database
from credit_scoring.core.errors import MissingArtefactError, StorageError
from credit_scoring.core.manifest import DataSource
from credit_scoring.core.schema import Schema
from credit_scoring.feature_store.bulk_load import insert_rows

_metadata = sa.MetaData()
SCHEMA = Schema(
    name="online_store",
    purpose="online store",
    setting="features.online_store_url",
    file="online_store",
    tables=_metadata,
    revisions=Path(__file__).parent / "revisions",
)
_versions = sa.Table(
    "online_feature_versions",
    _metadata,
    sa.Column("fingerprint", sa.String(32), primary_key=True),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("loaded_chunks", sa.Integer, nullable=False, default=0),
    sa.Column("loaded_rows", sa.Integer, nullable=False, default=0),
    sa.Column("complete", sa.Boolean, nullable=False, default=False),
)
_rows = sa.Table(
    "online_features",
    _metadata,
    sa.Column("fingerprint", sa.String(32), primary_key=True),
    sa.Column("client_id", sa.Integer, primary_key=True),
    sa.Column("history", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
# Kept after the rows of a version are deleted: the replay of an old decision needs its statistics.
_descriptions = sa.Table(
    "online_feature_descriptions",
    _metadata,
    sa.Column("fingerprint", sa.String(32), primary_key=True),
    sa.Column("description", sa.Text, nullable=False),
)
_pointer = sa.Table(
    "online_pointer",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("fingerprint", sa.String(32), nullable=False),
)


# PostgreSQL and SQLite limit the number of parameters of a statement.
_MAX_CLIENTS_PER_QUERY = 500
_SERVED_ROWS = sa.select(_pointer.c.fingerprint, _rows.c.client_id, _rows.c.history).select_from(
    _pointer.outerjoin(
        _rows,
        sa.and_(
            _rows.c.fingerprint == _pointer.c.fingerprint,
            _rows.c.client_id.in_(sa.bindparam("client_ids", expanding=True)),
        ),
    )
)


class OnlineVersion(BaseModel, frozen=True, extra="forbid"):
    """Description of the stored rows.

    Attributes:
        number: offline version of the rows.
        history_features: names, in the order of the packed vector.
        without_history: the vector of a client without history; None where missing.
        population: statistics for application features, as JSON.
    """

    fingerprint: str
    number: int
    created_at: datetime
    source: DataSource
    history_features: tuple[str, ...]
    without_history: tuple[float | None, ...]
    population: str


class OnlineStore:
    """The online rows behind a SQLAlchemy URL.

    Args:
        timeout_seconds: as in `Database`; None where versions are loaded.

    Raises:
        StorageError: the database cannot be reached, read or written.
    """

    def __init__(self, url: str, timeout_seconds: float | None = None) -> None:
        self._database = Database(url, SCHEMA, timeout_seconds)

    def loaded_chunks(self, fingerprint: str) -> int:
        """Number of chunks of a version that this run or an interrupted one has loaded."""
        return int(
            self._scalar(sa.select(_versions.c.loaded_chunks).where(_versions.c.fingerprint == fingerprint)) or 0
        )

    def materialise(
        self, version: OnlineVersion, chunks: Iterable[tuple[np.ndarray, np.ndarray]], first_chunk: int = 0
    ) -> int:
        """Load a version and point readers to it; returns its number of rows. A complete version is not loaded again.

        Args:
            chunks: client ids (n,) and float32 history features (n, features).
            first_chunk: number of chunks left out because `loaded_chunks` reports them.

        Raises:
            StorageError: the database is unavailable; a later call resumes.
        """
        this = _versions.c.fingerprint == version.fingerprint
        if not self.holds(version):
            self._prepare(version, first_chunk)
            for client_ids, history in chunks:
                loaded = {"loaded_chunks": _versions.c.loaded_chunks + 1}
                loaded["loaded_rows"] = _versions.c.loaded_rows + len(client_ids)
                with self._database.transaction() as connection:
                    insert_rows(connection, _rows, version.fingerprint, client_ids, history)
                    connection.execute(sa.update(_versions).where(this).values(loaded))
        description = version.model_dump_json()
        with self._database.transaction() as connection:
            connection.execute(sa.update(_versions).where(this).values(complete=True, description=description))
            connection.execute(sa.delete(_descriptions).where(_descriptions.c.fingerprint == version.fingerprint))
            connection.execute(
                sa.insert(_descriptions).values(fingerprint=version.fingerprint, description=description)
            )
            connection.execute(sa.delete(_pointer))
            connection.execute(sa.insert(_pointer).values(id=1, fingerprint=version.fingerprint))
            return int(connection.execute(sa.select(_versions.c.loaded_rows).where(this)).scalar_one())

    def serves(self, version: OnlineVersion) -> bool:
        """Whether readers see this version with this description."""
        try:
            return self.current() == version
        except (MissingArtefactError, StorageError):
            return False

    def holds(self, version: OnlineVersion) -> bool:
        """Whether the store lists a version as completely loaded."""
        return bool(self._scalar(sa.select(_versions.c.complete).where(_versions.c.fingerprint == version.fingerprint)))

    def reload(self, version: OnlineVersion, chunks: Iterable[tuple[np.ndarray, np.ndarray]]) -> int:
        """Rewrite all rows of a stored version and point readers to it; returns their number.

        Each chunk replaces its clients' rows in one transaction, so readers find every client at any time.
        """
        rows = 0
        same = sa.and_(_rows.c.fingerprint == version.fingerprint, _rows.c.client_id == sa.bindparam("reloaded"))
        for client_ids, history in chunks:
            with self._database.transaction() as connection:
                connection.execute(sa.delete(_rows).where(same), [{"reloaded": i} for i in client_ids.tolist()])
                insert_rows(connection, _rows, version.fingerprint, client_ids, history)
            rows += len(client_ids)
        with self._database.transaction() as connection:
            this = _versions.c.fingerprint == version.fingerprint
            connection.execute(sa.update(_versions).where(this).values(loaded_rows=rows))
        return self.materialise(version, ())

    def _prepare(self, version: OnlineVersion, first_chunk: int) -> None:
        """Delete every version except the one that is read and the loaded part of this one."""
        with self._database.transaction() as connection:
            in_use = sa.select(_pointer.c.fingerprint).scalar_subquery()
            kept = [version.fingerprint] if first_chunk else []
            for table in (_rows, _versions):
                unused = table.c.fingerprint.is_distinct_from(in_use), table.c.fingerprint.not_in(kept)
                connection.execute(sa.delete(table).where(*unused))
            if not first_chunk:
                described = {"fingerprint": version.fingerprint, "description": version.model_dump_json()}
                connection.execute(sa.insert(_versions), described)

    def current(self) -> OnlineVersion:
        """The version that readers see.

        Raises:
            MissingArtefactError: none is loaded yet.
            StorageError: another release of this program loaded it.
        """
        query = sa.select(_versions.c.description).join(_pointer, _pointer.c.fingerprint == _versions.c.fingerprint)
        description = self._scalar(query)
        if description is None:
            raise nothing_published()
        try:
            return OnlineVersion.model_validate_json(description)
        except ValidationError as error:
            raise StorageError(
                "Another release of this program loaded the online store.", "Run `credit-scoring features reload`."
            ) from error

    def description_of(self, fingerprint: str) -> OnlineVersion | None:
        """A current or former version; None for one that this store never held, or that another release loaded."""
        description = self._scalar(
            sa.select(_descriptions.c.description).where(_descriptions.c.fingerprint == fingerprint)
        )
        try:
            return None if description is None else OnlineVersion.model_validate_json(description)
        except ValidationError:
            return None

    def read(self, client_ids: Sequence[int]) -> tuple[str, dict[int, np.ndarray]]:
        """Fingerprint of the current version, and float32 history features by client; unknown clients are left out.

        All come from the same version, even while another one is loaded.

        Args:
            client_ids: at least one.

        Raises:
            MissingArtefactError: no version is loaded yet.
        """
        found: dict[int, np.ndarray] = {}
        fingerprints = set[str]()
        for start in range(0, len(client_ids), _MAX_CLIENTS_PER_QUERY):
            chunk = client_ids[start : start + _MAX_CLIENTS_PER_QUERY]
            for fingerprint, client_id, history in self._database.rows(_SERVED_ROWS, {"client_ids": chunk}):
                fingerprints.add(fingerprint)
                if client_id is not None:
                    found[client_id] = np.frombuffer(history, np.float32)
        if not fingerprints:
            raise nothing_published()
        if len(fingerprints) > 1:
            # Another version was loaded between two queries.
            return self.read(client_ids)
        return fingerprints.pop(), found

    def _scalar(self, query: sa.Select[tuple[Any]]) -> Any:
        row = next(iter(self._database.rows(query)), None)
        return None if row is None else row[0]

    def close(self) -> None:
        """Close the database connections."""
        self._database.close()


def nothing_published(message: str = "The online store holds no feature version.") -> MissingArtefactError:
    """The error of an empty or missing online store."""
    return MissingArtefactError(
        message,
        "Run `credit-scoring pipeline --source PATH`, or `credit-scoring features publish` if features are built.",
    )
