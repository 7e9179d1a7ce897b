"""Writes a table to a CSV or Parquet file, chunk by chunk; the file appears when it is complete."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from credit_scoring.core.atomic_files import ending_of, replacing_file


@contextmanager
def writing_table(path: Path, schema: pl.Schema) -> Iterator[Callable[[pl.DataFrame], None]]:
    """A function that appends rows; what it wrote takes the file's name when the block ends well.

    Raises:
        SourceError: the name does not end in .csv or .parquet.
        StorageError: the file cannot be written; nothing is left behind, and a file of that name stays as it was.
    """
    ending = ending_of(path, ".csv", ".parquet")
    empty = schema.to_frame()
    with replacing_file(path) as partial:
        if ending == ".csv":
            with partial.open("wb") as stream:
                empty.write_csv(stream)
                yield lambda frame: frame.write_csv(stream, include_header=False)
        else:
            with pq.ParquetWriter(partial, empty.to_arrow().schema, compression="zstd") as writer:
                yield lambda frame: writer.write_table(frame.to_arrow())
