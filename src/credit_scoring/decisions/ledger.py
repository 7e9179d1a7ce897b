"""The ledger: every decision with its inputs, feature vector and versions."""

import json
from datetime import UTC, datetime

import numpy as np
import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict

from credit_scoring.core.database import Database
from credit_scoring.core.errors import MissingArtefactError
from credit_scoring.core.manifest import DataSource
from credit_scoring.scoring.scorer import Decision

_metadata = sa.MetaData()
_decisions = sa.Table(
    "decisions",
    _metadata,
    sa.Column("decision_id", sa.String(32), primary_key=True),
    sa.Column("decided_at", sa.String(40), nullable=False),
    sa.Column("client_id", sa.Integer, index=True),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("features", sa.LargeBinary, nullable=False),
)


class DecisionRecord(BaseModel):
    """One decision, complete enough to be made again.

    Attributes:
        client_id: None when the applicant gave none.
        application: the raw columns as they were received.
        history_found: whether the store knew the client; without history the applicant is scored as new.
        feature_date: when the history features were published.
        probability: calibrated probability of default, from 0 to 1.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    decision_id: str
    decided_at: datetime
    client_id: int | None
    application: dict[str, float | int | str | None]
    history_found: bool
    feature_version: int
    feature_fingerprint: str
    feature_date: datetime
    model_name: str
    model_version: int
    model_hash: str
    source: DataSource
    threshold: float
    probability: float
    decision: Decision


class Ledger:
    """The decisions behind a SQLAlchemy URL; the table is created when missing.

    Raises:
        StorageError: the database cannot be reached or written.
    """

    def __init__(self, url: str) -> None:
        self._database = Database(url, _metadata, "decision ledger", "ledger_url")

    def record(self, decision: DecisionRecord, features: np.ndarray) -> None:
        """Store a decision durably; once this returns, it survives a crash.

        Args:
            features: float32 vector the decision was made from.
        """
        row = {
            "decision_id": decision.decision_id,
            "decided_at": decision.decided_at.astimezone(UTC).isoformat(),
            "client_id": decision.client_id,
            "record": decision.model_dump_json(),
            "features": np.ascontiguousarray(features, dtype=np.float32).tobytes(),
        }
        with self._database.transaction() as connection:
            connection.execute(sa.insert(_decisions), row)

    def get(self, decision_id: str) -> tuple[DecisionRecord, np.ndarray]:
        """A decision and its float32 feature vector; raises MissingArtefactError for an unknown id."""
        query = sa.select(_decisions.c.record, _decisions.c.features).where(
            _decisions.c.decision_id == decision_id
        )
        with self._database.transaction() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise MissingArtefactError(
                f"The ledger holds no decision {decision_id}.", "Check the id; it is part of every answer."
            )
        return DecisionRecord.model_validate(json.loads(row.record)), np.frombuffer(row.features, np.float32)

    def count(self) -> int:
        """Number of recorded decisions."""
        with self._database.transaction() as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(_decisions)).scalar_one())

    def close(self) -> None:
        """Give back the database connections."""
        self._database.close()
