"""The validation step on ingested tables: what stops the flow, what is reported, and what is kept."""

from pathlib import Path

import polars as pl
import pytest
from ingested_tables import Tables, valid_tables, with_row_repeated, with_value, write_ingested

from credit_scoring.core.errors import MissingArtefactError, StorageError, ValidationFailedError
from credit_scoring.core.manifest import DataSource
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.data_validation import step
from credit_scoring.data_validation.report import REPORT_DATA, REPORT_PAGE, QualityReport
from credit_scoring.tables import table_named
from credit_scoring.tables.parquet import CLIENT, bucket_path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_directory=tmp_path, bucket_count=4)


def report_in(folder: Path) -> QualityReport:
    return QualityReport.model_validate_json((folder / REPORT_DATA).read_bytes())


def stopped(settings: Settings, tables: Tables) -> tuple[str, Path]:
    """Message of the error that stops the flow, and the folder of the report it names."""
    write_ingested(settings, tables)
    with pytest.raises(ValidationFailedError) as raised:
        step.run(settings)
    folder = Storage.of(settings).failed("validate")
    assert str(folder / REPORT_PAGE) in raised.value.next_step
    assert (folder / REPORT_PAGE).is_file()
    return raised.value.message, folder


def reported(settings: Settings, tables: Tables) -> list[tuple[str, str, int]]:
    """Check, column and number of failing rows of every warning."""
    write_ingested(settings, tables)
    step.run(settings)
    report = report_in(Storage.of(settings).current("validate"))
    return [
        (outcome.check.name, outcome.check.column, outcome.failing) for outcome in report.failed("warning")
    ]


def test_tables_that_keep_every_rule_pass(settings: Settings) -> None:
    write_ingested(settings, valid_tables())
    manifest = step.run(settings)
    assert (manifest.measures["errors"], manifest.measures["warnings"]) == (0, 0)
    assert int(manifest.measures["checks"]) > 300


def test_a_second_run_on_the_same_tables_computes_nothing(settings: Settings) -> None:
    write_ingested(settings, valid_tables())
    step.run(settings)
    assert step.run(settings).reused


def test_validation_without_ingested_tables_names_the_missing_step(settings: Settings) -> None:
    with pytest.raises(MissingArtefactError, match="ingest"):
        step.run(settings)


@pytest.mark.parametrize("source", ["synthetic", "real"])
def test_the_report_says_whether_the_data_is_synthetic(settings: Settings, source: DataSource) -> None:
    write_ingested(settings, valid_tables(), source)
    manifest = step.run(settings)
    page = (Storage.of(settings).current("validate") / REPORT_PAGE).read_text()
    assert manifest.source == source
    assert ("Synthetic data" in page) == (source == "synthetic")


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("application_train", "AMT_CREDIT", -1.0),
        ("application_train", "AMT_CREDIT", float("inf")),
        ("application_train", "AMT_CREDIT", float("nan")),
        ("application_train", "TARGET", 2),
        ("installments_payments", "AMT_PAYMENT", -0.01),
        ("bureau_balance", "MONTHS_BALANCE", -121),
    ],
)
def test_an_impossible_value_stops_with_table_column_count_and_example(
    settings: Settings, table: str, column: str, value: float
) -> None:
    message, folder = stopped(settings, with_value(valid_tables(), table, column, value))
    assert message.startswith(f"{table}, {column}: 1 of ")
    assert f"{column}={value}" in message
    kept = pl.read_parquet(folder / "failing_rows" / f"{table}__{column}__impossible_value.parquet")
    assert kept.height == 1


def test_a_missing_code_outside_the_range_is_no_impossible_value(settings: Settings) -> None:
    assert reported(settings, with_value(valid_tables(), "application_train", "DAYS_EMPLOYED", 365_243)) == []


def test_a_null_in_a_required_column_stops(settings: Settings) -> None:
    message, _ = stopped(settings, with_value(valid_tables(), "application_train", "TARGET", None))
    assert message.startswith("application_train, TARGET: 1 of 20 rows")


def test_a_key_repeated_within_a_bucket_stops(settings: Settings) -> None:
    message, folder = stopped(settings, with_row_repeated(valid_tables(), "bureau"))
    assert message.startswith("bureau, SK_ID_BUREAU: 2 of 61 rows")
    kept = pl.read_parquet(folder / "failing_rows" / "bureau__SK_ID_BUREAU__duplicate_key.parquet")
    assert kept["SK_ID_BUREAU"].to_list() == [1_000_010, 1_000_010]


def test_a_key_repeated_in_another_bucket_stops(settings: Settings) -> None:
    tables = valid_tables()
    clients = tables["bureau"][CLIENT].unique(maintain_order=True).to_list()
    for client in clients[1:5]:
        tables = with_row_repeated(tables, "bureau", SK_ID_CURR=client)
    message, _ = stopped(settings, tables)
    assert message.startswith("bureau, SK_ID_BUREAU: 5 of 64 rows")


