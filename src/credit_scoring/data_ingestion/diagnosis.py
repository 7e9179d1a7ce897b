"""Find the first line of a CSV file that breaks its contract; slow, and only asked after fast reading failed."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TextIO

import polars as pl

from credit_scoring.core.errors import SourceError
from credit_scoring.tables import Column, Table
from credit_scoring.tables.contract import INTEGER_BITS, largest_integer

_LINES_AT_ONCE = 20_000
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


def explain_unreadable(path: Path, table: Table, reason: str) -> SourceError:
    """The error that names file, line and column of the first value that cannot be read.

    Args:
        reason: what the fast reader said; used when no single line is to blame.
    """
    columns = {column.name: column for column in table.columns}
    header: list[str] = []
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            for lines, broken_quotes in _blocks(stream):
                header = header or lines.pop(0).fields
                if problem := _first_problem(lines, header, columns) or broken_quotes:
                    return SourceError(f"{path.name}, line {problem.line}{problem.text}.", problem.next_step)
    except UnicodeDecodeError:
        return _not_utf_8(path)
    return SourceError(
        f"{path.name} cannot be read: {reason}.", "Correct the value, or export the file again."
    )


def _blocks(stream: TextIO) -> Iterator[tuple[list[_Line], _Problem | None]]:
    """The lines of a file, many at once, and what ended them too early, if anything did."""
    reader = csv.reader(stream, strict=True)
    lines: list[_Line] = []
    number = 1
    try:
        for fields in reader:
            lines.append(_Line(number, fields))
            number = reader.line_num + 1
            if len(lines) == _LINES_AT_ONCE:
                yield lines, None
                lines = []
    except csv.Error as error:
        next_step = (
            "Close the quotation mark; one that belongs to a text is written twice, and the text quoted."
        )
        yield lines, _Problem(number, f": {error}", next_step)
    else:
        yield lines, None


def _first_problem(
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


def _not_utf_8(path: Path) -> SourceError:
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                shown = line[max(0, error.start - 10) : error.end + 10].decode("latin-1")
                return SourceError(
                    f"{path.name}, line {number}: not UTF-8 text, near {shown!r}.",
                    "Convert the file to UTF-8 (it may be Latin-1: `iconv -f latin1 -t utf-8`).",
                )
    return SourceError(f"{path.name} is not UTF-8 text.", "Convert the file to UTF-8.")
