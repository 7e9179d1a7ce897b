"""The eight CSV files, in a folder or in a zip as Kaggle ships it, with nested zips."""

import json
import lzma
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from credit_scoring.core.errors import SourceError
from credit_scoring.core.manifest import SOURCE_MARKER, DataSource, fingerprint_of
from credit_scoring.core.progress import progress
from credit_scoring.core.quoting import listed
from credit_scoring.data_contracts import ALL_TABLES, Table
from credit_scoring.data_ingestion.column_descriptions import DESCRIPTIONS_FILE
from credit_scoring.data_ingestion.fingerprints import FingerprintCache
from credit_scoring.data_ingestion.kaggle import COMPETITION, means_kaggle

_CSV_NAMES = {table.file_name for table in ALL_TABLES}
_EXPECTED_FILES = {*_CSV_NAMES, SOURCE_MARKER, DESCRIPTIONS_FILE}
_EXPECTED = "A source is a folder or a zip with the eight Home Credit CSV files, or `kaggle`."
_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError)
_COPIED_BYTES = 1 << 20


@dataclass(frozen=True)
class RawFile:
    """One file of the raw data.

    Attributes:
        path: of the file, or of the zip that contains it.
        members: path through nested zips; empty if the file is not zipped.
        fingerprint: hash of its content.
    """

    path: Path
    members: tuple[str, ...]
    fingerprint: str

    def __str__(self) -> str:
        return "/".join((str(self.path), *self.members))


@dataclass(frozen=True)
class RawData:
    """Raw data that was found and fingerprinted, but not read yet.

    Attributes:
        path: the folder or the zip.
        files: the CSV files by name; an optional one and the list of columns may be absent.
        fingerprint: hash of their content.
        kind: synthetic if the marker file says so.
    """

    path: Path
    files: Mapping[str, RawFile]
    fingerprint: str
    kind: DataSource


def find_raw_data(path: Path, known: FingerprintCache) -> RawData:
    """Find the CSV files and their fingerprints, without unpacking them.

    Args:
        known: cached fingerprints.

    Raises:
        SourceError: it does not exist, is damaged, or a file is missing or repeated.
    """
    try:
        files = _files_of_folder(path, known) if path.is_dir() else _files_of_zip(path)
    except FileNotFoundError as error:
        raise SourceError(f"The source {path} does not exist.", _EXPECTED) from error
    except OSError as error:
        raise SourceError(f"The source {path} cannot be read ({error.strerror}).", "Make it readable.") from error
    if missing := sorted(
        table.file_name for table in ALL_TABLES if not table.is_optional and table.file_name not in files
    ):
        raise SourceError(f"{path} lacks {', '.join(missing)}{_others_in(path)}.", _EXPECTED)
    marker = files.pop(SOURCE_MARKER, None)
    parts = [(name, files[name].fingerprint) for name in sorted(files)]
    return RawData(path, files, fingerprint_of(parts), _kind(marker))


def is_empty(source: Path) -> bool:
    """Whether a source does not exist or is a folder without files, as a volume is that is mounted by default."""
    if means_kaggle(source):
        return False
    if not source.is_dir():
        return not source.exists()
    return all(path.name.startswith(".") or path.name == "lost+found" for path in source.iterdir())


@contextmanager
def csv_files(raw_data: RawData, scratch: Path) -> Iterator[dict[str, Path]]:
    """Paths of the CSV files by table name; zipped ones are unpacked into ``scratch`` during the block."""
    folder = scratch / "unpacked"
    folder.mkdir()
    try:
        yield {
            table.name: _csv_file(raw_data.files.get(table.file_name), table, folder / table.file_name)
            for table in progress(ALL_TABLES, "Unpacking")
        }
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def content_of(file: RawFile) -> bytes:
    """The content of a small file.

    Raises:
        SourceError: the zip that contains it is damaged.
    """
    with _clear_zip_errors(f"{file} is damaged"), _opened(file) as stream:
        return stream.read()


def _csv_file(file: RawFile | None, table: Table, target: Path) -> Path:
    if file is None:
        target.write_text(",".join(table.column_names) + "\n")
        return target
    if not file.members:
        return file.path
    with _clear_zip_errors(f"{file} is damaged"), _opened(file) as compressed, target.open("wb") as plain:
        shutil.copyfileobj(compressed, plain, _COPIED_BYTES)
    return target


