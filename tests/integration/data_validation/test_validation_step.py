"""The validation step on ingested tables: what stops the pipeline, what is reported, and what is kept."""

import random
import resource
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest
from pydantic import BaseModel

from credit_scoring.core.errors import MissingArtefactError, StorageError, ValidationFailedError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts import ALL_TABLES, table_named
from credit_scoring.data_contracts.bucket_files import bucket_path
from credit_scoring.data_contracts.validated_tables import INGEST_STEP, VALIDATE_STEP, validated_tables
from credit_scoring.data_ingestion import step as ingestion
from credit_scoring.data_validation import run_checks, step
from credit_scoring.data_validation.report import REPORT_DATA, REPORT_PAGE, QualityReport
from tests.support.factories import TRAIN_CLIENTS, Cells, RawTables, raw_tables, with_cell, write_source


class Installation(BaseModel):
    """A data folder, and the source that fills it."""

    settings: Settings
    source: Path

    def ingest(self, tables: RawTables) -> Path:
        """Ingest these tables; returns the folder of the version."""
        ingestion.run(self.settings, write_source(self.source, tables))
        return Storage.of(self.settings).current(INGEST_STEP)

    def stopped(self, tables: RawTables) -> tuple[str, Path]:
        """Message of the error that stops the flow, and the folder of the report it names."""
        self.ingest(tables)
        with pytest.raises(ValidationFailedError) as raised:
            step.run(self.settings)
        folder = Storage.of(self.settings).failed(VALIDATE_STEP)
        assert str(folder / REPORT_PAGE) in raised.value.next_step
        assert (folder / REPORT_PAGE).is_file()
        return raised.value.message, folder

    def warnings(self, tables: RawTables) -> list[tuple[str, tuple[str, ...], int]]:
        """Check, columns and number of failing rows of every warning."""
        self.ingest(tables)
        step.run(self.settings)
        return [
            (outcome.check.name, outcome.check.columns, outcome.failing) for outcome in self.report().failed("warning")
        ]

    def report(self) -> QualityReport:
        """The report in use."""
        folder = Storage.of(self.settings).current(VALIDATE_STEP)
        return QualityReport.model_validate_json((folder / REPORT_DATA).read_bytes())


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(settings=Settings(data_directory=tmp_path / "data", bucket_count=4), source=tmp_path / "source")


def with_row(tables: RawTables, table: str, row: Cells) -> Mapping[str, Sequence[Cells]]:
    return {**tables, table: [*tables[table], row]}


def test_valid_tables_pass_and_a_second_run_computes_nothing(installation: Installation) -> None:
    tables = installation.ingest(raw_tables())
    manifest = step.run(installation.settings)
    assert (manifest.measures["errors"], manifest.measures["warnings"]) == (0, 0)
    assert int(manifest.measures["checks"]) > 300
    assert installation.report().verdict == "passed"
    assert validated_tables(Storage.of(installation.settings))[1] == tables
    assert step.run(installation.settings).reused


def test_validation_without_ingested_tables_names_the_missing_step(installation: Installation) -> None:
    with pytest.raises(MissingArtefactError, match="ingest"):
        step.run(installation.settings)


@pytest.mark.parametrize(
    ("table", "column", "text", "shown"),
    [
        ("application_train", "AMT_CREDIT", "-1", "-1.0"),
        ("installments_payments", "AMT_PAYMENT", "-0.01", "-0.01"),
        ("bureau_balance", "MONTHS_BALANCE", "-121", "-121"),
    ],
)
def test_an_impossible_value_stops_with_table_column_count_and_example(
    installation: Installation, table: str, column: str, text: str, shown: str
) -> None:
    tables = raw_tables()
    message, folder = installation.stopped(with_cell(tables, table, column, text))
    assert message.startswith(f"{table}, {column}: 1 of {len(tables[table])} rows")
    assert f"{column}={shown}" in message
    kept = pl.read_parquet(folder / "failing_rows" / f"{table}__{column}__impossible_value.parquet")
    assert kept.height == 1


def test_a_null_in_a_required_column_stops(installation: Installation) -> None:
    message, _ = installation.stopped(with_cell(raw_tables(), "application_train", "TARGET", ""))
    assert message.startswith("application_train, TARGET: 1 of 8 rows")


