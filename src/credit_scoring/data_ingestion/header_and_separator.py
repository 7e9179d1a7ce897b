"""Checks the header and the last line of a CSV file against its contract, before any row is read.

Ingestion and the scoring of files share this diagnosis. It says what was found; what may be meant is advice.
"""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from credit_scoring.core.errors import SourceError
from credit_scoring.core.quoting import SHOWN_CHARACTERS, listed
from credit_scoring.data_contracts import ALL_TABLES, Table

UnknownColumns = Literal["warn", "reject"]

_MAX_HEADER_BYTES = 1 << 20
_TAIL_BYTES = 1 << 16
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_OTHER_CONTENT = {
    b"PK\x03\x04": "a zip or an Excel workbook",
    b"\x1f\x8b": "compressed by gzip",
    b"PAR1": "a Parquet file",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}
_SEPARATOR_NOTE = re.compile(r"sep=.?", re.IGNORECASE)


def check_file(path: Path, table: Table, unknown_columns: UnknownColumns) -> list[str]:
    """Warnings about a file that can be ingested all the same, as sentences.

    Raises:
        SourceError: the file is no CSV text with the table's columns, separated by commas, has an unknown column that
            settings reject, or its last line has more or fewer fields than the header.
    """
    header = read_header(path)
    check_columns(f"{path.name}, line 1", header, table, table.column_names)
    check_last_line(path, len(header))
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
    for signature, content in _OTHER_CONTENT.items():
        if first.startswith(signature):
            raise SourceError(f"{path.name} is {content}, not CSV text.", "Export it as CSV in UTF-8.")
    if b"\r" in first.rstrip(b"\r\n"):
        raise SourceError(
            f"{path.name}: the lines end in a carriage return alone, as on old Macs.",
            "Save the file with the line ends of Unix or Windows.",
        )
    try:
        names = next(csv.reader([first.decode("utf-8-sig")]), [])
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{path.name}, line 1: not a line of UTF-8 text ({error}).", "Convert the file to UTF-8."
        ) from error
    except csv.Error as error:
        raise SourceError(f"{path.name}, line 1: {error}.", "The first line must name the columns.") from error
    if not names:
        raise SourceError(f"{path.name} is empty.", "It must contain at least the header line.")
    return names


def check_columns(where: str, header: Sequence[str], table: Table, required: Sequence[str]) -> None:
    """Raise SourceError unless the columns are those of the table.

    Args:
        where: the file, or its first line, as errors name it.
        required: the columns that may not be absent.
    """
    check_separator(where, header)
    absent = [name for name in table.column_names if name not in header]
    spelt = {name.strip().lower(): name for name in header}
    if found := [(spelt[name.lower()], name) for name in absent if name.lower() in spelt]:
        raise SourceError(
            f"{where}: {len(found)} column names differ from the contract in capitals or blanks: "
            f"{found[0][0]!r} instead of {found[0][1]}.",
            "Write them as docs/DATA.md does.",
        )
    if len(absent) == len(table.columns):
        raise SourceError(
            f"{where}: no column of {table.name} is named, found {','.join(header)[:SHOWN_CHARACTERS]!r}.",
            "The first line must name the columns; docs/DATA.md lists those of every table.",
        )
    if repeated := [name for name, count in Counter(header).items() if count > 1]:
        raise SourceError(f"{where}: the column {_listed(repeated)} is repeated.", "Keep one of them.")
    missing = [name for name in required if name in absent]
    if not missing:
        return
    if others := [other.name for other in ALL_TABLES if set(header) == set(other.column_names)]:
        raise SourceError(
            f"{where}: the columns are those of {others[0]}, not those of {table.name}.",
            "Name each file after its table.",
        )
    unknown = [name for name in header if name not in table.column_names]
    instead = f"; unknown columns: {_listed(unknown)}" if unknown else ""
    raise SourceError(
        f"{where}: missing columns: {_listed(missing)}{instead}.",
        "Rename or add them; docs/DATA.md lists the columns of every table.",
    )


def check_separator(where: str, header: Sequence[str]) -> None:
    """Raise SourceError if the header shows another separator than the comma."""
    if _SEPARATOR_NOTE.fullmatch(",".join(header).strip()):
        raise SourceError(
            f"{where}: Excel's note on the separator, {','.join(header)!r}, not the header.",
            "Remove this line.",
        )
    if len(header) > 1:
        return
    if found := [mark for mark in _OTHER_SEPARATORS if mark in header[0]]:
        raise SourceError(
            f"{where}: the columns are separated by {_OTHER_SEPARATORS[found[0]]}, not by commas.",
            "Export the file again with commas between the columns and points in the decimals.",
        )
    if "," in header[0]:
        raise SourceError(f"{where}: the whole line is one quoted text.", "Export the file again without these marks.")


def _listed(names: Sequence[str]) -> str:
    return listed([name or "(without a name)" for name in names])


def check_last_line(path: Path, width: int) -> None:
    """Detect a truncated copy early; a quoted last record may span several lines and is not checked here."""
    last = _tail(path).rstrip(b"\r\n").rsplit(b"\n", 1)[-1].strip(b"\r")
    fields = last.count(b",") + 1
    if b'"' in last or fields == width:
        return
    if fields < width:
        next_step = "Copy or download the file again if it was cut short; remove the line if it holds totals or a note."
    else:
        next_step = "Write as many fields as the header names; decimals use a point, and texts with commas are quoted."
    shown = last[-SHOWN_CHARACTERS:].decode(errors="replace")
    raise SourceError(f"{path.name}, last line: {fields} fields instead of {width}, at its end {shown!r}.", next_step)


def _tail(path: Path) -> bytes:
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        return stream.read()
