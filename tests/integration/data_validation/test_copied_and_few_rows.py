"""Copied rows are noticed in a table of any size; checks that need more rows are listed as not done."""

from pathlib import Path

import polars as pl
import pytest

from credit_scoring.core.manifest import Manifest
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts.validated_tables import VALIDATE_STEP
from credit_scoring.data_ingestion import step as ingestion
from credit_scoring.data_validation import step
from credit_scoring.data_validation.report import REPORT_DATA, REPORT_PAGE, QualityReport
from tests.support.factories import RawTables, raw_tables, write_source

COPIES = 300
OTHER_PAYMENTS = 70_000
"""So many that the copies are less than 1 % of the rows."""


@pytest.fixture
def validated(settings: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> tuple[Manifest, Path]:
    """Manifest and folder of the validation of some tables."""
    ingestion.run(settings, write_source(tmp_path / "source", request.param))
    return step.run(settings), Storage.of(settings).current(VALIDATE_STEP)


def with_copied_payments() -> RawTables:
    tables = raw_tables()
    first = tables["installments_payments"][0]
    others = [first | {"NUM_INSTALMENT_NUMBER": "9", "AMT_PAYMENT": str(paid)} for paid in range(OTHER_PAYMENTS)]
    return {**tables, "installments_payments": [*others, *others[:COPIES]]}


@pytest.mark.parametrize("validated", [with_copied_payments()], indirect=True, ids=["copied payments"])
def test_copied_payments_are_counted_listed_and_warned_about(validated: tuple[Manifest, Path]) -> None:
    manifest, folder = validated
    report = QualityReport.model_validate_json((folder / REPORT_DATA).read_bytes())
    copied = [outcome for outcome in report.failed("warning") if outcome.check.name == "duplicate_row"]
    assert [(outcome.check.table, outcome.failing) for outcome in copied] == [("installments_payments", 2 * COPIES)]
    assert pl.read_parquet(folder / copied[0].failing_rows).height == 2 * COPIES
    assert "600 of 70,300 rows (0.85%) repeat another row" in (folder / REPORT_PAGE).read_text()
    assert int(manifest.measures["warnings"]) >= 1


@pytest.mark.parametrize("validated", [raw_tables()], indirect=True, ids=["few rows"])
def test_checks_that_need_more_rows_are_listed_as_not_done(validated: tuple[Manifest, Path]) -> None:
    manifest, folder = validated
    report = QualityReport.model_validate_json((folder / REPORT_DATA).read_bytes())
    skipped = [outcome for table in report.tables for outcome in table.not_checked("too few rows")]
    assert manifest.measures["not_checked"] == len(skipped)
    assert {outcome.check.name for outcome in skipped} == {"null_share", "outlier", "row_count"}
    assert "not checked, too few rows" in (folder / REPORT_PAGE).read_text()
