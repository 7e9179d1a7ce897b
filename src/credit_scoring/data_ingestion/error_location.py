"""Find the first line of a CSV file that breaks its contract; only asked after reading all of it failed."""

import csv
import io
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

import polars as pl

from credit_scoring.core.errors import SourceError
from credit_scoring.data_contracts import Column, Table
from credit_scoring.data_contracts.contract import INTEGER_BITS, largest_integer
from credit_scoring.data_ingestion.csv_structure import count_separators_in, end_of_last_record
from credit_scoring.data_ingestion.header import read_header
from credit_scoring.data_ingestion.typed_csv import IS_EXACT, scan_typed_csv

BLOCK_BYTES = 1 << 22
_SHOWN_CHARACTERS = 40
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


class _Line(NamedTuple):
    """One record, and the number of the line in which it starts."""

    number: int
    fields: list[str]


class _Problem(NamedTuple):
    """What is wrong from a line on."""

    line: int
    text: str
    next_step: str


def locate_error(path: Path, table: Table, reason: str) -> SourceError:
    """The error that names file, line and column of the first value that cannot be read.

    Args:
        reason: what the fast reader said; used when no single line is to blame.
    """
    header = read_header(path)
    with path.open("rb") as stream:
        header_line = stream.readline()
        first_line = 2
        for block in blocks_of_records(stream):
            if not _reads_well(header_line + block, table, len(header)):
                problem = _first_problem(block, first_line, header, table)
                problem = problem or _unexplained(header_line, block, first_line, table, len(header))
                return SourceError(f"{path.name}, line {problem.line}{problem.text}.", problem.next_step)
            first_line += block.count(b"\n")
    return SourceError(
        f"{path.name} cannot be read: {reason}.", "Correct the value, or export the file again."
    )


def blocks_of_records(stream: BinaryIO) -> Iterator[bytes]:
    """The file in pieces of whole records; of whole lines where quotation marks make one record of a piece."""
    rest = b""
    while chunk := stream.read(BLOCK_BYTES):
        content = rest + chunk
        end = end_of_last_record(content) or content.rfind(b"\n") + 1 or len(content)
        yield content[:end]
        rest = content[end:]
    if rest:
        yield rest


def _reads_well(content: bytes, table: Table, width: int) -> bool:
    try:
        rows = scan_typed_csv(content, table).collect()
    except pl.exceptions.PolarsError:
        return False
    has_all_fields = count_separators_in(content) == (rows.height + 1) * (width - 1)
    return has_all_fields and bool(rows[IS_EXACT].all())


def _first_problem(block: bytes, first_line: int, header: Sequence[str], table: Table) -> _Problem | None:
    try:
        text = block.decode("utf-8")
    except UnicodeDecodeError as error:
        shown = block[max(0, error.start - 10) : error.end + 10].decode("latin-1")
        next_step = "Convert the file to UTF-8 (it may be Latin-1: `iconv -f latin1 -t utf-8`)."
        line = first_line + block.count(b"\n", 0, error.start)
        return _Problem(line, f": not UTF-8 text, near {shown!r}", next_step)
    lines, broken_quotes = _records(text, first_line)
    columns = {column.name: column for column in table.columns}
    return _wrong_cell_or_width(lines, header, columns) or broken_quotes


def _unexplained(header_line: bytes, block: bytes, first_line: int, table: Table, width: int) -> _Problem:
    """The line from which on the fast reader refuses a block in which nothing else was found."""
    lines = block.splitlines(keepends=True)
    place = bisect_left(
        range(1, len(lines)),
        True,
        key=lambda count: not _reads_well(header_line + b"".join(lines[:count]), table, width),
    )
    shown = lines[place].decode(errors="replace").strip()[:_SHOWN_CHARACTERS]
    next_step = "Look for quotation marks or blanks that do not belong there."
    return _Problem(first_line + place, f": cannot be read, {shown!r}", next_step)


def _records(text: str, first_line: int) -> tuple[list[_Line], _Problem | None]:
    """The records of a text, and what ended them too early, if anything did."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[_Line] = []
    number = first_line
    try:
        for fields in reader:
            lines.append(_Line(number, fields))
            number = first_line + reader.line_num
    except csv.Error as error:
        next_step = (
            "Close the quotation mark; one that belongs to a text is written twice, and the text quoted."
        )
        return lines, _Problem(number, f": {error}", next_step)
    return lines, None


def _wrong_cell_or_width(
    lines: Sequence[_Line], header: Sequence[str], columns: Mapping[str, Column]
) -> _Problem | None:
    ragged = next((place for place, line in enumerate(lines) if len(line.fields) != len(header)), len(lines))
    found = []
    if ragged < len(lines):
        number, fields = lines[ragged]
        next_step = (
            "Correct or remove the line; decimals are written with a point, texts with commas in quotes."
        )
        found.append(_Problem(number, f": {len(fields)} fields instead of {len(header)}", next_step))
    cells_by_column = zip(*(line.fields for line in lines[:ragged]), strict=True)
    for name, cells in zip(header, cells_by_column, strict=False):
        if name in columns and (place := _first_wrong_cell(cells, columns[name])) is not None:
            text = (
                f", column {name}: {cells[place][:_SHOWN_CHARACTERS]!r} {_fault(cells[place], columns[name])}"
            )
            next_step = "Correct the value, or leave the field empty if it is unknown."
            found.append(_Problem(lines[place].number, text, next_step))
    return min(found, default=None)


def _first_wrong_cell(cells: Sequence[str], column: Column) -> int | None:
    if column.is_category:
        return None
    texts = pl.Series(cells, dtype=pl.String).replace("", None)
    numbers = texts.cast(pl.Float64, strict=False)
    wrong = (numbers.is_null() & texts.is_not_null()) | ~numbers.is_finite()
    if column.type in INTEGER_BITS:
        largest = largest_integer(column.type)
        wrong |= (numbers != numbers.floor()) | ~numbers.is_between(-largest - 1, largest)
    return wrong.arg_max() if wrong.any() else None


def _fault(cell: str, column: Column) -> str:
    number = pl.Series([cell]).cast(pl.Float64, strict=False)[0]
    if number is None:
        return "is not a number" + (
            "; decimals are written with a point" * bool(_DECIMAL_COMMA.fullmatch(cell))
        )
    if not pl.Series([number]).is_finite()[0]:
        return "is not a finite number"
    if not float(number).is_integer():
        return "is not a whole number"
    return f"does not fit the declared type {column.type}"
