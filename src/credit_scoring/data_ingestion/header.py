"""Checks the header and the last line of a CSV file against its contract, before any row is read."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from credit_scoring.core.errors import SourceError
from credit_scoring.data_contracts import ALL_TABLES, Table

UnknownColumns = Literal["warn", "reject"]

_MAX_HEADER_BYTES = 1 << 20
_TAIL_BYTES = 1 << 16
_SHOWN_NAMES = 5
_SHOWN_CHARACTERS = 60
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def check_file(path: Path, table: Table, unknown_columns: UnknownColumns) -> list[str]:
    """Warnings about a file that can be ingested all the same, as sentences.

    Raises:
        SourceError: the file is empty, lacks columns, repeats one, is not separated by commas, has an
            unknown column that settings reject, or its last line is incomplete.
    """
    header = read_header(path)
    _check_names(path, header, table)
    _check_last_line(path, len(header))
    warnings = []
    unknown = [name for name in header if name not in table.column_names]
    if unknown and unknown_columns == "reject":
        raise SourceError(
            f"{path.name} has the unknown columns {_listed(unknown)}.",
            "Remove them, or set CREDIT_INGESTION_UNKNOWN_COLUMNS=warn to ignore them.",
        )
    if unknown:
        warnings.append(f"{path.name}: ignored the unknown columns {_listed(unknown)}.")
    if [name for name in header if name not in unknown] != list(table.column_names):
        warnings.append(f"{path.name}: the columns are in an unusual order.")
    with path.open("rb") as stream:
        if stream.read(len(_BYTE_ORDER_MARK)) == _BYTE_ORDER_MARK:
            warnings.append(f"{path.name}: ignored the byte order mark.")
    if not _tail(path).endswith(b"\n"):
        warnings.append(f"{path.name}: the last line has no line end; check that the file is complete.")
    return warnings


def read_header(path: Path) -> list[str]:
    """Column names of a CSV file.

    Raises:
        SourceError: the file cannot be opened, has no first line, or this line is not UTF-8.
    """
    try:
        with path.open("rb") as stream:
            first = stream.readline(_MAX_HEADER_BYTES)
    except OSError as error:
        raise SourceError(
            f"{path} cannot be read ({error.strerror}).", "Make it readable, or copy it again."
        ) from error
    try:
        names = next(csv.reader([first.decode("utf-8-sig")]), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceError(
            f"{path.name}, line 1: not a line of UTF-8 text ({error}).", "Convert the file to UTF-8."
        ) from error
    if not names:
        raise SourceError(f"{path.name} is empty.", "It must contain at least the header line.")
    return names


def _check_names(path: Path, header: Sequence[str], table: Table) -> None:
    if len(header) == 1 and (found := [mark for mark in _OTHER_SEPARATORS if mark in header[0]]):
        raise SourceError(
            f"{path.name}, line 1: the columns are separated by {_OTHER_SEPARATORS[found[0]]}, not by commas.",
            "Export the file again with commas between the columns and points in the decimals.",
        )
    for name in header:
        if header.count(name) > 1:
            raise SourceError(f"{path.name}, line 1: the column {name} is repeated.", "Keep one of them.")
    for other in ALL_TABLES:
        if other != table and set(header) == set(other.column_names):
            raise SourceError(
                f"{path.name} has the columns of {other.name}, not those of {table.name}.",
                "Name each file after its table.",
            )
    missing = [name for name in table.column_names if name not in header]
    unknown = [name for name in header if name not in table.column_names]
    if len(missing) == len(table.columns):
        raise SourceError(
            f"{path.name}, line 1: no header, found {','.join(header)[:_SHOWN_CHARACTERS]!r}.",
            "The first line must name the columns; docs/DATA.md lists those of every table.",
        )
    if missing:
        instead = f"; unknown columns: {_listed(unknown)}" if unknown else ""
        raise SourceError(
            f"{path.name}, line 1: missing columns: {_listed(missing)}{instead}.",
            "Rename or add them; docs/DATA.md lists the columns of every table.",
        )


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN_NAMES
    return ", ".join(names[:_SHOWN_NAMES]) + (f" and {more} more" if more > 0 else "")


def _check_last_line(path: Path, width: int) -> None:
    """Detect a truncated copy early; a quoted last record may span several lines and is not checked here."""
    last = _tail(path).rstrip(b"\r\n").rsplit(b"\n", 1)[-1]
    fields = last.count(b",") + 1
    if b'"' not in last and fields != width:
        raise SourceError(
            f"{path.name} ends in the middle of a line: {fields} fields instead of {width}.",
            "Copy or download the file again.",
        )


def _tail(path: Path) -> bytes:
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        return stream.read()
