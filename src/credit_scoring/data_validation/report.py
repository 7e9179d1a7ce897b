"""The data quality report, its verdict, and the error that stops the pipeline."""

from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field

from credit_scoring.core.errors import ValidationFailedError
from credit_scoring.core.manifest import DataSource
from credit_scoring.data_validation.checks import NotChecked, Outcome, Severity

REPORT_PAGE = "data_quality_report.html"
REPORT_DATA = "data_quality_report.json"
FAILING_ROWS = "failing_rows"

Verdict = Literal["failed", "passed with warnings", "passed"]


class Distribution(BaseModel, frozen=True, extra="forbid", validate_by_name=True, serialize_by_alias=True):
    """Shares of the values of one column, without nulls and missing codes.

    Attributes:
        edges: bin edges of a number, one more than shares; values beyond them count in the outermost bins.
        categories: of a category column, one per share; the last may be "all others"; stored as ``words``.
        shares: from 0 to 1; empty if there are no values.
        quartiles: minimum, quartiles and maximum of a number.
    """

    edges: tuple[float, ...] = ()
    categories: tuple[str, ...] = Field(default=(), alias="words")
    shares: tuple[float, ...] = ()
    quartiles: tuple[float, ...] = ()


class ColumnReport(BaseModel, frozen=True, extra="forbid"):
    """Nulls and distribution of one column.

    Attributes:
        null_share: share of nulls in all rows, from 0 to 1, without missing codes.
        null_map: some sampled rows, the same for every column of a table: 1 where the value is null.
        distribution: of a sample of whole clients.
        previous: the distribution in the previous version, in the same bins.
    """

    name: str
    null_share: float
    previous_null_share: float | None = None
    null_map: str
    distribution: Distribution
    previous: Distribution | None = None

    @property
    def moved_share(self) -> float:
        """Share of the values that moved to another bin since the previous version, from 0 to 1."""
        if self.previous is None or not self.previous.shares or not self.distribution.shares:
            return 0.0
        pairs = zip_longest(self.distribution.shares, self.previous.shares, fillvalue=0.0)
        return sum(abs(now - before) for now, before in pairs) / 2


class TableReport(BaseModel, frozen=True, extra="forbid"):
    """Results for one table.

    Attributes:
        sampled_rows: number of rows behind distributions and null maps.
        outcomes: of all checks, failed or not.
    """

    table: str
    rows: int
    previous_rows: int | None = None
    sampled_rows: int = 0
    columns: tuple[ColumnReport, ...] = ()
    outcomes: tuple[Outcome, ...]

    def failed(self, severity: Severity) -> list[Outcome]:
        """Failed checks of one severity."""
        return [outcome for outcome in self.outcomes if outcome.failed and outcome.check.severity == severity]

    def done(self) -> list[Outcome]:
        """Outcomes of the checks that could be done."""
        return [outcome for outcome in self.outcomes if not outcome.not_checked]

    def not_checked(self, reason: NotChecked) -> list[Outcome]:
        """Checks that could not be done for one reason."""
        return [outcome for outcome in self.outcomes if outcome.not_checked == reason]

    def column(self, name: str) -> ColumnReport | None:
        """The column of that name, if the table has it."""
        return next((column for column in self.columns if column.name == name), None)


class QualityReport(BaseModel, frozen=True, extra="forbid"):
    """Results for all tables of one ingested version.

    Attributes:
        data_version: fingerprint of the ingested version.
        previous_version: the version it is compared with; empty for the first one.
    """

    source: DataSource
    data_version: str
    ingested_at: datetime
    checked_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    previous_version: str = ""
    previous_ingested_at: datetime | None = None
    tables: tuple[TableReport, ...]

    def failed(self, severity: Severity) -> list[Outcome]:
        """Failed checks of one severity, in the order of the tables."""
        return [outcome for table in self.tables for outcome in table.failed(severity)]

    @property
    def verdict(self) -> Verdict:
        """The overall result."""
        if self.failed("error"):
            return "failed"
        return "passed with warnings" if self.failed("warning") else "passed"

    def table(self, name: str) -> TableReport | None:
        """The table of that name, if it was checked."""
        return next((table for table in self.tables if table.table == name), None)


def stopping_error(report: QualityReport, page: Path) -> ValidationFailedError | None:
    """The error that stops the pipeline, with the first finding; None if there are only warnings.

    Args:
        page: path of the HTML report.
    """
    errors = report.failed("error")
    if not errors:
        return None
    first = errors[0]
    example = ""
    if first.examples:
        example = ", for example " + ", ".join(f"{name}={value}" for name, value in first.examples[0].items())
    others = f" {len(errors) - 1} more check{'s' if len(errors) > 2 else ''} failed." if len(errors) > 1 else ""
    return ValidationFailedError(
        f"{first.check.table}, {first.check.subject}: {first.finding}{example}.{others}",
        f"Correct the source and ingest it again; {page} shows every finding and the failing rows.",
    )
