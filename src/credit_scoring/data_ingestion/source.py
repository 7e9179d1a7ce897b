"""Where the eight CSV files come from: a folder, or a zip as Kaggle ships it."""

import json
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from credit_scoring.core.errors import SourceError
from credit_scoring.core.manifest import DataSource, fingerprint_of, fingerprint_of_file
from credit_scoring.core.progress import progress
from credit_scoring.tables import ALL_TABLES, Table

SYNTHETIC_MARKER = "source.json"
_WANTED = {table.file_name for table in ALL_TABLES}
_EXPECTED = "A source is a folder or a zip with the eight Home Credit CSV files."


@dataclass(frozen=True)
class Source:
    """A source that was found and fingerprinted, but not read yet.

    Attributes:
        path: the folder or the zip.
        fingerprint: hash of the content of its CSV files.
        kind: whether the data says of itself that it was generated.
    """

    path: Path
    fingerprint: str
    kind: DataSource


def find_source(path: Path) -> Source:
    """Look at a source without unpacking it.

    Raises:
        SourceError: it does not exist, is damaged, or one of the eight files is missing.
    """
    if path.is_dir():
        _require_all_files({file.name for file in path.iterdir() if file.is_file()}, path)
        parts = [(name, fingerprint_of_file(path / name)) for name in sorted(_WANTED)]
        marker = path / SYNTHETIC_MARKER
        return Source(path, fingerprint_of(parts), _kind(marker.read_bytes() if marker.is_file() else None))
    if path.is_file():
        with _open_zip(path) as archive:
            members = _members(archive)
            _require_all_files(set(members), path)
            parts = [(name, f"{members[name].CRC}-{members[name].file_size}") for name in sorted(_WANTED)]
            marker_member = members.get(SYNTHETIC_MARKER)
            return Source(
                path, fingerprint_of(parts), _kind(archive.read(marker_member) if marker_member else None)
            )
    raise SourceError(f"The source {path} does not exist.", _EXPECTED)


@contextmanager
def csv_files(source: Source, scratch: Path) -> Iterator[dict[str, Path]]:
    """Paths of the CSV files by table name; those of a zip are unpacked into ``scratch`` for as long as needed."""
    if source.path.is_dir():
        yield {table.name: source.path / table.file_name for table in ALL_TABLES}
        return
    folder = scratch / "unpacked"
    folder.mkdir()
    try:
        with _open_zip(source.path) as archive:
            members = _members(archive)
            yield {
                table.name: _unpack(archive, members, table, folder)
                for table in progress(ALL_TABLES, "Unpacking")
            }
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unpack(
    archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], table: Table, folder: Path
) -> Path:
    path = folder / table.file_name
    try:
        with archive.open(members[table.file_name]) as compressed, path.open("wb") as plain:
            shutil.copyfileobj(compressed, plain, 1 << 20)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise SourceError(
            f"{table.file_name} in {archive.filename} is damaged ({error}).", "Download the zip again."
        ) from error
    return path


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    return {Path(info.filename).name: info for info in archive.infolist() if not info.is_dir()}


@contextmanager
def _open_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise SourceError(
            f"{path} is not a complete zip file ({error}).", f"Download it again. {_EXPECTED}"
        ) from error
    with archive:
        yield archive


def _require_all_files(names: set[str], path: Path) -> None:
    if missing := sorted(_WANTED - names):
        raise SourceError(f"{path} lacks {', '.join(missing)}.", _EXPECTED)


def _kind(marker: bytes | None) -> DataSource:
    return "synthetic" if marker is not None and json.loads(marker).get("source") == "synthetic" else "real"
