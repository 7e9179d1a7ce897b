"""Online feature rows: one packed float32 vector of history features per client, in SQLite or PostgreSQL.

Rows of a new version are loaded beside the old ones; readers follow one pointer, so they see the old version or the
new one, never a mixture.
"""

from collections.abc import Iterable
from datetime import datetime

import numpy as np
import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict

from credit_scoring.core.database import Database
from credit_scoring.core.errors import MissingArtefactError
from credit_scoring.core.manifest import DataSource

_metadata = sa.MetaData()
_versions = sa.Table(
    "online_feature_versions",
    _metadata,
    sa.Column("fingerprint", sa.String(32), primary_key=True),
    sa.Column("description", sa.Text, nullable=False),
)
_rows = sa.Table(
    "online_features",
    _metadata,
    sa.Column("fingerprint", sa.String(32), primary_key=True),
    sa.Column("client_id", sa.Integer, primary_key=True),
    sa.Column("history", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
_pointer = sa.Table(
    "online_pointer",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("fingerprint", sa.String(32), nullable=False),
)


class OnlineVersion(BaseModel):
    """What the serving side must know of the rows it reads.

    Attributes:
        number: offline version these rows come from.
        history_features: names, in the order of the packed vector.
        population: statistics that application features need, as JSON.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    fingerprint: str
    number: int
    created_at: datetime
    source: DataSource
    history_features: tuple[str, ...]
    population: str


class OnlineStore:
    """The online rows behind a SQLAlchemy URL; tables are created when missing.

    Raises:
        StorageError: the database cannot be reached, read or written.
    """

    def __init__(self, url: str) -> None:
        self._database = Database(url, _metadata, "online store", "online_store_url")

    def materialise(self, version: OnlineVersion, rows: Iterable[tuple[np.ndarray, np.ndarray]]) -> int:
        """Load a version and make it the one that is read; returns its number of rows.

        Args:
            rows: chunks of client numbers (n,) and float32 history features (n, features).
        """
        count = 0
        with self._database.transaction() as connection:
            # The version in use stays: a service may be between reading the pointer and answering.
            kept = sa.select(_pointer.c.fingerprint).scalar_subquery()
            for table in (_rows, _versions):
                connection.execute(sa.delete(table).where(table.c.fingerprint.is_distinct_from(kept)))
                connection.execute(sa.delete(table).where(table.c.fingerprint == version.fingerprint))
            connection.execute(
                sa.insert(_versions),
                {"fingerprint": version.fingerprint, "description": version.model_dump_json()},
            )
            for client_ids, history in rows:
                count += len(client_ids)
                connection.execute(sa.insert(_rows), _packed(version.fingerprint, client_ids, history))
            connection.execute(sa.delete(_pointer))
            connection.execute(sa.insert(_pointer), {"id": 1, "fingerprint": version.fingerprint})
        return count

    def current(self) -> OnlineVersion:
        """The version that is read; raises MissingArtefactError before the first one is loaded."""
        query = sa.select(_versions.c.description).join(
            _pointer, _pointer.c.fingerprint == _versions.c.fingerprint
        )
        with self._database.transaction() as connection:
            description = connection.execute(query).scalar()
        if description is None:
            raise _nothing_published()
        return OnlineVersion.model_validate_json(description)

    def read(self, client_id: int) -> tuple[str, np.ndarray | None]:
        """Fingerprint of the version that is read, and a client's packed float32 history features in it.

        The vector is None for a client the store does not know. Both come from one query, so they belong together
        even while another version is being loaded. Raises MissingArtefactError before the first version.
        """
        query = sa.select(_pointer.c.fingerprint, _rows.c.history).select_from(
            _pointer.outerjoin(
                _rows,
                sa.and_(_rows.c.fingerprint == _pointer.c.fingerprint, _rows.c.client_id == client_id),
            )
        )
        with self._database.transaction() as connection:
            found = connection.execute(query).first()
        if found is None:
            raise _nothing_published()
        return found.fingerprint, None if found.history is None else np.frombuffer(found.history, np.float32)

    def close(self) -> None:
        """Give back the database connections."""
        self._database.close()


def _nothing_published() -> MissingArtefactError:
    return MissingArtefactError(
        "The online store holds no feature version.", "Run `credit-scoring features publish`."
    )


def _packed(fingerprint: str, client_ids: np.ndarray, history: np.ndarray) -> list[dict[str, object]]:
    contiguous = np.ascontiguousarray(history, dtype=np.float32)
    return [
        {"fingerprint": fingerprint, "client_id": int(client_id), "history": row.tobytes()}
        for client_id, row in zip(client_ids, contiguous, strict=True)
    ]
