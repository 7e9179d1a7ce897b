"""Whether the files of a table have the columns and types of its contract; asked before any row is read."""

from collections.abc import Mapping, Sequence

import polars as pl

from credit_scoring.data_validation.check import Check, CheckName, Outcome
from credit_scoring.tables import Table
from credit_scoring.tables.parquet import polars_schema

Schema = Mapping[str, pl.DataType]


def structure_outcomes(table: Table, schemas: Sequence[Schema]) -> tuple[Outcome, ...]:
    """One outcome for each required column that some bucket file lacks or holds in another type.

    Args:
        schemas: the schema of each bucket file.
    """
    outcomes = []
    for column, expected in polars_schema(table).items():
        missing = [schema for schema in schemas if column not in schema]
        types = sorted(
            {str(schema[column]) for schema in schemas if column in schema and schema[column] != expected}
        )
        if missing:
            outcomes.append(
                _outcome(table, column, "missing_column", "is there", len(missing), "the column is missing")
            )
        if types:
            finding = f"has type {', '.join(types)} instead of {expected.__name__}"
            outcomes.append(
                _outcome(table, column, "wrong_type", f"has type {expected.__name__}", len(types), finding)
            )
    return tuple(outcomes)


def _outcome(table: Table, column: str, name: CheckName, rule: str, failing: int, finding: str) -> Outcome:
    check = Check(table=table.name, name=name, column=column, severity="error", rule=rule)
    return Outcome(check=check, checked=failing, failing=failing, finding=finding)
