"""Sources that violate their contract: one clear error each, and the last version stays unchanged."""

import hashlib
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from credit_scoring import cli
from credit_scoring.core.errors import SourceError
from credit_scoring.core.settings import Settings
from credit_scoring.data_ingestion import step
from tests.support.factories import raw_tables, with_cell, write_source


@pytest.fixture
def broken(settings: Settings, tiny_source: Path, tmp_path: Path) -> Path:
    """A copy of the source to break; the unbroken one has been ingested."""
    step.run(settings, tiny_source)
    return shutil.copytree(tiny_source, tmp_path / "broken")


def stored(settings: Settings) -> dict[str, str]:
    """Every file below the folder of ingested versions, with a hash of its content."""
    folder = settings.data_directory / "ingest"
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def refusal(settings: Settings, source: Path) -> SourceError:
    """The error that ends the step; nothing that was stored may have changed, and nothing may be left."""
    before = stored(settings)
    with pytest.raises(SourceError) as raised:
        step.run(settings, source)
    assert stored(settings) == before
    return raised.value


def broken_cell(settings: Settings, folder: Path, table: str, column: str, text: str) -> str:
    """Message of the error when the third row of a table prints one cell differently."""
    write_source(folder, with_cell(raw_tables(), table, column, text, row=2))
    return refusal(settings, folder).message


def edit(file: Path, old: str, new: str, count: int = -1) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, count))


def test_a_source_that_does_not_exist(settings: Settings, tmp_path: Path) -> None:
    assert str(tmp_path / "nowhere") in refusal(settings, tmp_path / "nowhere").message


def test_a_source_that_is_neither_folder_nor_zip(settings: Settings, tiny_source: Path) -> None:
    assert "bureau.csv is a single table" in refusal(settings, tiny_source / "bureau.csv").message
    (tiny_source / "notes.txt").write_text("no data")
    assert "notes.txt is not a complete zip file" in refusal(settings, tiny_source / "notes.txt").message


def test_a_missing_file(settings: Settings, broken: Path) -> None:
    (broken / "bureau.csv").unlink()
    (broken / "POS_CASH_balance.csv").unlink()
    assert refusal(settings, broken).message == f"{broken} lacks POS_CASH_balance.csv, bureau.csv."


def test_an_empty_file(settings: Settings, broken: Path) -> None:
    (broken / "bureau.csv").write_bytes(b"")
    assert refusal(settings, broken).message == "bureau.csv is empty."


def test_a_main_table_with_nothing_but_its_header(settings: Settings, broken: Path) -> None:
    write_source(broken, raw_tables() | {"application_train": []})
    assert refusal(settings, broken).message == "application_train.csv has no rows."


def test_a_file_without_header(settings: Settings, broken: Path) -> None:
    header, rows = (broken / "bureau_balance.csv").read_text().split("\n", 1)
    (broken / "bureau_balance.csv").write_text(rows)
    assert (
        "bureau_balance.csv, line 1: no column of bureau_balance is named, found '1000010,-1,C'"
        in refusal(settings, broken).message
    )


def test_a_missing_column(settings: Settings, broken: Path) -> None:
    edit(broken / "bureau_balance.csv", ",STATUS", "")
    edit(broken / "bureau_balance.csv", ",C\n", "\n")
    message = refusal(settings, broken).message
    assert message == "bureau_balance.csv, line 1: missing columns: STATUS."


def test_a_renamed_column_is_named_with_its_new_name(settings: Settings, broken: Path) -> None:
    edit(broken / "bureau.csv", "CREDIT_TYPE", "KIND")
    message = refusal(settings, broken).message
    assert message == "bureau.csv, line 1: missing columns: CREDIT_TYPE; unknown columns: KIND."


def test_a_repeated_column(settings: Settings, broken: Path) -> None:
    edit(broken / "bureau.csv", "CREDIT_TYPE", "CREDIT_ACTIVE", 1)
    assert "bureau.csv, line 1: the column CREDIT_ACTIVE is repeated" in refusal(settings, broken).message


