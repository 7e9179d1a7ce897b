"""Sources that are unusual but complete: accepted, with a warning where something was ignored."""

import csv
import shutil
from pathlib import Path

import polars as pl
import pytest

from credit_scoring.core.manifest import Manifest
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts import ALL_TABLES, table_named
from credit_scoring.data_contracts.bucket_files import read_bucket
from credit_scoring.data_ingestion import step
from tests.support.factories import raw_tables, with_cell, write_source


def ingested(settings: Settings, name: str) -> pl.DataFrame:
    """All rows of one ingested table."""
    folder, table = Storage.of(settings).current("ingest"), table_named(name)
    return pl.concat([read_bucket(folder, table, bucket) for bucket in range(settings.bucket_count)])


@pytest.fixture
def usual(settings: Settings, tiny_source: Path) -> dict[str, pl.DataFrame]:
    """What the unchanged source becomes."""
    step.run(settings, tiny_source)
    return {table.name: ingested(settings, table.name) for table in ALL_TABLES}


def warnings_of(manifest: Manifest) -> str:
    assert (int(manifest.measures["warnings"]) > 0) == ("warned_of" in manifest.measures)
    return str(manifest.measures.get("warned_of", ""))


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_a_usual_source_is_ingested_without_a_warning(settings: Settings, tiny_source: Path) -> None:
    assert warnings_of(step.run(settings, tiny_source)) == ""


