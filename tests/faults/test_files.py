"""Archives and files as people really make them: read where possible, otherwise diagnosed by what was found."""

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from credit_scoring.batch_scoring.score_file import score_file
from credit_scoring.batch_scoring.writing import writing_table
from credit_scoring.cli import app
from credit_scoring.cli.lazy_group import COMMANDS, load_command
from credit_scoring.core.errors import SourceError, StorageError, ValidationFailedError
from credit_scoring.core.manifest import Manifest
from credit_scoring.core.settings import Settings
from credit_scoring.data_contracts.application_request import EXAMPLE
from credit_scoring.data_ingestion import step as ingestion
from credit_scoring.data_ingestion.application_file import open_applications
from credit_scoring.data_validation import step as validation
from tests.support.factories import raw_tables, write_source


@pytest.fixture
def expected(settings: Settings, tiny_source: Path, tmp_path: Path) -> dict[str, int | None]:
    """Rows of each table of the plain folder."""
    return rows(ingestion.run(settings.with_values(data_directory=tmp_path / "plain"), tiny_source))


def rows(manifest: Manifest) -> dict[str, int | None]:
    return {output.name: output.rows for output in manifest.outputs}


def refusal(settings: Settings, source: Path) -> SourceError:
    with pytest.raises(SourceError) as raised:
        ingestion.run(settings, source)
    return raised.value


