"""Reads raw applications from a CSV or Parquet file, some thousand rows at a time, with their line or row number."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from credit_scoring.core.atomic_files import ending_of
from credit_scoring.core.errors import SourceError
from credit_scoring.core.logs import get_logger
from credit_scoring.core.quoting import SHOWN_CHARACTERS
from credit_scoring.data_contracts import Table
from credit_scoring.data_contracts.accepted_values import allowed_values
from credit_scoring.data_contracts.application import APPLICATION_TEST
from credit_scoring.data_contracts.application_request import Application, RawColumns, raw_columns_of
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.data_ingestion.error_location import BLOCK_BYTES, blocks_of_records, locate_error
from credit_scoring.data_ingestion.header_and_separator import check_columns, check_last_line, read_header
from credit_scoring.data_ingestion.typed_csv import UnreadableError, read_typed_csv

_ROWS_AT_ONCE = 8_192

Row = dict[str, float | int | str | None]


class ApplicationFile(NamedTuple):
    """A file with valid columns.

    Attributes:
        numbered_by: "line" or "row".
        chunk_count: approximate number of chunks, for the progress bar.
        chunks: reads them: the number of the first line or row, and raw columns by name for each row; raises
            SourceError if a value cannot be read.
    """

    path: Path
    numbered_by: str
    chunk_count: int
    chunks: Callable[[], Iterator[tuple[int, list[Row]]]]


def open_applications(path: Path) -> ApplicationFile:
    """Open a file and check its columns.

    Raises:
        SourceError: the file does not exist, has another format, or lacks a required column.
    """
    with _clear_read_errors(path):
        if not path.is_file():
            kind = "is a folder" if path.is_dir() else "is no regular file" if path.exists() else "does not exist"
            raise SourceError(f"{path} {kind}.", "Give a CSV or Parquet file of applications.")
        return _csv(path) if ending_of(path, ".csv", ".parquet") == ".csv" else _parquet(path)


@contextmanager
def _clear_read_errors(path: Path) -> Iterator[None]:
    """Blame the file that is read, also while another one is written."""
    try:
        yield
    except (OSError, pa.ArrowException, pl.exceptions.PolarsError) as error:
        reason = getattr(error, "strerror", None) or str(error).partition("\n")[0]
        raise SourceError(f"{path.name} cannot be read ({reason}).", "Make it readable, or copy it again.") from error


def _csv(path: Path) -> ApplicationFile:
    names = read_header(path)
    table = _checked(path, f"{path.name}, line 1", names)
    check_last_line(path, len(names))

    def chunks() -> Iterator[tuple[int, list[Row]]]:
        line = 2
        with _clear_read_errors(path), path.open("rb") as stream:
            header_line = stream.readline()
            for block in blocks_of_records(stream):
                try:
                    rows = read_typed_csv(header_line + block, table, len(names))
                except UnreadableError as error:
                    raise locate_error(path, table, str(error)) from error
                yield line, rows.rows(named=True)
                line += block.count(b"\n")

    return ApplicationFile(path, "line", math.ceil(path.stat().st_size / BLOCK_BYTES), chunks)


def _parquet(path: Path) -> ApplicationFile:
    try:
        stored = pq.ParquetFile(path)
    except pa.ArrowInvalid as error:
        raise SourceError(
            f"{path.name} is not a Parquet file ({str(error).splitlines()[0]}).", "Write or copy it again."
        ) from error
    table = _checked(path, path.name, stored.schema_arrow.names)

    def chunks() -> Iterator[tuple[int, list[Row]]]:
        row = 1
        with _clear_read_errors(path):
            for batch in stored.iter_batches(_ROWS_AT_ONCE, columns=list(table.column_names)):
                frame = pl.DataFrame(pa.Table.from_batches([batch])).with_columns(pl.selectors.float().fill_nan(None))
                yield row, frame.rows(named=True)
                row += frame.height

    return ApplicationFile(path, "row", math.ceil(stored.metadata.num_rows / _ROWS_AT_ONCE), chunks)


def _checked(path: Path, where: str, names: Sequence[str]) -> Table:
    """The contract of an application, restricted to the columns of the file."""
    required = [column.name for column in APPLICATION_TEST.columns if column.required]
    check_columns(where, names, APPLICATION_TEST, required)
    known = tuple(column for column in APPLICATION_TEST.columns if column.name in names)
    if unknown := [name for name in names if name not in APPLICATION_TEST.column_names]:
        get_logger("data_ingestion").warning("columns ignored", file=path.name, columns=unknown)
    return APPLICATION_TEST.model_copy(update={"columns": known})


def validated(file: ApplicationFile, number: int, row: Row) -> RawColumns:
    """The raw columns of a row that the service would accept.

    Args:
        number: of the line or row.

    Raises:
        SourceError: a value is not allowed; names file, line and column.
    """
    where = f"{file.path.name}, {file.numbered_by} {number}"
    if row[CLIENT] is None:
        raise SourceError(f"{where}, column {CLIENT}: is empty.", "Every row of a file needs a client number.")
    try:
        return raw_columns_of(Application.model_validate(row))
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        given = repr(row[name])[:SHOWN_CHARACTERS]
        allowed = allowed_values(APPLICATION_TEST.column(name))
        raise SourceError(
            f"{where}, column {name}: {given} is not allowed ({allowed}).", "Correct or remove the row."
        ) from error