def test_equal_months_of_two_loans_are_no_repeated_key(settings: Settings) -> None:
    tables = valid_tables()
    tables["POS_CASH_balance"] = tables["POS_CASH_balance"].with_columns(MONTHS_BALANCE=pl.lit(-1, pl.Int8))
    assert reported(settings, tables) == []


def test_a_client_without_application_stops(settings: Settings) -> None:
    message, _ = stopped(settings, with_value(valid_tables(), "bureau", CLIENT, 999_999))
    assert message.startswith("bureau, SK_ID_CURR: 1 of 60 rows")


def test_orphans_up_to_the_tolerated_share_pass(settings: Settings) -> None:
    tables = valid_tables()
    for row in range(6):
        tables = with_value(tables, "POS_CASH_balance", "SK_ID_PREV", 7 + row, row)
    assert reported(settings, tables) == []
    message, _ = stopped(settings, with_value(tables, "POS_CASH_balance", "SK_ID_PREV", 6, 6))
    assert message.startswith("POS_CASH_balance, SK_ID_PREV: 7 of 60 rows")


def test_a_loan_of_another_client_is_an_orphan(settings: Settings) -> None:
    tables = valid_tables()
    for row in range(8):
        tables = with_value(tables, "POS_CASH_balance", "SK_ID_PREV", 2_000_010, row)
        tables = with_value(tables, "POS_CASH_balance", "MONTHS_BALANCE", -10 - row, row)
    message, _ = stopped(settings, tables)
    assert message.startswith("POS_CASH_balance, SK_ID_PREV: 8 of 60 rows")


def test_months_of_a_credit_that_no_client_holds_are_orphans(settings: Settings) -> None:
    tables = valid_tables()
    for row in range(10):
        tables = with_value(tables, "bureau_balance", "SK_ID_BUREAU", 7 + row, row)
        tables = with_value(tables, "bureau_balance", CLIENT, None, row)
    message, _ = stopped(settings, tables)
    assert message.startswith("bureau_balance, SK_ID_BUREAU: 10 of 60 rows")


def test_a_word_the_contract_does_not_know_is_a_warning(settings: Settings) -> None:
    tables = with_value(valid_tables(), "bureau", "CREDIT_TYPE", "Moon loan")
    assert reported(settings, tables) == [("unseen_category", "CREDIT_TYPE", 1)]


def test_a_row_from_the_future_is_a_warning(settings: Settings) -> None:
    tables = with_value(valid_tables(), "installments_payments", "DAYS_INSTALMENT", 3)
    assert reported(settings, tables) == [("future", "DAYS_INSTALMENT", 1)]


def test_header_only_secondary_tables_pass(settings: Settings) -> None:
    tables = valid_tables()
    for name in ("bureau_balance", "credit_card_balance", "installments_payments"):
        tables[name] = tables[name].clear()
    write_ingested(settings, tables)
    assert step.run(settings).measures["errors"] == 0


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        (pl.col("AMT_CREDIT_SUM").cast(pl.String), "has type String instead of Float64"),
        (pl.col("AMT_CREDIT_SUM").alias("AMT_CREDIT"), "the column is missing"),
    ],
)
def test_a_changed_bucket_file_stops_naming_the_column(
    settings: Settings, damage: pl.Expr, finding: str
) -> None:
    folder = write_ingested(settings, valid_tables())
    path = bucket_path(folder, table_named("bureau"), 0)
    frame = pl.read_parquet(path)
    frame.drop("AMT_CREDIT_SUM").with_columns(frame.select(damage)).write_parquet(path)
    with pytest.raises(ValidationFailedError, match=f"bureau, AMT_CREDIT_SUM: .*{finding}"):
        step.run(settings)


def test_a_deleted_bucket_file_is_named_with_the_way_to_write_it_again(settings: Settings) -> None:
    folder = write_ingested(settings, valid_tables())
    bucket_path(folder, table_named("bureau"), 2).unlink()
    with pytest.raises(StorageError, match=r"bureau/bucket=0002.parquet is missing.*ingest --force"):
        step.run(settings)


def test_a_failed_run_leaves_the_last_good_version_in_use_until_the_next_good_one(settings: Settings) -> None:
    storage = Storage.of(settings)
    write_ingested(settings, valid_tables())
    good = step.run(settings)
    _, failed = stopped(settings, with_value(valid_tables(), "application_train", "AMT_CREDIT", -1.0))
    assert storage.current_manifest("validate").fingerprint == good.fingerprint
    write_ingested(settings, valid_tables())
    step.run(settings)
    assert not failed.exists()
