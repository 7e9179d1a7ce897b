"""How ingested tables lie on disk, bucket by bucket, and how they are read again."""

import json
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from credit_scoring.core.errors import StorageError
from credit_scoring.core.manifest import Manifest
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts.contract import CLIENT, Table

INGEST_STEP = "ingest"
VALIDATE_STEP = "validate"
VALIDATED_MEASURE = "ingest_fingerprint"
"""Under this name the validation step notes which ingested version passed."""

CHECKSUMS_FILE = "checksums.json"

ZSTD_LEVEL = 3
"""Level 6 saves another 3 % of the size for half as much again of the time."""


def validated_tables(storage: Storage) -> tuple[Manifest, Path]:
    """Manifest and folder of the ingested version that last passed validation; what was ingested since is not trusted.

    Raises:
        MissingArtefactError: no version has passed.
        StorageError: the version that passed is damaged.
    """
    fingerprint = str(storage.current_manifest(VALIDATE_STEP).measures[VALIDATED_MEASURE])
    found = storage.find(INGEST_STEP, fingerprint)
    if found is None:
        raise StorageError(
            f"The validated tables {fingerprint} are damaged or gone.",
            "Run `credit-scoring ingest --source PATH` and `credit-scoring validate` again.",
        )
    return found


def polars_schema(table: Table) -> dict[str, type[pl.DataType]]:
    """Columns and types of a table once ingested: as declared, with the client number first where it was joined."""
    joined = {} if CLIENT in table.column_names else {CLIENT: pl.Int32}
    return joined | {column.name: getattr(pl, column.type) for column in table.columns}


def bucket_path(folder: Path, table: Table, bucket: int) -> Path:
    """File of one client bucket of one table, below the folder of an ingested version."""
    return folder / table.name / f"bucket={bucket:04d}.parquet"


def read_bucket(
    folder: Path, table: Table, bucket: int, columns: Sequence[str] | None = None
) -> pl.DataFrame:
    """Rows of one client bucket of one table, typed and sorted as the contract says.

    Args:
        folder: an ingested version.
        columns: which columns to read; all by default.

    Raises:
        StorageError: the file is missing or damaged, or does not hold the columns of the contract.
    """
    path = bucket_path(folder, table, bucket)
    declared = polars_schema(table)
    wanted = pl.Schema({name: declared[name] for name in (declared if columns is None else columns)})
    with _clear_read_errors(path):
        frame = pl.read_parquet(_undamaged(path), columns=wanted.names()).select(wanted.names())
        if frame.schema != wanted:
            raise pl.exceptions.SchemaError("its columns do not have the declared types")
        return frame


def read_bucket_schema(folder: Path, table: Table, bucket: int) -> dict[str, pl.DataType]:
    """Columns and types that one bucket file really has; raises StorageError like ``read_bucket``."""
    path = bucket_path(folder, table, bucket)
    with _clear_read_errors(path):
        return dict(pl.DataFrame(pl.from_arrow(pq.read_schema(path).empty_table())).schema)


def write_bucket(frame: pl.DataFrame, path: Path) -> None:
    """Write the rows of one bucket file in the encodings that fit each kind of column.

    Raises:
        OSError: the file cannot be written.
    """
    rows = frame.to_arrow()
    words = [field.name for field in rows.schema if _is_text(field.type)]
    pq.write_table(
        rows,
        path,
        compression="zstd",
        compression_level=ZSTD_LEVEL,
        use_dictionary=words,
        # Most whole numbers leave their upper bytes empty; put side by side, these cost nothing.
        column_encoding={
            field.name: "BYTE_STREAM_SPLIT" if pa.types.is_integer(field.type) else "PLAIN"
            for field in rows.schema
            if not _is_text(field.type)
        },
        row_group_size=max(frame.height, 1),
        # A bucket is read whole, so statistics of its columns would skip nothing.
        write_statistics=False,
        store_schema=False,
    )


def _is_text(column_type: pa.DataType) -> bool:
    kinds = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    return any(is_kind(column_type) for is_kind in kinds)


def write_checksums(folder: Path, table: Table) -> None:
    """Note the checksum of every bucket file of a table, for reading to compare.

    Raises:
        OSError: the file cannot be written.
    """
    place = folder / table.name
    checksums = {path.name: zlib.crc32(path.read_bytes()) for path in sorted(place.glob("*.parquet"))}
    (place / CHECKSUMS_FILE).write_text(json.dumps(checksums, indent=1))


def _undamaged(path: Path) -> bytes:
    # Polars makes wrong numbers of damaged pages; the pages' own checksums would leave out the rest of the file.
    content = path.read_bytes()
    found = zlib.crc32(content)
    if _checksums(path.parent).get(path.name, found) != found:
        raise OSError("its content is not what was written")
    return content


@lru_cache(maxsize=64)
def _checksums(folder: Path) -> dict[str, int]:
    """Checksums by file name; an ingested version never changes, so they are read once."""
    path = folder / CHECKSUMS_FILE
    if not path.is_file():  # the file counts among the bytes of the version, so its loss is noticed there
        return {}
    return {str(name): int(number) for name, number in json.loads(path.read_bytes()).items()}


@contextmanager
def _clear_read_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, pa.ArrowException, pl.exceptions.PolarsError) as error:
        raise StorageError(
            f"{path} is missing or damaged ({error}).",
            "Run `credit-scoring ingest --force` to write it again.",
        ) from error
