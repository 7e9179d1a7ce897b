"""Imports outcomes from a CSV or Parquet file into the ledger: all of them, or none and a list of what is wrong."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
from pydantic import ValidationError

from credit_scoring.core.atomic_files import ending_of
from credit_scoring.core.errors import SourceError
from credit_scoring.core.quoting import SHOWN_CHARACTERS, listed
from credit_scoring.data_ingestion.header_and_separator import read_header
from credit_scoring.decisions.ledger import Ledger
from credit_scoring.decisions.outcome_reports import OutcomeReport, record_reports
from credit_scoring.decisions.outcomes import Recorded

_COLUMNS = tuple(OutcomeReport.model_fields)
_REQUIRED = ("defaulted", "observed_on")
_NAMING = ({"decision_id"}, {"client_id", "decided_on"})
_SHOWN_PROBLEMS = 20


def import_outcomes(path: Path, ledger: Ledger, by: str) -> Recorded:
    """Record the outcomes of a file; nothing is recorded if a row is wrong.

    Raises:
        SourceError: the file cannot be read or lacks a column, or rows are wrong, each named with line and column.
        StorageError: the ledger is unavailable.
    """
    frame = _read(path)
    is_csv = path.suffix.lower() == ".csv"
    reports, wrong = [], list[str]()
    for number, row in enumerate(frame.rows(named=True), start=2 if is_csv else 1):
        where = f"{'line' if is_csv else 'row'} {number}"
        given = {name: value for name, value in row.items() if value is not None}
        try:
            reports.append(OutcomeReport.model_validate(given, strict=False))
        except ValidationError as error:
            wrong += [f"{where}, {text}" for text in _sentences(error)]
    if wrong:
        raise _rejected(path, wrong)
    recorded = record_reports(ledger, reports, by)
    if isinstance(recorded, list):
        first = 2 if is_csv else 1
        unit = "line" if is_csv else "row"
        raise _rejected(path, [f"{unit} {one.position + first}, {one.field}: {one.reason}" for one in recorded])
    return recorded


def _read(path: Path) -> pl.DataFrame:
    ending = ending_of(path, ".csv", ".parquet")
    if not path.is_file():
        raise SourceError(f"{path} is no file.", "Give a CSV or Parquet file of outcomes.")
    try:
        if ending == ".csv":
            _check_columns(path, read_header(path))
            return pl.read_csv(path, infer_schema=False, null_values="", glob=False)
        frame = pl.read_parquet(path, glob=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        reason = str(error).partition("\n")[0]
        raise SourceError(
            f"{path.name} cannot be read ({reason}).", "Write it again as docs/MONITORING.md shows."
        ) from error
    _check_columns(path, frame.columns)
    return frame


def _check_columns(path: Path, names: list[str]) -> None:
    missing = [name for name in _REQUIRED if name not in names]
    if not any(naming <= set(names) for naming in _NAMING):
        missing.append("decision_id (or client_id and decided_on)")
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
