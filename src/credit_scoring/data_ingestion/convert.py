"""Converts one CSV file to sorted Parquet buckets, in two passes so that memory does not grow with the file.

The first pass streams the file, casts every column to its declared type and splits the rows by client bucket. The
second sorts and compresses the buckets, a few at a time.
"""

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl
import polars.selectors as cs

from credit_scoring.core.buckets import bucket_of
from credit_scoring.data_contracts import Table
from credit_scoring.data_contracts.bucket_files import bucket_path, polars_schema, write_bucket, write_checksums
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.data_ingestion.csv_structure import count_separators
from credit_scoring.data_ingestion.header_and_separator import read_header
from credit_scoring.data_ingestion.typed_csv import IS_EXACT, UnreadableError, scan_typed_csv

_BUCKET = "bucket"
_MAX_BUCKETS_AT_ONCE = 4
_SYSTEM_ERROR = re.compile(r"\(os error (\d+)\)")
_KEY_BITS = 63
"""One bit less than UInt64 has, because the range of a column includes one more value for null."""


def convert(csv_path: Path, table: Table, client_of: pl.DataFrame | None, folder: Path, bucket_count: int) -> int:
    """Write the buckets of one table; returns its number of rows.

    Args:
        client_of: for a table without client number: the client of each key (first column: the unique key).
        folder: the ingested version being written.

    Raises:
        UnreadableError: a line has too few or too many fields, or a value does not fit its declared type.
        OSError: the disk is full.
    """
    split = folder / f"split-{table.name}"
    split.mkdir()
    workers = min(os.cpu_count() or 1, _MAX_BUCKETS_AT_ONCE)
    try:
        with _clear_errors(), csv_path.open("rb", buffering=0) as stream, ThreadPoolExecutor(workers) as pool:
            _split(csv_path, table, client_of, split, bucket_count)
            separators = pool.submit(count_separators, stream)
            rows = sum(pool.map(partial(_write_sorted, split, table, folder), range(bucket_count)))
            # Polars silently fills short lines with nulls.
            if separators.result() != (rows + 1) * (len(read_header(csv_path)) - 1):
                raise UnreadableError("its lines have different numbers of fields")
        write_checksums(folder, table)
        return rows
    finally:
        shutil.rmtree(split, ignore_errors=True)


def bucket_expression(bucket_count: int) -> pl.Expr:
    """The bucket of each row; rows without a valid client number are in bucket 0."""
    client = pl.col(CLIENT).fill_null(0).clip(0).cast(pl.UInt64)
    return bucket_of(client, bucket_count).cast(pl.UInt16)


def _split(csv_path: Path, table: Table, client_of: pl.DataFrame | None, split: Path, bucket_count: int) -> None:
    rows = scan_typed_csv(csv_path, table)
    if client_of is not None:
        rows = rows.join(client_of.lazy(), on=client_of.columns[0], how="left")
    rows.with_columns(bucket_expression(bucket_count).alias(_BUCKET)).sink_ipc(
        pl.PartitionBy(split, key=_BUCKET, include_key=False), maintain_order=False, engine="streaming", mkdir=True
    )


def _write_sorted(split: Path, table: Table, folder: Path, bucket: int) -> int:
    schema = polars_schema(table)
    parts = list((split / f"{_BUCKET}={bucket}").glob("*.ipc"))
    frame = pl.DataFrame(schema=schema | {IS_EXACT: pl.Boolean})
    if parts:
        frame = pl.scan_ipc(parts, glob=False, hive_partitioning=False).collect()
    if not frame[IS_EXACT].all():
        raise UnreadableError("it contains an infinite number, or decimals in a column of whole numbers")
    # Selecting rows from a single chunk is eight times as fast.
    frame = sort_rows(frame.select(list(schema)).rechunk(), tuple(dict.fromkeys((CLIENT, *table.sort_order))))
    target = bucket_path(folder, table, bucket)
    target.parent.mkdir(exist_ok=True)
    write_bucket(frame.with_columns(cs.categorical().cast(pl.String)), target)
    return frame.height


def sort_rows(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """The rows sorted by whole-number columns, nulls last; ties are sorted by all other columns.

    Sorting by one 64-bit key takes a third of the time of sorting by several columns.
    """
    keys = _keys(frame, columns)
    order = np.argsort(keys)
    frame, keys = frame[order], keys[order]
    follows_equal = keys[1:] == keys[:-1]
    tied = np.flatnonzero(np.append(follows_equal, False) | np.append(False, follows_equal))
    if not len(tied):
        return frame
    rows = frame[tied]
    others = [name for name in frame.columns if name not in columns]
    by = [pl.col(name) for name in (*columns, *others)]
    order = np.arange(frame.height)
    order[tied] = tied[rows.select(pl.arg_sort_by(by, nulls_last=True)).to_series().to_numpy()]
    return frame[order]


def _keys(frame: pl.DataFrame, columns: Sequence[str]) -> np.ndarray:
    """One number per row that combines as many of the leading columns as fit in 64 bits."""
    key, used_bits = pl.repeat(0, pl.len(), dtype=pl.UInt64), 0
    for name in columns:
        lowest, highest = frame.select(pl.col(name).min().alias("lowest"), pl.col(name).max().alias("highest")).row(0)
        lowest, null = (lowest, highest - lowest + 1) if lowest is not None else (0, 1)
        used_bits += null.bit_length()
        if used_bits > _KEY_BITS:
            break
        offset = (pl.col(name).cast(pl.Int64) - lowest).fill_null(null).cast(pl.UInt64)
        key = key * pl.lit(1 << null.bit_length(), dtype=pl.UInt64) + offset
    return frame.select(key).to_series().to_numpy()


@contextmanager
def _clear_errors() -> Iterator[None]:
    """Separate unreadable files from operating system errors, which Polars reports only in its message."""
    try:
        yield
    except (OSError, pl.exceptions.PolarsError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        if number := _SYSTEM_ERROR.search(str(error)):
            raise OSError(int(number[1]), os.strerror(int(number[1]))) from error
        raise UnreadableError(str(error).splitlines()[0]) from error