def zipped(file: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(file, file.name)
    return buffer.getvalue()


def test_a_zip_of_zips_made_on_a_mac_is_read_whatever_else_lies_in_it(
    settings: Settings, tiny_source: Path, tmp_path: Path, expected: dict[str, int | None]
) -> None:
    archive = tmp_path / "mac.zip"
    attributes = b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        " + bytes(100)
    with zipfile.ZipFile(archive, "w") as outer:
        for file in sorted(tiny_source.glob("*.csv")):
            outer.writestr(f"loans/{file.name}.zip", zipped(file))
            outer.writestr(f"__MACOSX/loans/._{file.name}.zip", attributes)
            outer.writestr(f"loans/._{file.name}", attributes)
        outer.writestr("old/notes.zip", b"the minutes of a meeting")
    assert rows(ingestion.run(settings, archive)) == expected


def test_a_zip_whose_folders_are_separated_by_backslashes_is_read(
    settings: Settings, tiny_source: Path, tmp_path: Path, expected: dict[str, int | None]
) -> None:
    archive = tmp_path / "windows.zip"
    with zipfile.ZipFile(archive, "w") as outer:
        for file in sorted(tiny_source.glob("*.csv")):
            outer.writestr(f"data\\loans\\{file.name}", file.read_bytes())
    assert rows(ingestion.run(settings, archive)) == expected


def test_a_source_that_lacks_a_table_is_told_what_it_holds(
    settings: Settings, tiny_source: Path, tmp_path: Path
) -> None:
    (tiny_source / "bureau.csv").rename(tiny_source / "Bureau (1).csv")
    assert "lacks bureau.csv; it holds Bureau (1).csv." in refusal(settings, tiny_source).message
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("photos/cat.jpg", b"a cat")
    message = refusal(settings, tmp_path / "other.zip").message
    assert "bureau.csv" in message and message.endswith("it holds photos/cat.jpg.")


METHODS = {"deflate": zipfile.ZIP_DEFLATED, "bzip2": zipfile.ZIP_BZIP2, "lzma": zipfile.ZIP_LZMA}


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS.keys())
def test_a_damaged_file_in_a_zip_is_called_damaged_however_it_is_packed(
    method: int, settings: Settings, tiny_source: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "damaged.zip"
    with zipfile.ZipFile(archive, "w", method) as outer:
        for file in sorted(tiny_source.glob("*.csv")):
            outer.write(file, file.name)
        start = outer.getinfo("application_train.csv").header_offset
    content = bytearray(archive.read_bytes())
    content[start + 300 : start + 400] = bytes(byte ^ 0x5A for byte in content[start + 300 : start + 400])
    archive.write_bytes(content)
    assert f"{archive}/application_train.csv is damaged" in refusal(settings, archive).message


def test_a_zip_packed_by_an_unknown_method_is_not_called_damaged(
    settings: Settings, tiny_source: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "deflate64.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as outer:
        for file in sorted(tiny_source.glob("*.csv")):
            outer.write(file, file.name)
        for info in outer.filelist:
            info.compress_type = 9  # what Windows uses for large files; only the directory says so here
    error = refusal(settings, archive)
    assert "cannot be unpacked" in error.message and "give the folder" in error.next_step


def lines(change: Callable[[int, bytes], bytes]) -> Callable[[bytes], bytes]:
    """Change every line of a file by its number, which starts at 1."""
    return lambda content: b"".join(
        change(number, line) for number, line in enumerate(content.splitlines(keepends=True), 1)
    )


DIAGNOSES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "carriage returns": (lambda text: text.replace(b"\n", b"\r"), "the lines end in a carriage return alone"),
    "small letters": (
        lines(lambda number, line: line.lower() if number == 1 else line),
        "column names differ from the contract in capitals or blanks: 'sk_id_curr' instead of SK_ID_CURR",
    ),
    "commas at the ends": (
        lines(lambda number, line: line if number == 1 else line[:-1] + b",\n"),
        "last line: 122 fields instead of 121, at its end ",
    ),
    "totals": (lambda text: text + b"Total;200\n", "last line: 1 fields instead of 121, at its end 'Total;200'"),
    "note on the separator": (lambda text: b"sep=,\n" + text, "line 1: Excel's note on the separator"),
    "semicolons": (lambda text: text.replace(b",", b";"), "the columns are separated by semicolons"),
    "quoted lines": (lines(lambda _, line: b'"' + line[:-1] + b'"\n'), "the whole line is one quoted text"),
    "no header": (lambda text: text.split(b"\n", 1)[1], "line 1: no column of application_test is named, found '"),
    "long number": (lambda text: text.replace(b",0.0,", b"," + b"1" * 200_000 + b",", 1), "field limit"),
    "UTF-16": (lambda text: text.decode().encode("utf-16"), "is UTF-16 text, not CSV text"),
    "a workbook": (lambda text: b"PK\x03\x04" + text, "is a zip or an Excel workbook, not CSV text"),
    "gzip": (gzip.compress, "is compressed by gzip, not CSV text"),
}


@pytest.mark.parametrize(("change", "finding"), DIAGNOSES.values(), ids=DIAGNOSES.keys())
def test_ingestion_and_the_file_scorer_find_the_same_in_a_file_and_say_it(
    change: Callable[[bytes], bytes], finding: str, settings: Settings, tiny_source: Path
) -> None:
    file = tiny_source / "application_test.csv"
    file.write_bytes(change(file.read_bytes()))
    ingested = refusal(settings, tiny_source)
    with pytest.raises(SourceError) as scored:
        list(open_applications(file).chunks())
    assert finding in ingested.message
    assert scored.value.message == ingested.message


def test_a_long_number_is_not_taken_for_an_open_quotation_mark(settings: Settings, tiny_source: Path) -> None:
    file = tiny_source / "application_test.csv"
    file.write_bytes(file.read_bytes().replace(b",0.0,", b"," + b"1" * 200_000 + b",", 1))
    assert refusal(settings, tiny_source).next_step.startswith("Shorten the value")


def test_a_column_without_a_name_is_mentioned_as_such(settings: Settings, tiny_source: Path) -> None:
    file = tiny_source / "bureau.csv"
    file.write_text(file.read_text().replace("\n", ",\n"))
    warned = str(ingestion.run(settings, tiny_source).measures["warned_of"])
    assert "ignored the unknown columns (without a name)." in warned


def test_an_input_is_diagnosed_by_what_it_is(tmp_path: Path) -> None:
    frame = pl.DataFrame([EXAMPLE])
    frame.write_csv(tmp_path / "NEW.CSV")
    assert sum(len(chunk) for _, chunk in open_applications(tmp_path / "NEW.CSV").chunks()) == 1
    with pytest.raises(SourceError, match="is a folder"):
        open_applications(tmp_path)
    with pytest.raises(SourceError, match="does not exist"):
        open_applications(tmp_path / "nowhere.csv")
    with pytest.raises(SourceError, match="is no regular file"):
        open_applications(Path("/dev/null"))
    with pytest.raises(SourceError, match="File name too long"):
        open_applications(tmp_path / ("x" * 300 + ".csv"))


def test_a_damaged_page_of_a_parquet_file_blames_the_input(trained: Settings, tmp_path: Path) -> None:
    source = tmp_path / "new.parquet"
    rows = [dict(EXAMPLE, SK_ID_CURR=number, AMT_CREDIT=100_000 + 7.7 * number) for number in range(1, 500)]
    pl.DataFrame(rows).write_parquet(source)
    content = bytearray(source.read_bytes())
    content[200:900] = bytes(byte ^ 0xFF for byte in content[200:900])
    source.write_bytes(content)
    with pytest.raises(SourceError, match=r"new\.parquet cannot be read"):
        score_file(trained, source, tmp_path / "scores.csv")
    assert not (tmp_path / "scores.csv").exists()


def test_an_output_that_is_no_file_is_refused_before_anything_is_scored(trained: Settings, tmp_path: Path) -> None:
    pl.DataFrame([EXAMPLE]).write_csv(tmp_path / "new.csv")
    (tmp_path / "folder.csv").mkdir()
    with (
        pytest.raises(StorageError, match="a folder has the name of a file"),
        writing_table(tmp_path / "folder.csv", pl.Schema({"a": pl.Int64})),
    ):
        pytest.fail("the block was entered")
    (tmp_path / "device.csv").symlink_to("/dev/null")
    with pytest.raises(StorageError, match="it is no regular file"):
        score_file(trained, tmp_path / "new.csv", tmp_path / "device.csv")


def test_a_data_folder_that_cannot_be_made_is_blamed_instead_of_the_source(
    settings: Settings, tiny_source: Path
) -> None:
    for folder in (Path("/proc/nowhere"), settings.data_directory / ("x" * 300)):
        with pytest.raises(StorageError, match=f"Cannot write {folder}"):
            ingestion.run(settings.with_values(data_directory=folder), tiny_source)


@pytest.mark.parametrize(
    ("command", "endings"),
    [
        (("features", "export", "--output", "table.txt"), ".csv or .parquet"),
        (("score", "--output", "scores"), ".csv or .parquet"),
        (("decisions", "export", "--client", "1", "--output", "person.csv"), ".json"),
    ],
)
def test_a_file_whose_ending_would_lie_is_not_written(
    command: tuple[str, ...], endings: str, trained: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDIT_DATA_DIRECTORY", str(trained.data_directory))
    raised = CliRunner().invoke(app, command).exception
    assert isinstance(raised, SourceError) and f"does not end in {endings}" in raised.message
    assert not Path(command[-1]).exists()


def test_features_are_exported_as_the_ending_says(trained: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDIT_DATA_DIRECTORY", str(trained.data_directory))
    for name in ("table.csv", "table.PARQUET"):
        assert CliRunner().invoke(app, ["features", "export", "--output", name]).exit_code == 0
    assert pl.read_csv("table.csv").columns == pl.read_parquet("table.PARQUET").columns


def unbounded_numbers(command: Any, path: str) -> list[str]:
    """Whole numbers among the options of a command, or of a group's, that lack a smallest or largest value."""
    found = [
        f"{path} --{option.name}"
        for option in command.params
        if option.type_descriptor.annotation is int and None in (option.min, option.max)
    ]
    children = getattr(command, "commands", {})
    return found + [name for key, child in children.items() for name in unbounded_numbers(child, f"{path} {key}")]


def test_every_whole_number_of_the_command_line_has_bounds() -> None:
    assert [name for command in COMMANDS for name in unbounded_numbers(load_command(command), command)] == []
    for command in (("score",), ("explain",), ("decisions", "export"), ("decisions", "erase", "--yes")):
        result = CliRunner().invoke(app, [*command, "--client", "99999999999999999999"])
        assert result.exit_code == 2 and "--client" in result.output


def test_a_source_without_new_applications_is_accepted(settings: Settings, tiny_source: Path) -> None:
    file = tiny_source / "application_test.csv"
    file.write_text(file.read_text().split("\n", 1)[0] + "\n")
    for number, expected in enumerate(("has no rows", "is absent")):
        found = ingestion.run(settings, tiny_source)
        assert f"application_test.csv: {expected}." in str(found.measures["warned_of"])
        assert rows(found)["application_test"] == 0
        assert validation.run(settings).measures["errors"] == 0
        if number == 0:
            file.unlink()


def test_a_key_into_a_table_without_a_row_is_a_warning_and_into_another_an_error(
    settings: Settings, tmp_path: Path
) -> None:
    tables = raw_tables()
    ingestion.run(settings, write_source(tmp_path / "empty", tables | {"previous_application": []}))
    assert validation.run(settings).measures["warnings"] == 3
    half = tables["previous_application"][: len(tables["previous_application"]) // 2]
    ingestion.run(settings, write_source(tmp_path / "half", tables | {"previous_application": half}))
    with pytest.raises(ValidationFailedError, match="refers to a row of the same client in previous_application"):
        validation.run(settings)
