"""Finds the first line of a CSV file that violates its contract, after the fast reader failed."""

import csv
import io
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO, NamedTuple

import polars as pl

from credit_scoring.core.errors import SourceError
from credit_scoring.core.quoting import SHOWN_CHARACTERS
from credit_scoring.data_contracts import Column, Table
from credit_scoring.data_contracts.contract import INTEGER_BITS, largest_integer
from credit_scoring.data_ingestion.csv_structure import end_of_last_record
from credit_scoring.data_ingestion.header_and_separator import read_header
from credit_scoring.data_ingestion.typed_csv import UnreadableError, read_typed_csv

BLOCK_BYTES = 1 << 22
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


_Record = tuple[int, list[str]]
"""The number of its first line, and its fields."""


class _Problem(NamedTuple):
    """An error, and the line where it starts."""

    line: int
    text: str
    next_step: str


def locate_error(path: Path, table: Table, reason: str) -> SourceError:
    """The error with file, line and column of the first value that cannot be read.

    Args:
        reason: the message of the fast reader; used if no single line is wrong.
    """
    header = read_header(path)
    with path.open("rb") as stream:
        header_line = stream.readline()
        first_line = 2
        for block in blocks_of_records(stream):
            if not _is_readable(header_line + block, table, len(header)):
                problem = _first_problem(block, first_line, header, table)
                problem = problem or _unexplained(header_line, block, first_line, table, len(header))
                return SourceError(f"{path.name}, line {problem.line}{problem.text}.", problem.next_step)
            first_line += block.count(b"\n")
    return SourceError(f"{path.name} cannot be read: {reason}.", "Correct the value, or export the file again.")


def blocks_of_records(stream: BinaryIO) -> Iterator[bytes]:
    """The file in blocks of whole records, or of whole lines where an open quotation mark spans a block."""
    rest = b""
    while chunk := stream.read(BLOCK_BYTES):
        content = rest + chunk
        end = end_of_last_record(content) or content.rfind(b"\n") + 1 or len(content)
        yield content[:end]
        rest = content[end:]
    if rest:
        yield rest


def _is_readable(content: bytes, table: Table, width: int) -> bool:
    try:
        read_typed_csv(content, table, width)
    except UnreadableError:
        return False
    return True


def _first_problem(block: bytes, first_line: int, header: Sequence[str], table: Table) -> _Problem | None:
    try:
        text = block.decode("utf-8")
    except UnicodeDecodeError as error:
        shown = block[max(0, error.start - 10) : error.end + 10].decode("latin-1")
        next_step = "Convert the file to UTF-8 (it may be Latin-1: `iconv -f latin1 -t utf-8`)."
        line = first_line + block.count(b"\n", 0, error.start)
        return _Problem(line, f": not UTF-8 text, near {shown!r}", next_step)
    records, broken_quotes = _records(text, first_line)
    columns = {column.name: column for column in table.columns}
    return _wrong_cell_or_width(records, header, columns) or broken_quotes


def _unexplained(header_line: bytes, block: bytes, first_line: int, table: Table, width: int) -> _Problem:
    """The first line that the fast reader rejects, in a block without any other error."""
    lines = block.splitlines(keepends=True)
    index = bisect_left(
        range(1, len(lines)),
        True,
        key=lambda count: not _is_readable(header_line + b"".join(lines[:count]), table, width),
    )
    shown = lines[index].decode(errors="replace").strip()[:SHOWN_CHARACTERS]
    next_step = "Look for stray quotation marks or blanks."
    return _Problem(first_line + index, f": cannot be read, {shown!r}", next_step)


def _records(text: str, first_line: int) -> tuple[list[_Record], _Problem | None]:
    """The records of a text, and the error that ended them early, if any."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[_Record] = []
    number = first_line
    try:
        for fields in reader:
            records.append((number, fields))
            number = first_line + reader.line_num
    except csv.Error as error:
        next_step = "Close the quotation mark; inside a quoted text, write it twice."
        if "field limit" in str(error):
            next_step = "Shorten the value; a quotation mark that is not closed also makes one long value."
        return records, _Problem(number, f": {error}", next_step)
    return records, None


def _wrong_cell_or_width(
    records: Sequence[_Record], header: Sequence[str], columns: Mapping[str, Column]
) -> _Problem | None:
    ragged = next((index for index, (_, fields) in enumerate(records) if len(fields) != len(header)), len(records))
    found = []
    if ragged < len(records):
        number, fields = records[ragged]
        next_step = "Correct or remove the line; decimals use a point, and texts with commas are quoted."
        found.append(_Problem(number, f": {len(fields)} fields instead of {len(header)}", next_step))
    cells_by_column = zip(*(fields for _, fields in records[:ragged]), strict=True)
    for name, cells in zip(header, cells_by_column, strict=False):
        if name in columns and (wrong := _first_wrong_cell(cells, columns[name])) is not None:
            row, reason = wrong
            text = f", column {name}: {cells[row][:SHOWN_CHARACTERS]!r} {reason}"
            next_step = "Correct the value, or leave the field empty if it is unknown."
            found.append(_Problem(records[row][0], text, next_step))
    return min(found, default=None)


def _first_wrong_cell(cells: Sequence[str], column: Column) -> tuple[int, str] | None:
    """Index of the first cell that does not fit the declared type, and the reason."""
    if column.is_category:
        return None
    texts = pl.Series(cells, dtype=pl.String).replace("", None)
    numbers = texts.cast(pl.Float64, strict=False)
    wrong = {"is not a number": numbers.is_null() & texts.is_not_null(), "is not a finite number": ~numbers.is_finite()}
    if column.type in INTEGER_BITS:
        largest = largest_integer(column.type)
        wrong["is not a whole number"] = numbers != numbers.floor()
        wrong[f"does not fit the declared type {column.type}"] = ~numbers.is_between(-largest - 1, largest)
    found = [(int(mask.arg_true()[0]), reason) for reason, mask in wrong.items() if mask.any()]
    if not found:
        return None
    row, reason = min(found, key=itemgetter(0))
    if _DECIMAL_COMMA.fullmatch(cells[row]):
        reason += "; decimals use a point"
    return row, reason
