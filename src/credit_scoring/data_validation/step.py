"""The validation step: checks an ingested version against the contracts and writes the report."""

from collections.abc import Sequence
from functools import partial
from io import BytesIO
from pathlib import Path

import polars as pl
from pydantic import ValidationError

from credit_scoring.core.logs import get_logger
from credit_scoring.core.manifest import Manifest
from credit_scoring.core.settings import Settings
from credit_scoring.core.steps import StepInputs, StepResult, run_step
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts import ALL_TABLES, Table
from credit_scoring.data_contracts.bucket_files import read_bucket, read_bucket_schema
from credit_scoring.data_contracts.validated_tables import INGEST_STEP, VALIDATE_STEP, VALIDATED_MEASURE
from credit_scoring.data_validation.html_report import render_html_report
from credit_scoring.data_validation.pandera_backend import pandera_schema, structure_outcomes
from credit_scoring.data_validation.report import (
    FAILING_ROWS,
    REPORT_DATA,
    REPORT_PAGE,
    QualityReport,
    TableReport,
    stopping_error,
)
from credit_scoring.data_validation.run_checks import CheckedTables, run_checks


def run(settings: Settings, force: bool = False) -> Manifest:
    """Check the ingested version in use.

    Raises:
        ValidationFailedError: a check with severity error failed; the report is then in `validate/failed`.
        MissingArtefactError: nothing was ingested.
        StorageError: an ingested file is missing or damaged.
    """
    storage, logger = Storage.of(settings), get_logger("data_validation")
    ingested, tables = storage.current_version(INGEST_STEP)
    inputs = StepInputs(
        source=ingested.source, depends_on=(ingested.fingerprint,), modules=(__name__,), artefacts=ingested.outputs
    )

    def validate(folder: Path) -> StepResult:
        previous = _previous_report(storage, ingested.fingerprint)
        checked = _check_tables(tables, ingested, settings, previous)
        report = QualityReport(
            source=ingested.source,
            data_version=ingested.fingerprint,
            ingested_at=ingested.created_at,
            previous_version=previous.data_version if previous is not None else "",
            previous_ingested_at=previous.ingested_at if previous is not None else None,
            tables=checked.tables,
        )
        _write(report, checked.failing_rows, folder)
        for outcome in report.failed("warning"):
            check, finding = outcome.check, outcome.finding
            logger.warning(check.name, table=check.table, subject=check.subject, finding=finding)
        not_checked = {table.table: len(table.not_checked("too few rows")) for table in report.tables}
        for name, checks in not_checked.items():
            if checks:
                logger.info("not checked, too few rows", table=name, checks=checks)
        return StepResult(
            rows=dict.fromkeys((REPORT_PAGE, REPORT_DATA, FAILING_ROWS)),
            measures={
                "checks": sum(len(table.done()) for table in report.tables),
                "errors": len(report.failed("error")),
                "warnings": len(report.failed("warning")),
                "not_checked": sum(not_checked.values()),
                VALIDATED_MEASURE: ingested.fingerprint,
            },
            stops_with=stopping_error(report, storage.failed(VALIDATE_STEP) / REPORT_PAGE),
        )

    return run_step(settings, VALIDATE_STEP, inputs, validate, force)


def _check_tables(
    folder: Path, ingested: Manifest, settings: Settings, previous: QualityReport | None
) -> CheckedTables:
    bucket_count = int(ingested.measures["buckets"])
    if broken := _broken_structure(folder, bucket_count):
        # Row rules cannot be evaluated on missing columns.
        return CheckedTables(broken, {})
    rows = {output.name: output.rows or 0 for output in ingested.outputs}
    return run_checks(partial(_read_buckets, folder), rows, bucket_count, settings, previous)


def _read_buckets(folder: Path, table: Table, buckets: range, columns: Sequence[str] | None) -> pl.DataFrame:
    return pl.concat([read_bucket(folder, table, bucket, columns) for bucket in buckets])


def _broken_structure(folder: Path, bucket_count: int) -> tuple[TableReport, ...]:
    reports = []
    for table in ALL_TABLES:
        schema = pandera_schema(table)
        found = (read_bucket_schema(folder, table, bucket) for bucket in range(bucket_count))
        different = {tuple(columns.items()): columns for columns in found}
        outcomes = {
            outcome.check.key: outcome
            for columns in different.values()
            for outcome in structure_outcomes(table, schema, columns)
        }
        if outcomes:
            reports.append(TableReport(table=table.name, rows=0, outcomes=tuple(outcomes.values())))
    return tuple(reports)


def _previous_report(storage: Storage, data_version: str) -> QualityReport | None:
    """The newest report on other data; None if there is none, or an older release wrote it."""
    for folder in storage.versions(VALIDATE_STEP):
        try:
            report = QualityReport.model_validate_json((folder / REPORT_DATA).read_bytes())
        except (OSError, ValidationError):
            continue
        if report.data_version != data_version:
            return report
    return None


def _write(report: QualityReport, failing_rows: dict[str, pl.DataFrame], folder: Path) -> None:
    (folder / FAILING_ROWS).mkdir()
    for path, rows in failing_rows.items():
        # Through memory, because Polars hides the operating system's error if the disk is full.
        content = BytesIO()
        rows.write_parquet(content)
        (folder / path).write_bytes(content.getvalue())
    (folder / REPORT_DATA).write_text(report.model_dump_json(), encoding="utf-8")
    (folder / REPORT_PAGE).write_text(render_html_report(report), encoding="utf-8")
