"""Values that a contract does not know are counted wherever they come in, and too many of them stop the flow."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from credit_scoring.batch_scoring.score_file import score_file
from credit_scoring.cli import app
from credit_scoring.core.errors import SourceError, ValidationFailedError
from credit_scoring.core.settings import Settings
from credit_scoring.data_contracts import ALL_TABLES
from credit_scoring.data_contracts.application_request import EXAMPLE
from credit_scoring.data_ingestion import step as ingestion
from credit_scoring.data_validation import step as validation
from credit_scoring.data_validation.table_checks import null_share_outcomes
from credit_scoring.feature_engineering.catalogue import FEATURES
from tests.support.factories import raw_tables, write_source

CATEGORIES = [(table.name, column.name) for table in ALL_TABLES for column in table.columns if column.is_category]


def delivered(settings: Settings, folder: Path, table: str, column: str, change: Callable[[str], str]) -> None:
    """Ingest and check tables in which one column is printed differently."""
    tables = raw_tables()
    rows = [dict(row) for row in tables[table]]
    for row in rows:
        row[column] = change(str(row[column]))
    write_source(folder, tables | {table: rows})
    ingestion.run(settings, folder)
    validation.run(settings)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("previous_application", "FLAG_LAST_APPL_PER_CONTRACT"),
        ("bureau", "CREDIT_TYPE"),
        ("POS_CASH_balance", "NAME_CONTRACT_STATUS"),
    ],
)
@pytest.mark.parametrize("change", [lambda word: f"{word} ", str.swapcase], ids=["blank", "case"])
def test_a_delivery_whose_categories_are_unknown_does_not_pass(
    table: str, column: str, change: Callable[[str], str], settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(ValidationFailedError, match=f"{table}, {column}: .* does not declare: .*; 5% are tolerated"):
        delivered(settings, tmp_path / "source", table, column, change)


def test_a_delivery_with_a_few_new_categories_passes_with_a_warning(settings: Settings, tmp_path: Path) -> None:
    tables = raw_tables()
    rows = [dict(row) for row in tables["bureau"]]
    for row in rows[:9]:
        row["CREDIT_TYPE"] = "Loan for a boat"
    write_source(tmp_path / "source", tables | {"bureau": rows})
    ingestion.run(settings, tmp_path / "source")
    assert validation.run(settings).measures["warnings"] == 1


def test_a_column_that_lost_most_of_its_values_does_not_pass() -> None:
    for table in ALL_TABLES:
        nulls = {column.name: 0 if column.required else 10_000 for column in table.columns}
        failed = [outcome for outcome in null_share_outcomes(table, 10_000, nulls) if outcome.failed]
        assert {outcome.check.severity for outcome in failed} <= {"error"}
        assert {outcome.check.columns[0] for outcome in failed} == {
            column.name for column in table.columns if not column.required and column.null_share < 0.9
        }


def test_what_is_never_missing_reads_only_categories_that_are_required() -> None:
    tables = {table.name: table for table in ALL_TABLES}
    read = {
        (feature.source, name)
        for feature in FEATURES
        if feature.kind == "history" and not feature.nullable
        for name in feature.inputs
        if feature.source in tables and name in tables[feature.source].column_names
    }
    categories = read & set(CATEGORIES)
    assert categories
    assert [name for name in sorted(categories) if not tables[name[0]].column(name[1]).required] == []


def file_of(folder: Path, rows: int, unknown: int) -> Path:
    """A file whose first rows have a blank after every category."""
    frame = pl.DataFrame([dict(EXAMPLE, SK_ID_CURR=number) for number in range(1, rows + 1)])
    padded = pl.when(pl.col("SK_ID_CURR") <= unknown).then(pl.selectors.string() + " ").otherwise(pl.selectors.string())
    frame.with_columns(padded.name.keep()).write_csv(folder / "new.csv")
    return folder / "new.csv"


def test_a_file_whose_categories_are_unknown_is_refused_and_nothing_is_written(
    trained: Settings, tmp_path: Path
) -> None:
    with pytest.raises(SourceError, match=r"column \w+: 40 of 40 rows \(100\.0%\) .* such as '.* '; 5% are tolerated"):
        score_file(trained, file_of(tmp_path, 40, 40), tmp_path / "scores.csv")
    assert not (tmp_path / "scores.csv").exists()


def test_a_few_unknown_categories_of_a_file_are_counted_by_column_and_said(
    trained: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDIT_DATA_DIRECTORY", str(trained.data_directory))
    source = file_of(tmp_path, 40, 3)
    result = CliRunner().invoke(app, ["score", "--input", str(source), "--output", str(tmp_path / "scores.csv")])
    assert result.exit_code == 0
    assert "counted as missing: " in result.output and "NAME_HOUSING_TYPE in 3 rows" in result.output
