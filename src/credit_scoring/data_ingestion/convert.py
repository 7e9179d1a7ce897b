"""One CSV file to sorted Parquet buckets, in two passes so that memory does not grow with the file.

The first pass streams the file and splits it by client bucket; the second sorts and compresses one bucket at a time.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from credit_scoring.core.engine import HASH_MULTIPLIER, HASH_RANGE
from credit_scoring.tables import Table
from credit_scoring.tables.parquet import CLIENT, bucket_path, polars_schema

_BUCKET = "bucket"


class UnreadableError(Exception):
    """Polars could not read the file as its contract says; the diagnosis finds out where."""


def convert(
    csv_path: Path, table: Table, client_of: pl.LazyFrame | None, folder: Path, bucket_count: int
) -> int:
    """Write the buckets of one table and return its number of rows.

    Args:
        client_of: for a table without client number, a frame that gives it (its first column is the key).
        folder: the ingested version under way.

    Raises:
        UnreadableError: a value does not fit its declared type.
    """
    split = folder / f"split-{table.name}"
    try:
        _split(csv_path, table, client_of, split, bucket_count)
        return sum(
            _sort_bucket(split, table, bucket, bucket_path(folder, table, bucket))
            for bucket in range(bucket_count)
        )
    except pl.exceptions.PolarsError as error:
        raise UnreadableError(str(error).splitlines()[0]) from error
    finally:
        shutil.rmtree(split, ignore_errors=True)


def bucket_expression(bucket_count: int) -> pl.Expr:
    """The bucket of each row; the same numbers as ``core.engine.bucket_of``, rows without client in bucket 0."""
    client = pl.col(CLIENT).fill_null(0).cast(pl.UInt64)
    return (client * HASH_MULTIPLIER % HASH_RANGE * bucket_count // HASH_RANGE).cast(pl.UInt16)


def _split(
    csv_path: Path, table: Table, client_of: pl.LazyFrame | None, split: Path, bucket_count: int
) -> None:
    # Whole numbers are printed as "-1134.0" in places, so every number is read as a float and narrowed per bucket.
    as_read = {column.name: pl.String if column.is_category else pl.Float64 for column in table.columns}
    rows = pl.scan_csv(csv_path, schema_overrides=as_read, infer_schema=False).select(table.column_names)
    if client_of is not None:
        key = client_of.collect_schema().names()[0]
        rows = rows.with_columns(pl.col(key).cast(pl.Int32)).join(client_of, on=key, how="left")
    split.mkdir()
    rows.with_columns(bucket_expression(bucket_count).alias(_BUCKET)).sink_parquet(
        pl.PartitionBy(split, key=_BUCKET, include_key=False),
        compression="lz4",
        statistics=False,
        maintain_order=False,
        engine="streaming",
        mkdir=True,
    )


def _sort_bucket(split: Path, table: Table, bucket: int, target: Path) -> int:
    schema = polars_schema(table)
    parts = sorted((split / f"{_BUCKET}={bucket}").glob("*.parquet"))
    frame = pl.read_parquet(parts) if parts else pl.DataFrame(schema=schema)
    frame = _narrow(frame, schema).sort(_sort_columns(table), nulls_last=True)
    target.parent.mkdir(exist_ok=True)
    frame.write_parquet(target, compression="zstd")
    return frame.height


def _narrow(frame: pl.DataFrame, schema: dict[str, type[pl.DataType]]) -> pl.DataFrame:
    whole = [name for name, dtype in schema.items() if dtype.is_integer() and frame.schema[name].is_float()]
    narrowed = frame.select(pl.col(name).cast(dtype) for name, dtype in schema.items())
    # A cast to an integer type cuts off decimals silently.
    for name in whole:
        if (narrowed[name] != frame[name]).any():
            raise pl.exceptions.ComputeError(f"{name} holds a number that is not whole")
    return narrowed


def _sort_columns(table: Table) -> Sequence[str]:
    return tuple(dict.fromkeys((CLIENT, *table.sort_order)))
