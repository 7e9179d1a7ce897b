"""Writes scores to a CSV or Parquet file, chunk by chunk; the file appears when it is complete."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from credit_scoring.core.atomic_files import replacing_file
from credit_scoring.core.errors import SourceError

Write = Callable[[pl.DataFrame], None]


@contextmanager
def writing_scores(path: Path) -> Iterator[Write]:
    """A function that appends rows; what it wrote takes the file's name when the block ends well.

    Raises:
        SourceError: the name ends in neither .csv nor .parquet.
        StorageError: the file cannot be written; nothing is left behind, and a file of that name stays as it was.
    """
    if path.suffix not in (".csv", ".parquet"):
        raise SourceError(f"{path.name} ends in neither .csv nor .parquet.", "Write one of these two kinds.")
    with replacing_file(path) as partial, (_csv if path.suffix == ".csv" else _parquet)(partial) as write:
        yield write


@contextmanager
def _csv(path: Path) -> Iterator[Write]:
    with path.open("wb") as stream:

        def write(frame: pl.DataFrame) -> None:
            frame.write_csv(stream, include_header=stream.tell() == 0)

        yield write


@contextmanager
def _parquet(path: Path) -> Iterator[Write]:
    writer: pq.ParquetWriter | None = None
    # A writer that is closed without a row leaves no file, so it is opened by the first frame, which may be empty.
    try:

        def write(frame: pl.DataFrame) -> None:
            nonlocal writer
            rows = frame.to_arrow()
            writer = writer or pq.ParquetWriter(path, rows.schema, compression="zstd")
            writer.write_table(rows)

        yield write
    finally:
        if writer is not None:
            writer.close()
