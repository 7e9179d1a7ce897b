"""The history of drift results in a database, one row per comparison; the service exposes the newest one."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa
from pydantic import BaseModel

from credit_scoring.core.database import Database
from credit_scoring.core.schema import Schema
from credit_scoring.core.settings import Settings
from credit_scoring.core.urls import missing_file

_TABLES = sa.MetaData()
SCHEMA = Schema(
    name="drift_history",
    purpose="drift history",
    setting="drift.history_url",
    file="drift_history",
    tables=_TABLES,
    revisions=Path(__file__).parent / "revisions",
)
_RESULTS = sa.Table(
    "drift_results",
    _TABLES,
    sa.Column("comparison", sa.String(600), primary_key=True),
    sa.Column("series", sa.String(200), nullable=False, index=True),
    sa.Column("position", sa.String(40), nullable=False),
    sa.Column("run_at", sa.String(40), nullable=False),
    sa.Column("summary", sa.Text, nullable=False),
)


class Status(StrEnum):
    """How far applications and performance are from those of the training."""

    TOO_FEW = "too few"
    STABLE = "stable"
    WARNING = "warning"
    ALARM = "alarm"


class DriftSummary(BaseModel, frozen=True, extra="ignore"):
    """The figures of one comparison; a later version of the program may add some.

    Attributes:
        baseline, current: what was compared.
        kind: of the current applications: ledger, version or file.
        content: fingerprint of the file or of the feature version; empty for decisions.
        since, until: of the window of decisions; None for other applications.
        is_alarming: whether it meets the conditions of an alarm; the status is an alarm if the one before did, too.
        alerted_since: begin of the first of the consecutive comparisons that are not stable.
        score: share of the features that have drifted.
        features: index of the most important features, by name.
        acceptance_ratios: of the groups that were compared, by attribute and group.
        target_drift: measured default rate of accepted applications minus the expected one.
        estimated_cost, expected_cost, measured_cost: per client, in refused good clients: estimated for the decisions
            of the window, estimated and measured for those whose outcome became known in it; the AUC likewise.
    """

    baseline: str
    current: str
    kind: str
    content: str = ""
    since: datetime | None
    until: datetime | None
    run_at: datetime
    model_version: int
    decisions: int
    status: Status
    is_alarming: bool
    alerted_since: datetime | None
    score: float
    features: dict[str, float]
    acceptance_ratios: dict[str, float] = {}
    prediction_index: float | None
    target_drift: float | None
    estimated_cost: float | None
    expected_cost: float | None = None
    measured_cost: float | None
    estimated_auc: float | None
    expected_auc: float | None = None
    measured_auc: float | None

    @property
    def series(self) -> str:
        """Comparisons that follow each other: of one kind, with one baseline."""
        return f"{self.kind} with {self.baseline}"

    @property
    def comparison(self) -> str:
        """What identifies the comparison; repeating it replaces its result."""
        return f"{self.series}: {self.current} {self.content}, {self.since} to {self.until}"

    @property
    def position(self) -> str:
        """Order within the series: end of the window, or the time of the comparison."""
        return (self.until or self.run_at).isoformat()


class DriftHistory:
    """The results behind a SQLAlchemy URL.

    Raises:
        StorageError: the database cannot be reached, read or written.
    """

    def __init__(self, url: str, timeout_seconds: float | None = None) -> None:
        self._database = Database(url, SCHEMA, timeout_seconds)

    def record(self, summary: DriftSummary) -> None:
        """Store a result; it replaces that of the same comparison."""
        row = {name: getattr(summary, name) for name in ("comparison", "series", "position")}
        with self._database.writing() as connection:
            connection.execute(sa.delete(_RESULTS).where(_RESULTS.c.comparison == summary.comparison))
            connection.execute(
                sa.insert(_RESULTS),
                row | {"run_at": summary.run_at.isoformat(), "summary": summary.model_dump_json()},
            )

    def series(self, name: str) -> list[DriftSummary]:
        """The results of a series, oldest window first."""
        query = sa.select(_RESULTS.c.summary).where(_RESULTS.c.series == name).order_by(_RESULTS.c.position)
        return [DriftSummary.model_validate_json(text) for (text,) in self._database.rows(query)]

    def newest(self, model_version: int) -> DriftSummary | None:
        """The result of the newest window of a model's decisions; None before the first one."""
        series = f"ledger with model version {model_version}"
        query = sa.select(_RESULTS.c.summary).where(_RESULTS.c.series == series)
        rows = self._database.rows(query.order_by(_RESULTS.c.position.desc(), _RESULTS.c.run_at.desc()).limit(1))
        return DriftSummary.model_validate_json(rows[0][0]) if rows else None

    def close(self) -> None:
        """Close the database connections."""
        self._database.close()


@contextmanager
def opened_history(settings: Settings) -> Iterator[DriftHistory]:
    """The configured history."""
    with closing(DriftHistory(SCHEMA.url(settings))) as history:
        yield history


def newest_result(settings: Settings, model_version: int) -> DriftSummary | None:
    """As `DriftHistory.newest`; no database is created for it."""
    url = SCHEMA.url(settings)
    if missing_file(url):
        return None
    with closing(DriftHistory(url, settings.api.look_up_seconds)) as history:
        return history.newest(model_version)
