"""Hand-written quality reports, for tests of their presentation."""

from datetime import UTC, datetime

from credit_scoring.core.manifest import DataSource
from credit_scoring.data_validation.checks import Check, CheckName, Outcome, Severity
from credit_scoring.data_validation.report import ColumnReport, Distribution, QualityReport, TableReport

BEFORE, NOW = "e" * 16, "f" * 16
"""Fingerprints of the previous and of this data version."""


def outcome(severity: Severity = "error", failed: bool = True, name: CheckName = "impossible_value") -> Outcome:
    """One row of ten below zero."""
    check = Check(table="bureau", name=name, columns=("AMT_CREDIT_SUM",), severity=severity, rule="is at least 0")
    return Outcome(
        check=check,
        checked=10,
        failing=1 if failed else 0,
        failed=failed,
        finding="1 of 10 rows have an impossible value" if failed else "",
        examples=({"AMT_CREDIT_SUM": "-5.0", "SK_ID_CURR": "100001"},) if failed else (),
        failing_rows="failing_rows/bureau__AMT_CREDIT_SUM__impossible_value.parquet" if failed else "",
        kept_rows=1 if failed else 0,
    )


def column(shares: tuple[float, ...] = (0.5, 0.5), before: tuple[float, ...] | None = None) -> ColumnReport:
    """An amount in two bins."""
    return ColumnReport(
        name="AMT_CREDIT_SUM",
        null_share=0.25,
        previous_null_share=0.5 if before is not None else None,
        null_map="0001",
        distribution=Distribution(edges=(0, 10, 1000), shares=shares, quartiles=(0, 2.5, 10, 500, 999)),
        previous=Distribution(edges=(0, 10, 1000), shares=before) if before is not None else None,
    )


def report(
    *outcomes: Outcome, columns: tuple[ColumnReport, ...] = (), source: DataSource = "real", previous: str = ""
) -> QualityReport:
    """A report on one table of ten rows."""
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    table = TableReport(
        table="bureau",
        rows=10,
        previous_rows=20 if previous else None,
        sampled_rows=10,
        columns=columns,
        outcomes=outcomes,
    )
    return QualityReport(
        source=source,
        data_version=NOW,
        ingested_at=noon,
        checked_at=noon,
        previous_version=previous,
        previous_ingested_at=noon if previous else None,
        tables=(table,),
    )