@contextmanager
def _clear_zip_errors(finding: str) -> Iterator[None]:
    """Name the damaged zip or file; each compression method has errors of its own for damaged content."""
    try:
        yield
    except NotImplementedError as error:
        next_step = "Unpack the zip with the program that wrote it, and give the folder."
        raise SourceError(f"The source cannot be unpacked: {error}.", next_step) from error
    except (OSError, *_DAMAGED) as error:
        # The system's errors have a number, those of bzip2 have none.
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise SourceError(f"{finding} ({error}).", f"Download it again. {_EXPECTED}") from error


@contextmanager
def _opened(file: RawFile) -> Iterator[IO[bytes]]:
    with ExitStack() as stack:
        stream: IO[bytes] = stack.enter_context(file.path.open("rb"))
        for member in file.members:
            stream = stack.enter_context(stack.enter_context(zipfile.ZipFile(stream)).open(member))
        yield stream


def _files_of_folder(folder: Path, known: FingerprintCache) -> dict[str, RawFile]:
    plain = [path for path in folder.iterdir() if path.name in _EXPECTED_FILES and path.is_file()]
    fingerprints = known.fingerprints_of(plain)
    files = {path.name: RawFile(path, (), fingerprints[path]) for path in plain}
    for path in folder.glob("*.zip"):
        if path.stem in _EXPECTED_FILES and path.stem not in files:
            files |= _files_of_zip(path)
    return files


def _files_of_zip(path: Path) -> dict[str, RawFile]:
    if path.suffix.lower() == ".csv":
        raise SourceError(f"{path} is a single table.", f"Give its folder. {_EXPECTED}")
    if path.exists() and not path.is_file():
        # A device may have no end, and a pipe no writer.
        raise SourceError(f"{path} is no regular file.", _EXPECTED)
    files: dict[str, RawFile] = {}
    with path.open("rb") as stream:
        for name, members, fingerprint in _members(stream, str(path)):
            file = RawFile(path, members, fingerprint)
            if name in files:
                raise SourceError(f"{name} is repeated: {files[name]} and {file}.", "Remove one of them.")
            files[name] = file
    return files


def _members(stream: IO[bytes], subject: str) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Name, path through the zips, and fingerprint of every expected file.

    Args:
        subject: the zip that the stream holds, as errors name it.
    """
    with _clear_zip_errors(f"{subject} is not a complete zip file"), zipfile.ZipFile(stream) as archive:
        for info in archive.infolist():
            name = _name_of(info)
            is_expected = name in _EXPECTED_FILES
            if not is_expected and not _may_hold_tables(name):
                continue
            if info.flag_bits & 1:
                raise SourceError(
                    f"{info.filename} in {subject} is encrypted.", "Unpack the zip with its password first."
                )
            if is_expected:
                yield name, (info.filename,), f"{info.CRC:08x}-{info.file_size}"
                continue
            with archive.open(info) as inner:
                for name, members, fingerprint in _members(inner, f"{subject}/{info.filename}"):
                    yield name, (info.filename, *members), fingerprint


def _name_of(info: zipfile.ZipInfo) -> str:
    """Name of a member without its folders, which some programs of Windows separate by backslashes.

    Empty for the copies of macOS, which hold attributes of a file under its name.
    """
    path = PurePosixPath(info.filename.replace("\\", "/"))
    return "" if "__MACOSX" in path.parts or path.name.startswith("._") else path.name


def _may_hold_tables(name: str) -> bool:
    """Whether a name is that of a zipped table, or of the whole competition."""
    stem, _, ending = name.rpartition(".")
    return ending.lower() == "zip" and (stem in _EXPECTED_FILES or f"{stem}.csv" in _CSV_NAMES or COMPETITION in stem)


def _others_in(path: Path) -> str:
    """What a source holds that is no table, as the end of a sentence: a table may have another name."""
    if path.is_dir():
        names = sorted(found.name for found in path.iterdir())
    else:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    others = [name for name in names if PurePosixPath(name).name not in _EXPECTED_FILES]
    return f"; it holds {listed(others)}" if others else ""


def _kind(marker: RawFile | None) -> DataSource:
    if marker is None:
        return "real"
    try:
        return "synthetic" if json.loads(content_of(marker)).get("source") == "synthetic" else "real"
    except (ValueError, AttributeError) as error:
        raise SourceError(
            f"{marker} does not state the origin of the data ({error}).",
            "Remove it if the data is real; generate the data again if it is synthetic.",
        ) from error
