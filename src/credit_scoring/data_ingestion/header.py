"""Compare the header of a CSV file with its contract before any row is read."""

import csv
from pathlib import Path

from credit_scoring.core.errors import SourceError
from credit_scoring.tables import Table

_TAIL_BYTES = 1 << 16


def check_file(path: Path, table: Table) -> list[str]:
    """Names of the columns that the contract does not know; they are left out.

    Raises:
        SourceError: the file is empty, lacks columns, names one twice, or its last line was cut short.
    """
    header = read_header(path)
    duplicates = sorted({name for name in header if header.count(name) > 1})
    if duplicates:
        raise SourceError(f"{path.name} names the column {duplicates[0]} twice.", "Keep one of them.")
    unknown = [name for name in header if name not in table.column_names]
    missing = [name for name in table.column_names if name not in header]
    if missing:
        also = f" and has unknown columns {', '.join(unknown)}" if unknown else ""
        raise SourceError(
            f"{path.name} lacks the columns {', '.join(missing)}{also}.",
            "Rename or add them; docs/DATA.md lists the columns of every table.",
        )
    _check_last_line(path, len(header))
    return unknown


def read_header(path: Path) -> list[str]:
    """Column names of a CSV file; raises SourceError when there is none or it is not UTF-8."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            header = next(csv.reader(stream), [])
    except UnicodeDecodeError as error:
        raise SourceError(f"{path.name} is not UTF-8 ({error}).", "Convert the file to UTF-8.") from error
    if not header:
        raise SourceError(f"{path.name} is empty.", "It must hold at least the header line.")
    return header


def _check_last_line(path: Path, width: int) -> None:
    """A copy that stopped midway leaves a short last line, which a CSV reader would fill with nulls."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - _TAIL_BYTES))
        lines = stream.read().decode("utf-8", errors="replace").splitlines()
    last = next(csv.reader(lines[-1:]), [])
    if len(last) != width:
        raise SourceError(
            f"{path.name} ends in the middle of a line: {len(last)} fields instead of {width}.",
            "Copy or download the file again.",
        )
