"""The quality report: what it holds, its verdict, and the error it raises."""

from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from credit_scoring.core.errors import ValidationFailedError
from credit_scoring.core.manifest import DataSource
from credit_scoring.data_validation.check import Outcome, Severity

REPORT_PAGE = "data_quality_report.html"
REPORT_DATA = "data_quality_report.json"
FAILING_ROWS = "failing_rows"


class TableReport(BaseModel):
    """What was found in one table.

    Attributes:
        null_shares: share of nulls by column, from 0 to 1, without missing codes.
        outcomes: every check that was executed, failed or not.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str
    rows: int
    null_shares: dict[str, float]
    outcomes: tuple[Outcome, ...]


class QualityReport(BaseModel):
    """What was found in all tables of one ingested version.

    Attributes:
        data_version: fingerprint of the ingested version.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: DataSource
    data_version: str
    ingested_at: datetime
    checked_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    tables: tuple[TableReport, ...]

    def failed(self, severity: Severity) -> list[Outcome]:
        """Failed checks of one severity, in the order of the tables."""
        return [
            outcome
            for table in self.tables
            for outcome in table.outcomes
            if outcome.failed and outcome.check.severity == severity
        ]


def stopping_error(report: QualityReport, page: Path) -> ValidationFailedError | None:
    """The error that stops the flow, naming the gravest finding; None when only warnings were found.

    Args:
        page: where the reader finds the whole report.
    """
    errors = report.failed("error")
    if not errors:
        return None
    first = errors[0]
    others = f" {len(errors) - 1} more checks failed." if len(errors) > 1 else ""
    example = f", for example {_as_text(first.examples[0])}" if first.examples else ""
    return ValidationFailedError(
        f"{first.check.table}, {first.check.column}: {first.finding}{example}.{others}",
        f"Correct the source and ingest it again; {page} shows every finding and the failing rows.",
    )


def _as_text(row: dict[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in row.items())