def test_columns_in_another_order(settings: Settings, tiny_source: Path, usual: dict[str, pl.DataFrame]) -> None:
    with (tiny_source / "bureau.csv").open(newline="") as stream:
        lines = [line[::-1] for line in csv.reader(stream)]
    with (tiny_source / "bureau.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows(lines)
    manifest = step.run(settings, tiny_source)
    assert warnings_of(manifest) == "bureau.csv: the columns are in an unusual order."
    assert ingested(settings, "bureau").equals(usual["bureau"])


@pytest.mark.parametrize("zipped", [False, True])
def test_a_list_of_columns_that_differs_from_the_contracts(settings: Settings, tiny_source: Path, zipped: bool) -> None:
    lines = ["Table,Row", *(f"{table.file_name},{name}" for table in ALL_TABLES for name in table.column_names)]
    lines = [line.replace("application_train.csv", "application_{train|test}.csv") for line in lines]
    lines = [line for line in lines if not line.startswith("application_test.csv")]
    path = tiny_source / "HomeCredit_columns_description.csv"
    path.write_text("\n".join([*lines, "bureau.csv,MOON_PHASE"]))
    if zipped:
        shutil.make_archive(str(tiny_source.parent / "all"), "zip", tiny_source)
    manifest = step.run(settings, tiny_source.parent / "all.zip" if zipped else tiny_source)
    assert manifest.measures["warned_of"] == (
        "HomeCredit_columns_description.csv differs from the contracts: bureau.csv has in addition MOON_PHASE."
    )


def test_an_unknown_column_is_left_out(settings: Settings, tiny_source: Path, usual: dict[str, pl.DataFrame]) -> None:
    edit(tiny_source / "bureau_balance.csv", "\n", ",anything\n")
    edit(tiny_source / "bureau_balance.csv", "STATUS,anything", "STATUS,NOTE")
    manifest = step.run(settings, tiny_source)
    assert warnings_of(manifest) == "bureau_balance.csv: ignored the unknown columns NOTE."
    assert ingested(settings, "bureau_balance").equals(usual["bureau_balance"])


def test_a_byte_order_mark(settings: Settings, tiny_source: Path, usual: dict[str, pl.DataFrame]) -> None:
    file = tiny_source / "bureau.csv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert warnings_of(step.run(settings, tiny_source)) == "bureau.csv: ignored the byte order mark."
    assert ingested(settings, "bureau").equals(usual["bureau"])


def test_a_secondary_table_with_nothing_but_its_header(settings: Settings, tmp_path: Path) -> None:
    source = write_source(tmp_path / "source", raw_tables() | {"bureau": [], "installments_payments": []})
    manifest = step.run(settings, source)
    assert warnings_of(manifest) == "bureau.csv: has no rows. installments_payments.csv: has no rows."
    assert ingested(settings, "bureau").is_empty()
    assert ingested(settings, "bureau_balance")["SK_ID_CURR"].null_count() == 72


def test_a_last_line_without_line_end(settings: Settings, tiny_source: Path, usual: dict[str, pl.DataFrame]) -> None:
    file = tiny_source / "bureau.csv"
    file.write_bytes(file.read_bytes().rstrip(b"\n"))
    assert "bureau.csv: the last line has no line end" in warnings_of(step.run(settings, tiny_source))
    assert ingested(settings, "bureau").equals(usual["bureau"])


def test_lines_that_end_as_on_windows(settings: Settings, tiny_source: Path, usual: dict[str, pl.DataFrame]) -> None:
    for file in tiny_source.iterdir():
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert warnings_of(step.run(settings, tiny_source)) == ""
    for table in ALL_TABLES:
        assert ingested(settings, table.name).equals(usual[table.name]), table.name


def test_every_field_in_quotes(settings: Settings, tiny_source: Path, usual: dict[str, pl.DataFrame]) -> None:
    for file in tiny_source.iterdir():
        with file.open(newline="") as stream:
            lines = list(csv.reader(stream))
        with file.open("w", newline="") as stream:
            csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(lines)
    assert warnings_of(step.run(settings, tiny_source)) == ""
    for table in ALL_TABLES:
        assert ingested(settings, table.name).equals(usual[table.name]), table.name


@pytest.mark.parametrize("text", ['says "yes", then no', "two\nlines", "two\r\nlines", "naïve", "x, y, z"])
def test_quotes_commas_and_line_ends_inside_a_text_are_kept(settings: Settings, tmp_path: Path, text: str) -> None:
    tables = with_cell(raw_tables(), "bureau", "CREDIT_TYPE", text, row=3)
    manifest = step.run(settings, write_source(tmp_path / "source", tables))
    assert warnings_of(manifest) == ""
    kept = ingested(settings, "bureau").filter(pl.col("SK_ID_BUREAU") == 1000021)
    assert kept["CREDIT_TYPE"].to_list() == [text]
    assert ingested(settings, "bureau").height == 24


def test_the_last_line_may_hold_a_line_end_in_quotes(settings: Settings, tmp_path: Path) -> None:
    tables = with_cell(raw_tables(), "bureau_balance", "STATUS", "a\nb", row=-1)
    step.run(settings, write_source(tmp_path / "source", tables))
    assert "a\nb" in ingested(settings, "bureau_balance")["STATUS"]


def test_duplicate_keys_and_orphans_are_left_to_the_validation(settings: Settings, tmp_path: Path) -> None:
    tables = raw_tables()
    tables["bureau"].append(dict(tables["bureau"][0]))
    tables["bureau_balance"].append({"SK_ID_BUREAU": "999", "MONTHS_BALANCE": "-1", "STATUS": "C"})
    manifest = step.run(settings, write_source(tmp_path / "source", tables))
    rows = {part.name: part.rows for part in manifest.outputs}
    assert (rows["bureau"], rows["bureau_balance"]) == (25, 73)


@pytest.mark.parametrize("client", ["", "0", "-5"])
def test_an_impossible_client_is_left_to_the_validation(settings: Settings, tmp_path: Path, client: str) -> None:
    tables = with_cell(raw_tables(), "bureau", "SK_ID_CURR", client)
    step.run(settings, write_source(tmp_path / "source", tables))
    kept = ingested(settings, "bureau").filter(pl.col("SK_ID_BUREAU") == 1000010)
    assert kept["SK_ID_CURR"].to_list() == [int(client) if client else None]


def test_the_order_of_the_rows_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    tables = raw_tables()
    # Payments have no key: rows that the sort order leaves equal must still find one order.
    tables["installments_payments"] += [
        cells | {"AMT_PAYMENT": f"{1 + number}.5"} for number, cells in enumerate(tables["installments_payments"])
    ]
    step.run(settings, write_source(tmp_path / "source", tables))
    usual = {table.name: ingested(settings, table.name) for table in ALL_TABLES}
    turned = {name: rows[::-1] for name, rows in tables.items()}
    step.run(settings, write_source(tmp_path / "turned", turned))
    for table in ALL_TABLES:
        assert ingested(settings, table.name).equals(usual[table.name]), table.name


def test_folders_may_have_any_name(
    settings: Settings, tiny_source: Path, tmp_path: Path, usual: dict[str, pl.DataFrame]
) -> None:
    elsewhere = settings.with_values(data_directory=tmp_path / "data [1] *é")
    step.run(elsewhere, tiny_source.rename(tmp_path / "source [2] ?ü"))
    for table in ALL_TABLES:
        assert ingested(elsewhere, table.name).equals(usual[table.name]), table.name
