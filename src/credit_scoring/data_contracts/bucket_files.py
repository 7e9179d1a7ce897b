"""Ingested tables on disk: one Parquet file per table and client bucket, with checksums."""

import json
import zlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import polars as pl
import polars.selectors as cs
import pyarrow.parquet as pq

from credit_scoring.core.atomic_files import clear_read_errors
from credit_scoring.data_contracts.contract import CLIENT, Table

_INGEST_AGAIN = "Run `credit-scoring ingest --force` to write it again."
CHECKSUMS_FILE = "checksums.json"

ZSTD_LEVEL = 3
"""Level 6 saves another 3 % of the size and takes 50 % longer."""


def polars_schema(table: Table) -> dict[str, type[pl.DataType]]:
    """Columns and types of an ingested table: as declared, preceded by the client number where it was joined."""
    joined = {} if CLIENT in table.column_names else {CLIENT: pl.Int32}
    return joined | {column.name: getattr(pl, column.type) for column in table.columns}


def bucket_path(folder: Path, table: Table, bucket: int) -> Path:
    """Path of one bucket of one table, within an ingested version."""
    return folder / table.name / f"bucket={bucket:04d}.parquet"


def read_bucket(folder: Path, table: Table, bucket: int, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Rows of one bucket of one table, typed and sorted as the contract says.

    Args:
        folder: an ingested version.
        columns: the columns to read; all by default.

    Raises:
        StorageError: the file is missing or damaged, or lacks columns of the contract.
    """
    path = bucket_path(folder, table, bucket)
    declared = polars_schema(table)
    wanted = pl.Schema({name: declared[name] for name in (declared if columns is None else columns)})
    with clear_read_errors(path, _INGEST_AGAIN):
        frame = pl.read_parquet(_verified(path), columns=wanted.names()).select(wanted.names())
        if frame.schema != wanted:
            raise pl.exceptions.SchemaError("its columns do not have the declared types")
        return frame


def read_bucket_schema(folder: Path, table: Table, bucket: int) -> dict[str, pl.DataType]:
    """Actual columns and types of one bucket file; raises StorageError like ``read_bucket``."""
    path = bucket_path(folder, table, bucket)
    with clear_read_errors(path, _INGEST_AGAIN):
        return dict(pl.DataFrame(pl.from_arrow(pq.read_schema(path).empty_table())).schema)


def write_bucket(frame: pl.DataFrame, path: Path) -> None:
    """Write one bucket file, with the encoding that suits each type of column.

    Raises:
        OSError: the file cannot be written.
    """
    texts, integers = frame.select(cs.string()).columns, frame.select(cs.integer()).columns
    pq.write_table(
        frame.to_arrow(),
        path,
        compression="zstd",
        compression_level=ZSTD_LEVEL,
        use_dictionary=texts,
        # The upper bytes of most integers are zero; grouped together, they compress to nothing.
        column_encoding={
            name: "BYTE_STREAM_SPLIT" if name in integers else "PLAIN" for name in frame.columns if name not in texts
        },
        row_group_size=max(frame.height, 1),
        # A bucket is always read completely, so column statistics would be unused.
        write_statistics=False,
        store_schema=False,
    )


def write_checksums(folder: Path, table: Table) -> None:
    """Write the checksums of all bucket files of a table; ``read_bucket`` verifies them.

    Raises:
        OSError: the file cannot be written.
    """
    table_folder = folder / table.name
    checksums = {path.name: zlib.crc32(path.read_bytes()) for path in sorted(table_folder.glob("*.parquet"))}
    (table_folder / CHECKSUMS_FILE).write_text(json.dumps(checksums, indent=1))


def _verified(path: Path) -> bytes:
    # Polars reads wrong numbers from damaged pages, and page checksums do not cover the rest of the file.
    content = path.read_bytes()
    found = zlib.crc32(content)
    if _checksums(path.parent).get(path.name, found) != found:
        raise OSError("its checksum does not match")
    return content


@lru_cache(maxsize=64)
def _checksums(folder: Path) -> dict[str, int]:
    """Checksums by file name, cached because an ingested version never changes."""
    path = folder / CHECKSUMS_FILE
    if not path.is_file():  # the manifest records the size of the version, so a missing file is noticed there
        return {}
    return {str(name): int(number) for name, number in json.loads(path.read_bytes()).items()}
