"""The rows of a CSV file in the types of its contract, as Polars reads them."""

from pathlib import Path

import polars as pl

from credit_scoring.data_contracts import Column, Table

IS_EXACT = "every_number_is_exact"
"""Name of a column that is false where a number is infinite, or has decimals that its type cuts off."""


def scan_typed_csv(source: Path | bytes, table: Table) -> pl.LazyFrame:
    """All declared columns in the order of the contract, and ``IS_EXACT``.

    Words are categorical: they lie in memory and on disk as numbers.

    Collecting raises PolarsError where a value does not fit its type. A line that is too short ends in nulls.
    """
    # Whole numbers are printed as "-1134.0" in places, so every number is read as a float and narrowed here.
    as_read = {column.name: pl.String if column.is_category else pl.Float64 for column in table.columns}
    rows = pl.scan_csv(source, schema_overrides=as_read, infer_schema=False, null_values="", glob=False)
    return rows.select(
        *(_typed(column) for column in table.columns),
        pl.all_horizontal(_is_exact(column) for column in table.columns).alias(IS_EXACT),
    )


def _typed(column: Column) -> pl.Expr:
    dtype = pl.Categorical if column.is_category else getattr(pl, column.type)
    return pl.col(column.name).cast(dtype)


def _is_exact(column: Column) -> pl.Expr:
    if column.is_category:
        return pl.lit(True)
    number = pl.col(column.name)
    if column.type == "Float64":
        return number.is_finite()
    return number == number.cast(getattr(pl, column.type)).cast(pl.Float64)