def test_a_key_repeated_within_a_client_stops(installation: Installation) -> None:
    tables = raw_tables()
    row = tables["previous_application"][0]
    message, folder = installation.stopped(with_row(tables, "previous_application", row))
    assert message.startswith("previous_application, SK_ID_PREV: 2 of 25 rows")
    file = "previous_application__SK_ID_PREV__duplicate_key.parquet"
    assert pl.read_parquet(folder / "failing_rows" / file)["SK_ID_PREV"].to_list() == [int(row["SK_ID_PREV"])] * 2


def test_a_key_repeated_in_other_buckets_stops(installation: Installation) -> None:
    tables: RawTables = raw_tables()
    row = tables["previous_application"][0]
    for client in TRAIN_CLIENTS[1:]:
        tables = with_row(tables, "previous_application", row | {"SK_ID_CURR": str(client)})
    message, _ = installation.stopped(tables)
    assert message.startswith("previous_application, SK_ID_PREV: 8 of 31 rows")


def test_a_client_in_both_application_tables_stops(installation: Installation) -> None:
    tables = with_cell(raw_tables(), "application_test", "SK_ID_CURR", str(TRAIN_CLIENTS[0]))
    message, _ = installation.stopped(tables)
    assert message.startswith("application_test, SK_ID_CURR: 1 of 4 rows (25.00%) are in another application")


def test_a_client_without_application_stops(installation: Installation) -> None:
    message, _ = installation.stopped(with_cell(raw_tables(), "bureau", "SK_ID_CURR", "999999"))
    assert message.startswith("bureau, SK_ID_CURR: 1 of 24 rows")


def test_orphans_pass_up_to_the_tolerated_share_and_stop_beyond(installation: Installation) -> None:
    tables: RawTables = raw_tables()
    for row in range(7):
        tables = with_cell(tables, "POS_CASH_balance", "SK_ID_PREV", "7", row)
        tables = with_cell(tables, "POS_CASH_balance", "MONTHS_BALANCE", str(-1 - row), row)
    assert installation.warnings(tables) == []
    message, _ = installation.stopped(with_cell(tables, "POS_CASH_balance", "SK_ID_PREV", "8", 7))
    assert message.startswith("POS_CASH_balance, SK_ID_PREV: 8 of 72 rows")


def test_months_of_an_unknown_credit_are_orphans(installation: Installation) -> None:
    tables: RawTables = raw_tables()
    for row in range(12):
        tables = with_cell(tables, "bureau_balance", "SK_ID_BUREAU", str(7 + row), row)
    message, _ = installation.stopped(tables)
    assert message.startswith("bureau_balance, SK_ID_BUREAU: 12 of 72 rows")


def test_unknown_categories_and_future_rows_are_reported_with_their_rows(installation: Installation) -> None:
    tables = with_cell(raw_tables(), "bureau", "CREDIT_TYPE", "Moon loan")
    tables = with_cell(tables, "installments_payments", "DAYS_INSTALMENT", "3")
    assert installation.warnings(tables) == [
        ("unseen_category", ("CREDIT_TYPE",), 1),
        ("future", ("DAYS_INSTALMENT",), 1),
    ]
    folder = Storage.of(installation.settings).current(VALIDATE_STEP) / "failing_rows"
    assert sorted(path.name for path in folder.iterdir()) == [
        "bureau__CREDIT_TYPE__unseen_category.parquet",
        "installments_payments__DAYS_INSTALMENT__future.parquet",
    ]


def test_the_same_application_under_two_numbers_is_reported_from_whatever_buckets(installation: Installation) -> None:
    tables: RawTables = raw_tables()
    for number in range(100_100, 100_106):
        row = tables["application_train"][0] | {"SK_ID_CURR": str(number)}
        tables = with_row(tables, "application_train", row)
    assert installation.warnings(tables) == [("duplicate_row", (), 7)]


def test_header_only_secondary_tables_pass(installation: Installation) -> None:
    empty: dict[str, list[Cells]] = {table.name: [] for table in ALL_TABLES if not table.is_main}
    installation.ingest(raw_tables() | empty)
    assert step.run(installation.settings).measures["errors"] == 0


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        (pl.col("AMT_CREDIT_SUM").cast(pl.String), "type String instead of Float64"),
        (pl.col("AMT_CREDIT_SUM").alias("AMT_CREDIT"), "the column is missing"),
    ],
)
def test_a_changed_bucket_file_stops_naming_the_column(
    installation: Installation, damage: pl.Expr, finding: str
) -> None:
    path = bucket_path(installation.ingest(raw_tables()), table_named("bureau"), 0)
    frame = pl.read_parquet(path)
    frame.drop("AMT_CREDIT_SUM").with_columns(frame.select(damage)).write_parquet(path)
    with pytest.raises(ValidationFailedError, match=f"^bureau, AMT_CREDIT_SUM: {finding}"):
        step.run(installation.settings)


