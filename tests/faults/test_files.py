"""Archives and files as people really make them: read where possible, otherwise diagnosed by what was found."""

import io
import zipfile
from pathlib import Path

import pytest

from credit_scoring.core.errors import SourceError
from credit_scoring.core.manifest import Manifest
from credit_scoring.core.settings import Settings
from credit_scoring.data_ingestion import step as ingestion


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