def test_an_unknown_column_when_the_settings_refuse_it(settings: Settings, broken: Path) -> None:
    strict = settings.with_values(ingestion={"unknown_columns": "reject"})
    edit(broken / "bureau_balance.csv", "\n", ",\n")
    edit(broken / "bureau_balance.csv", ",STATUS,", ",STATUS,NOTE")
    error = refusal(strict, broken)
    assert error.message == "bureau_balance.csv has the unknown columns NOTE."
    assert "CREDIT_INGESTION_UNKNOWN_COLUMNS=warn" in error.next_step


def test_a_table_of_the_wrong_kind_under_a_right_name(settings: Settings, broken: Path) -> None:
    shutil.copy(broken / "installments_payments.csv", broken / "bureau.csv")
    assert "bureau.csv, line 1: the columns are those of installments_payments" in refusal(settings, broken).message


@pytest.mark.parametrize(("separator", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_a_wrong_separator_is_named(settings: Settings, broken: Path, separator: str, name: str) -> None:
    edit(broken / "bureau.csv", ",", separator)
    assert f"bureau.csv, line 1: the columns are separated by {name}" in refusal(settings, broken).message


def test_a_decimal_comma_in_quotes(settings: Settings, broken: Path) -> None:
    message = broken_cell(settings, broken, "bureau", "AMT_CREDIT_SUM", "0,5")
    where = "bureau.csv, line 4, column AMT_CREDIT_SUM"
    assert message == f"{where}: '0,5' is not a number; decimals use a point."


def test_a_decimal_comma_without_quotes(settings: Settings, broken: Path) -> None:
    edit(broken / "installments_payments.csv", ",0.25,0.25\n", ",0,25,0.25\n", 1)
    error = refusal(settings, broken)
    assert error.message == "installments_payments.csv, line 3: 9 fields instead of 8."
    assert "decimals use a point" in error.next_step


def test_text_in_a_number(settings: Settings, broken: Path) -> None:
    message = broken_cell(settings, broken, "previous_application", "AMT_CREDIT", "much")
    assert message == "previous_application.csv, line 4, column AMT_CREDIT: 'much' is not a number."


def test_a_fraction_in_a_whole_number(settings: Settings, broken: Path) -> None:
    message = broken_cell(settings, broken, "bureau", "CNT_CREDIT_PROLONG", "1.5")
    assert message == "bureau.csv, line 4, column CNT_CREDIT_PROLONG: '1.5' is not a whole number."


def test_a_whole_number_beyond_its_type(settings: Settings, broken: Path) -> None:
    message = broken_cell(settings, broken, "bureau", "SK_ID_BUREAU", "2147483648")
    where = "bureau.csv, line 4, column SK_ID_BUREAU"
    assert message == f"{where}: '2147483648' does not fit the declared type Int32."


@pytest.mark.parametrize("word", ["inf", "-Infinity", "nan", "NaN", "1e999"])
@pytest.mark.parametrize("column", ["AMT_CREDIT_SUM", "CREDIT_DAY_OVERDUE"])
def test_a_number_that_is_not_finite(settings: Settings, broken: Path, word: str, column: str) -> None:
    message = broken_cell(settings, broken, "bureau", column, word)
    assert message == f"bureau.csv, line 4, column {column}: '{word}' is not a finite number."


def test_latin_1_bytes(settings: Settings, broken: Path) -> None:
    content = (broken / "bureau.csv").read_bytes()
    (broken / "bureau.csv").write_bytes(content.replace(b"Car loan", b"Cr\xe9dit auto", 1))
    error = refusal(settings, broken)
    assert error.message == "bureau.csv, line 4: not UTF-8 text, near 'edit auto'." or "Crédit" in error.message
    assert "iconv" in error.next_step


def test_latin_1_bytes_in_the_header(settings: Settings, broken: Path) -> None:
    content = (broken / "bureau.csv").read_bytes()
    (broken / "bureau.csv").write_bytes(content.replace(b"CREDIT_TYPE", b"CR\xc9DIT", 1))
    assert "bureau.csv, line 1: not a line of UTF-8 text" in refusal(settings, broken).message


def test_a_quotation_mark_that_is_never_closed(settings: Settings, broken: Path) -> None:
    edit(broken / "bureau.csv", "Car loan", '"Car loan', 1)
    assert "bureau.csv, line 4: unexpected end of data" in refusal(settings, broken).message


def test_a_line_in_the_middle_that_is_too_short(settings: Settings, broken: Path) -> None:
    edit(broken / "installments_payments.csv", ",0.25,0.25\n", ",0.25\n", 1)
    message = refusal(settings, broken).message
    assert message == "installments_payments.csv, line 3: 7 fields instead of 8."


def test_an_empty_line_in_the_middle(settings: Settings, broken: Path) -> None:
    edit(broken / "bureau_balance.csv", "\n1000010,-2", "\n\n1000010,-2", 1)
    assert refusal(settings, broken).message == "bureau_balance.csv, line 3: 0 fields instead of 3."


def test_a_short_line_is_found_even_if_quoted_commas_make_up_for_it(settings: Settings, broken: Path) -> None:
    edit(broken / "bureau_balance.csv", "1000010,-1,C\n1000010,-2,0\n", '1000010,-1,"C,"\n1000010,-2\n')
    assert refusal(settings, broken).message == "bureau_balance.csv, line 3: 2 fields instead of 3."


def test_a_last_line_cut_short(settings: Settings, broken: Path) -> None:
    content = (broken / "POS_CASH_balance.csv").read_bytes()
    (broken / "POS_CASH_balance.csv").write_bytes(content[: content.rindex(b",")])
    message = refusal(settings, broken).message
    assert (
        message
        == "POS_CASH_balance.csv, last line: 7 fields instead of 8, at its end '2000041,200004,-3,,,Canceled,2'."
    )


def zipped(folder: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)
    return target


def test_a_zip_cut_short(settings: Settings, broken: Path, tmp_path: Path) -> None:
    archive = zipped(broken, tmp_path / "source.zip")
    archive.write_bytes(archive.read_bytes()[:-100])
    error = refusal(settings, archive)
    assert f"{archive} is not a complete zip file" in error.message
    assert "Download it again" in error.next_step


def test_a_damaged_file_in_a_zip(settings: Settings, broken: Path, tmp_path: Path) -> None:
    archive = zipped(broken, tmp_path / "source.zip")
    with zipfile.ZipFile(archive) as opened:
        info = opened.getinfo("bureau.csv")
    content = bytearray(archive.read_bytes())
    content[info.header_offset + 200] ^= 0xFF
    archive.write_bytes(content)
    assert f"{archive}/bureau.csv is damaged" in refusal(settings, archive).message


def test_an_encrypted_zip(settings: Settings, broken: Path, tmp_path: Path) -> None:
    archive = zipped(broken, tmp_path / "source.zip")
    content = archive.read_bytes()
    # The flag in the central directory is all that a reader looks at before it asks for a password.
    archive.write_bytes(content.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"))
    assert "is encrypted" in refusal(settings, archive).message


def test_the_command_line_prints_the_error_and_ends_with_its_code(
    settings: Settings, broken: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_source(broken, with_cell(raw_tables(), "bureau", "CNT_CREDIT_PROLONG", "often", row=2))
    monkeypatch.setenv("CREDIT_DATA_DIRECTORY", str(settings.data_directory))
    monkeypatch.setattr(sys, "argv", ["credit-scoring", "ingest", "--source", str(broken)])
    with pytest.raises(SystemExit) as raised:
        cli.main()
    assert raised.value.code == SourceError.exit_code == 4
    error, next_step = capsys.readouterr().err.splitlines()[-2:]
    assert error == "Error: bureau.csv, line 4, column CNT_CREDIT_PROLONG: 'often' is not a number."
    assert next_step == "Correct the value, or leave the field empty if it is unknown."


def test_a_file_repeated_in_a_zip(settings: Settings, broken: Path, tmp_path: Path) -> None:
    archive = zipped(broken, tmp_path / "source.zip")
    with zipfile.ZipFile(archive, "a") as opened:
        opened.write(broken / "bureau.csv", "old/bureau.csv")
    message = refusal(settings, archive).message
    assert message == f"bureau.csv is repeated: {archive}/bureau.csv and {archive}/old/bureau.csv."


def test_a_note_on_the_origin_that_cannot_be_read(settings: Settings, broken: Path) -> None:
    (broken / "source.json").write_text("synthetic")
    assert f"{broken / 'source.json'} does not state the origin of the data" in refusal(settings, broken).message
