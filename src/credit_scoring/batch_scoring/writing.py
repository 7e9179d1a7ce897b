"""Writes scores to a CSV or Parquet file, chunk by chunk; the file appears when it is complete."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from credit_scoring.core.atomic_files import replacing_file
from credit_scoring.core.errors import SourceError


@contextmanager
def writing_scores(path: Path, schema: pl.Schema) -> Iterator[Callable[[pl.DataFrame], None]]:
    """A function that appends rows; what it wrote takes the file's name when the block ends well.

    Raises:
        SourceError: the name ends in neither .csv nor .parquet.
        StorageError: the file cannot be written; nothing is left behind, and a file of that name stays as it was.
    """
    if path.suffix not in (".csv", ".parquet"):
        raise SourceError(f"{path.name} ends in neither .csv nor .parquet.", "Write one of these two kinds.")
    empty = schema.to_frame()
    with replacing_file(path) as partial:
        if path.suffix == ".csv":
            with partial.open("wb") as stream:
                empty.write_csv(stream)
                yield lambda frame: frame.write_csv(stream, include_header=False)
        else:
            with pq.ParquetWriter(partial, empty.to_arrow().schema, compression="zstd") as writer:
                yield lambda frame: writer.write_table(frame.to_arrow())
