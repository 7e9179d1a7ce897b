"""Runs the checks on Polars frames with Pandera."""

import warnings
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import partial

import polars as pl

from credit_scoring.core.settings import unchanged_environment
from credit_scoring.data_contracts import Table
from credit_scoring.data_contracts.bucket_files import polars_schema
from credit_scoring.data_validation.checks import Check, Outcome
from credit_scoring.data_validation.row_rules import RowRule

# If Spark is installed, the import sets SPARK_LOCAL_IP to the loopback address, which would hide a later Spark driver
# from its cluster, and Spark warns about pandas, which is not used here.
with unchanged_environment(), warnings.catch_warnings(action="ignore"):
    import pandera.polars as pa
    from pandera.api.polars.types import PolarsData
    from pandera.constants import CHECK_OUTPUT_KEY
    from pandera.errors import SchemaError, SchemaErrorReason, SchemaErrors


def pandera_schema(table: Table, rules: Iterable[RowRule] = ()) -> pa.DataFrameSchema:
    """A contract and row rules as a Pandera schema; each check is named by its key."""
    columns = list(polars_schema(table))
    checks: dict[str, list[pa.Check]] = defaultdict(list)
    for rule in rules:
        first = rule.check.columns[0] if rule.check.columns else columns[0]
        # One failure case is enough: by default Pandera creates a Python object for every failing row.
        checks[first].append(pa.Check(partial(_evaluate, keeps=rule.keeps), name=rule.check.key, n_failure_cases=1))
    # Required values are row rules, so that every finding is a mask over rows.
    return pa.DataFrameSchema(
        {name: pa.Column(dtype, checks[name], nullable=True) for name, dtype in polars_schema(table).items()}
    )


def broken_rules(frame: pl.DataFrame, schema: pa.DataFrameSchema) -> dict[str, pl.Series]:
    """For each failed check, by key: a mask that is true where a row breaks it."""
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as failures:
        masks = {}
        for failure in failures.schema_errors:
            if failure.check_output is None:  # the rule itself could not be evaluated: a bug
                raise failure from failures
            masks[str(failure.check.name)] = ~failure.check_output[CHECK_OUTPUT_KEY].fill_null(True)
        return masks
    return {}


def structure_outcomes(
    table: Table, schema: pa.DataFrameSchema, columns: Mapping[str, pl.DataType]
) -> tuple[Outcome, ...]:
    """One outcome for each column that is missing or has another type than the contract declares.

    Args:
        columns: the actual columns and types of the file.
    """
    try:
        schema.validate(pl.LazyFrame(schema=columns), lazy=True)
    except SchemaErrors as failures:
        return tuple(_structure_outcome(table, failure) for failure in failures.schema_errors)
    return ()


def _structure_outcome(table: Table, failure: SchemaError) -> Outcome:
    found = str(failure.failure_cases)  # the name of a missing column, or a wrong type
    if failure.reason_code is SchemaErrorReason.COLUMN_NOT_IN_DATAFRAME:
        check, finding = Check.of(table.name, "missing_column", (found,), "exists"), "the column is missing"
    else:
        column = str(failure.schema.name)
        declared = polars_schema(table)[column].__name__
        check = Check.of(table.name, "wrong_type", (column,), f"has type {declared}")
        finding = f"type {found} instead of {declared}"
    return Outcome(check=check, checked=0, failing=0, failed=True, finding=finding)


def _evaluate(data: PolarsData, keeps: pl.Expr) -> pl.LazyFrame:
    return data.lazyframe.select(keeps)
