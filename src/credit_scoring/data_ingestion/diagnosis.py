"""Find the first line of a CSV file that breaks its contract; slow, and only asked after fast reading failed."""

import csv
from pathlib import Path

from credit_scoring.core.errors import SourceError
from credit_scoring.tables import Column, Table

_INTEGER_BITS = {"Int8": 8, "Int16": 16, "Int32": 32, "Int64": 64}
_SHOWN_CHARACTERS = 40


def explain_unreadable(path: Path, table: Table, reason: str) -> SourceError:
    """The error that names file, line and column of the first value that cannot be read.

    Args:
        reason: what the fast reader said; used when no single line is to blame.
    """
    with path.open(newline="", encoding="utf-8-sig", errors="strict") as stream:
        rows = csv.reader(stream)
        try:
            header = next(rows)
            known = {column.name: column for column in table.columns}
            for row in rows:
                if len(row) != len(header):
                    return SourceError(
                        f"{path.name}, line {rows.line_num}: {len(row)} fields instead of {len(header)}.",
                        "Correct or remove the line.",
                    )
                for name, text in zip(header, row, strict=True):
                    if name in known and (problem := _problem(known[name], text)):
                        return SourceError(
                            f"{path.name}, line {rows.line_num}, column {name}: "
                            f"{text[:_SHOWN_CHARACTERS]!r} {problem}.",
                            "Correct the value, or leave the field empty if it is unknown.",
                        )
        except UnicodeDecodeError as error:
            return SourceError(
                f"{path.name}, after line {rows.line_num}: not UTF-8 ({error.reason}).",
                "Convert the file to UTF-8.",
            )
        except csv.Error as error:
            return SourceError(f"{path.name}, line {rows.line_num}: {error}.", "Correct the line.")
    return SourceError(f"{path.name} cannot be read: {reason}.", "Check the file.")


def _problem(column: Column, text: str) -> str | None:
    if text == "" or column.is_category:
        return None
    try:
        number = float(text)
    except ValueError:
        return "is not a number"
    bits = _INTEGER_BITS.get(column.type)
    if bits is None:
        return None
    if not number.is_integer():
        return "is not a whole number"
    if not -(1 << (bits - 1)) <= number < 1 << (bits - 1):
        return f"does not fit the declared type {column.type}"
    return None
