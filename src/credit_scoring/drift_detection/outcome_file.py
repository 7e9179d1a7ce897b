"""Imports outcomes from a CSV or Parquet file into the ledger: all of them, or none and a list of what is wrong."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polars as pl
from pydantic import ValidationError

from credit_scoring.core.atomic_files import ending_of
from credit_scoring.core.errors import SourceError
from credit_scoring.core.quoting import SHOWN_CHARACTERS, listed
from credit_scoring.data_ingestion.header_and_separator import check_separator, read_header
from credit_scoring.decisions.ledger import Ledger
from credit_scoring.decisions.outcome_reports import OutcomeReport, record_reports
from credit_scoring.decisions.outcomes import Recorded

_COLUMNS = tuple(OutcomeReport.model_fields)
_REQUIRED = ("defaulted", "observed_on")
_NAMING = ({"decision_id"}, {"client_id", "decided_on"})
_CLIENT_ID = re.compile("[0-9]{1,10}")
_TRUTHS = {"1": True, "0": False, "true": True, "false": False}
_SHOWN_PROBLEMS = 20

_NumberedRow = tuple[str, dict[str, object]]
"""Where the row stands ("line 3"), and its values by column; empty ones are left out."""


def import_outcomes(path: Path, ledger: Ledger, by: str) -> Recorded:
    """Record the outcomes of a file; nothing is recorded if a row is wrong.

    Raises:
        SourceError: the file cannot be read or lacks a column, or rows are wrong, each named with line and column.
        StorageError: the ledger is unavailable.
    """
    row_names, reports, wrong = list[str](), [], list[str]()
    for where, row in _rows(path):
        try:
            reports.append(OutcomeReport.model_validate(row))
            row_names.append(where)
        except ValidationError as error:
            wrong += [f"{where}, {text}" for text in _sentences(error)]
    if wrong:
        raise _rejected(path, wrong)
    recorded = record_reports(ledger, reports, by)
    if isinstance(recorded, list):
        raise _rejected(path, [f"{row_names[one.position]}, {one.field}: {one.reason}" for one in recorded])
    return recorded


def _rows(path: Path) -> Iterator[_NumberedRow]:
    if not path.is_file():
        raise SourceError(f"{path} is no file.", "Give a CSV or Parquet file of outcomes.")
    if ending_of(path, ".csv", ".parquet") == ".csv":
        yield from _csv_rows(path)
        return
    try:
        frame = pl.read_parquet(path, glob=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise _unreadable(path, str(error).partition("\n")[0]) from error
    _check_columns(path, frame.columns)
    for number, row in enumerate(frame.rows(named=True), start=1):
        given = {name: value for name, value in row.items() if value is not None}
        given["defaulted"] = _truth(given.get("defaulted"))
        yield f"row {number}", {name: value for name, value in given.items() if value is not None}


def _csv_rows(path: Path) -> Iterator[_NumberedRow]:
    names = read_header(path)
    check_separator(f"{path.name}, line 1", names)
    _check_columns(path, names)
    with path.open("rb") as stream:
        reader = csv.reader((line.decode("utf-8-sig") for line in stream), strict=True)
        line = 1
        try:
            for fields in reader:
                # A quoted field may hold line ends: the row is named after its first line.
                number, line = line, reader.line_num + 1
                if number == 1 or not fields:
                    continue
                if len(fields) != len(names):
                    raise _unreadable(path, f"line {number} has {len(fields)} fields instead of {len(names)}")
                yield f"line {number}", _typed(dict(zip(names, fields, strict=True)))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise _unreadable(path, f"line {line}: {error}") from error


def _typed(row: dict[str, str]) -> dict[str, object]:
    typed: dict[str, object] = {name: text.strip() for name, text in row.items() if text.strip()}
    if "defaulted" in typed:
        typed["defaulted"] = _truth(typed["defaulted"])
    if _CLIENT_ID.fullmatch(row.get("client_id", "").strip()):
        typed["client_id"] = int(row["client_id"])
    return typed


def _truth(value: object) -> object:
    """The boolean that a value stands for; other values are rejected later, with their column."""
    if isinstance(value, int) and value in (0, 1):
        return bool(value)
    return _TRUTHS.get(value.strip().lower(), value) if isinstance(value, str) else value


def _unreadable(path: Path, reason: str) -> SourceError:
    return SourceError(f"{path.name} cannot be read ({reason}).", "Write it again as docs/MONITORING.md shows.")


def _check_columns(path: Path, names: list[str]) -> None:
    missing = [name for name in _REQUIRED if name not in names]
    if not any(naming <= set(names) for naming in _NAMING):
        missing.append("decision_id (or client_id and decided_on)")
    if repeated := [name for name, count in Counter(names).items() if count > 1]:
        raise SourceError(f"{path.name} repeats the columns {listed(repeated)}.", "Keep one of each.")
    unknown = [name for name in names if name not in _COLUMNS]
    if missing or unknown:
        what = f"lacks {', '.join(missing)}" if missing else f"has the unknown columns {listed(unknown)}"
        raise SourceError(
            f"{path.name} {what}; found {','.join(names)[:SHOWN_CHARACTERS]!r}.",
            f"Use the columns {', '.join(_COLUMNS)}.",
        )


def _sentences(error: ValidationError) -> Iterator[str]:
    for one in error.errors():
        column = one["loc"][0] if one["loc"] else "decision_id"
        given = "" if one["type"] in {"missing", "value_error"} else f", not {str(one['input'])[:SHOWN_CHARACTERS]!r}"
        yield f"{column}: {one['msg'].removeprefix('Value error, ')}{given}"


def _rejected(path: Path, wrong: list[str]) -> SourceError:
    more = f"\n... and {len(wrong) - _SHOWN_PROBLEMS} more" if len(wrong) > _SHOWN_PROBLEMS else ""
    return SourceError(
        f"Nothing was imported: {len(wrong)} problems in {path.name}.\n" + "\n".join(wrong[:_SHOWN_PROBLEMS]) + more,
        "Correct these rows and import the whole file again; known outcomes are not recorded twice.",
    )