@pytest.mark.parametrize("content", [None, b"", b"PAR1 cut short"])
def test_a_deleted_or_damaged_bucket_file_is_named_with_the_way_to_write_it_again(
    installation: Installation, content: bytes | None
) -> None:
    path = bucket_path(installation.ingest(raw_tables()), table_named("bureau"), 2)
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(StorageError, match=r"bureau/bucket=0002.parquet cannot be read.*ingest"):
        step.run(installation.settings)


def test_a_failed_run_leaves_the_last_good_version_in_use_until_the_next_good_one(installation: Installation) -> None:
    storage = Storage.of(installation.settings)
    installation.ingest(raw_tables())
    good = step.run(installation.settings)
    _, failed = installation.stopped(with_cell(raw_tables(), "application_train", "AMT_CREDIT", "-1"))
    assert storage.current_version(VALIDATE_STEP)[0].fingerprint == good.fingerprint
    installation.ingest(raw_tables())
    assert step.run(installation.settings).reused
    assert not failed.exists()


def test_failing_rows_that_cannot_be_written_leave_the_last_report_in_use(installation: Installation) -> None:
    installation.ingest(raw_tables())
    good = step.run(installation.settings)
    tables: RawTables = raw_tables()
    for row in range(len(tables["bureau"])):
        incompressible = random.Random(row).randbytes(2_000).hex()
        tables = with_cell(tables, "bureau", "CREDIT_TYPE", incompressible, row)
    installation.ingest(tables)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, before[1]))
    try:
        with pytest.raises(StorageError, match="the file would exceed the size limit"):
            step.run(installation.settings)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    storage = Storage.of(installation.settings)
    assert storage.current_version(VALIDATE_STEP)[0].fingerprint == good.fingerprint
    assert len(storage.versions(VALIDATE_STEP)) == 1


def test_the_findings_do_not_depend_on_how_many_rows_are_looked_at_together(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables: RawTables = raw_tables()
    for client in TRAIN_CLIENTS[1:4]:
        row = tables["previous_application"][0] | {"SK_ID_CURR": str(client)}
        tables = with_row(tables, "previous_application", row)
    tables = with_row(tables, "application_train", tables["application_train"][0] | {"SK_ID_CURR": "100100"})
    tables = with_cell(tables, "bureau", "CREDIT_TYPE", "Moon loan", 20)
    tables = with_cell(tables, "POS_CASH_balance", "SK_ID_CURR", "999999", 40)
    _, folder = installation.stopped(tables)
    together = QualityReport.model_validate_json((folder / REPORT_DATA).read_bytes())
    assert len([*together.failed("error"), *together.failed("warning")]) >= 4
    monkeypatch.setattr(run_checks, "MAX_ROWS_AT_ONCE", 1)
    _, folder = installation.stopped(tables)
    one_by_one = QualityReport.model_validate_json((folder / REPORT_DATA).read_bytes())
    assert [table.outcomes for table in one_by_one.tables] == [table.outcomes for table in together.tables]


def test_a_report_is_compared_with_the_previous_data_and_not_with_itself(installation: Installation) -> None:
    first = installation.ingest(raw_tables())
    step.run(installation.settings)
    assert installation.report().previous_version == ""
    tables = raw_tables()
    assert installation.warnings(tables | {"installments_payments": tables["installments_payments"][:36]}) == [
        ("row_count", (), 0)
    ]
    for _ in range(2):
        report = installation.report()
        table = report.table("installments_payments")
        assert first.name.startswith(report.previous_version) and report.previous_version
        assert table is not None and (table.rows, table.previous_rows) == (36, 72)
        step.run(installation.settings, force=True)


def test_a_report_of_an_older_release_is_no_reason_to_stop(installation: Installation) -> None:
    installation.ingest(raw_tables())
    step.run(installation.settings)
    (Storage.of(installation.settings).current(VALIDATE_STEP) / REPORT_DATA).write_text('{"older": "shape"}')
    assert installation.warnings(with_cell(raw_tables(), "bureau", "CREDIT_TYPE", "Moon loan"))
    assert installation.report().previous_version == ""
