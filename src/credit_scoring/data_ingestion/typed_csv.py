"""Reads a CSV file with Polars, in the types of its contract."""

from io import BytesIO
from pathlib import Path

import polars as pl

from credit_scoring.data_contracts import Column, Table
from credit_scoring.data_ingestion.csv_structure import count_separators

IS_EXACT = "every_number_is_exact"
"""A column that is false where a number is infinite, or has decimals that its type would truncate."""


def scan_typed_csv(source: Path | bytes, table: Table) -> pl.LazyFrame:
    """All declared columns in the order of the contract, and ``IS_EXACT``.

    Texts are categorical, so that memory and the intermediate file hold their codes.

    Collecting raises PolarsError if a value does not fit its type. Short lines are filled with nulls.
    """
    # Some whole numbers are printed as "-1134.0", so every number is read as a float and cast.
    as_read = {column.name: pl.String if column.is_category else pl.Float64 for column in table.columns}
    rows = pl.scan_csv(source, schema_overrides=as_read, infer_schema=False, null_values="", glob=False)
    return rows.select(
        *(
            pl.col(column.name).cast(pl.Categorical if column.is_category else getattr(pl, column.type))
            for column in table.columns
        ),
        pl.all_horizontal(_is_exact(column) for column in table.columns).alias(IS_EXACT),
    )


class UnreadableError(Exception):
    """The content does not match its contract; ``locate_error`` finds the line."""


def read_typed_csv(content: bytes, table: Table, field_count: int) -> pl.DataFrame:
    """The rows of CSV content that starts with the header line.

    Args:
        field_count: number of columns in the header.

    Raises:
        UnreadableError: a line has too few or too many fields, or a value does not fit its declared type.
    """
    try:
        rows = scan_typed_csv(content, table).collect()
    except pl.exceptions.PolarsError as error:
        raise UnreadableError(str(error).splitlines()[0]) from error
    if count_separators(BytesIO(content)) != (rows.height + 1) * (field_count - 1):
        raise UnreadableError("its lines have different numbers of fields")
    if not rows[IS_EXACT].all():
        raise UnreadableError("it contains an infinite number, or decimals in a column of whole numbers")
    return rows.drop(IS_EXACT)


def _is_exact(column: Column) -> pl.Expr:
    if column.is_category:
        return pl.lit(True)
    number = pl.col(column.name)
    if column.type == "Float64":
        return number.is_finite()
    return number == number.cast(getattr(pl, column.type)).cast(pl.Float64)
