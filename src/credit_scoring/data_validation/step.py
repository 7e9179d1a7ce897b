"""The validation step: an ingested version against the contracts becomes a report, and a verdict."""

from functools import partial
from pathlib import Path

import polars as pl

from credit_scoring.core.engine import map_buckets
from credit_scoring.core.logs import get_logger
from credit_scoring.core.manifest import Manifest
from credit_scoring.core.settings import Settings
from credit_scoring.core.steps import StepInputs, StepResult, run_step
from credit_scoring.core.storage import Storage
from credit_scoring.data_validation.bucket import TableFindings, examine
from credit_scoring.data_validation.merge import merge
from credit_scoring.data_validation.page import as_page
from credit_scoring.data_validation.report import (
    FAILING_ROWS,
    REPORT_DATA,
    REPORT_PAGE,
    QualityReport,
    TableReport,
    stopping_error,
)
from credit_scoring.data_validation.structure import structure_outcomes
from credit_scoring.tables import ALL_TABLES
from credit_scoring.tables.parquet import (
    INGEST_STEP,
    VALIDATE_STEP,
    VALIDATED_MEASURE,
    read_bucket,
    read_bucket_schema,
)


def run(settings: Settings, force: bool = False) -> Manifest:
    """Check the ingested version in use.

    Raises:
        ValidationFailedError: a rule that stops the flow is broken; the report then lies in `validate/failed`.
        MissingArtefactError: nothing was ingested.
    """
    storage = Storage.of(settings)
    ingested, tables = storage.current_version(INGEST_STEP)
    inputs = StepInputs(
        source=ingested.source,
        depends_on=(ingested.fingerprint,),
        rooms=("tables", "data_validation"),
        artefacts=ingested.outputs,
    )

    def validate(folder: Path) -> StepResult:
        checked, failing_rows = check_tables(tables, int(ingested.measures["buckets"]))
        report = QualityReport(
            source=ingested.source,
            data_version=ingested.fingerprint,
            ingested_at=ingested.created_at,
            tables=checked,
        )
        _write(report, failing_rows, folder)
        _log_warnings(report)
        return StepResult(
            rows=dict.fromkeys((REPORT_PAGE, REPORT_DATA)),
            measures={
                "checks": sum(len(table.outcomes) for table in checked),
                "errors": len(report.failed("error")),
                "warnings": len(report.failed("warning")),
                VALIDATED_MEASURE: ingested.fingerprint,
            },
            stops_with=stopping_error(report, storage.failed(VALIDATE_STEP) / REPORT_PAGE),
        )

    return run_step(settings, VALIDATE_STEP, inputs, validate, force)


def check_tables(folder: Path, bucket_count: int) -> tuple[tuple[TableReport, ...], dict[str, pl.DataFrame]]:
    """Reports of all tables of an ingested version, and failing rows by path."""
    if broken := _broken_structure(folder, bucket_count):
        return broken, {}

    def examine_bucket(bucket: int) -> dict[str, TableFindings]:
        findings, parents = {}, {}
        led_to = {name for table in ALL_TABLES for key in table.foreign_keys for name in key.tables}
        for table in ALL_TABLES:
            frame = read_bucket(folder, table, bucket)
            if table.name in led_to:
                parents[table.name] = frame
            findings[table.name] = examine(frame, table, parents)
        return findings

    by_bucket = list(map_buckets(examine_bucket, range(bucket_count), "Checking tables"))
    reports: list[TableReport] = []
    failing_rows: dict[str, pl.DataFrame] = {}
    for table in ALL_TABLES:
        findings_of_table = [findings[table.name] for findings in by_bucket]
        report, kept = merge(table, findings_of_table, partial(read_bucket, folder, table))
        reports.append(report)
        failing_rows |= kept
    return tuple(reports), failing_rows


def _broken_structure(folder: Path, bucket_count: int) -> tuple[TableReport, ...]:
    reports = []
    for table in ALL_TABLES:
        schemas = [read_bucket_schema(folder, table, bucket) for bucket in range(bucket_count)]
        if outcomes := structure_outcomes(table, schemas):
            reports.append(TableReport(table=table.name, rows=0, null_shares={}, outcomes=outcomes))
    return tuple(reports)


def _write(report: QualityReport, failing_rows: dict[str, pl.DataFrame], folder: Path) -> None:
    (folder / FAILING_ROWS).mkdir()
    for path, rows in failing_rows.items():
        rows.write_parquet(folder / path)
    (folder / REPORT_DATA).write_text(report.model_dump_json(indent=2), encoding="utf-8")
    (folder / REPORT_PAGE).write_text(as_page(report), encoding="utf-8")


def _log_warnings(report: QualityReport) -> None:
    logger = get_logger("data_validation")
    for outcome in report.failed("warning"):
        check = outcome.check
        logger.warning(check.name, table=check.table, column=check.column, finding=outcome.finding)
