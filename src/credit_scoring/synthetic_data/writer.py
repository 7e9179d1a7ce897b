"""Writes a folder of synthetic tables, chunk by chunk."""

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import polars as pl

from credit_scoring.core.atomic_files import replacing_folder
from credit_scoring.core.errors import StorageError
from credit_scoring.core.manifest import SOURCE_MARKER, Artefact
from credit_scoring.core.progress import progress
from credit_scoring.data_contracts import ALL_TABLES
from credit_scoring.evaluation.auc import auc_of_counts
from credit_scoring.synthetic_data.chunks import Chunk, chunks_of
from credit_scoring.synthetic_data.tables import chunk_tables

GENERATOR_VERSION = "5"
TRUTH_FILE = "true_probability.parquet"
DESCRIPTION_FILE = "HomeCredit_columns_description.csv"
MINIMUM_CLIENTS = 100
WORKERS = 2
_COPY_BYTES = 16 << 20


@dataclass(frozen=True)
class SyntheticTables:
    """What was written.

    Attributes:
        files: the CSV file of each table.
        ceiling_auc: AUC on the train clients of a model that knows every true probability.
        default_rate: share of train clients with TARGET 1.
    """

    folder: Path
    clients: int
    files: tuple[Artefact, ...]
    ceiling_auc: float
    default_rate: float


def write_synthetic_tables(output: Path, clients: int, seed: int, workers: int = WORKERS) -> SyntheticTables:
    """Write the eight CSV files for a number of clients, train and test in the published proportion.

    The same seed and number of clients give the same bytes with any number of workers. Memory does not grow with the
    number of clients. A run that fails leaves ``output`` as it was.

    Args:
        output: folder to create; older synthetic tables there are replaced.
        workers: processes that draw and write chunks.

    Raises:
        StorageError: too few clients, or ``output`` holds something else or cannot be written.
    """
    if clients < MINIMUM_CLIENTS:
        raise StorageError(f"{clients} clients are too few.", f"Draw {MINIMUM_CLIENTS} or more.")
    with replacing_folder(output, may_be_replaced=is_synthetic_folder) as folder:
        rows = _write_tables(folder, chunks_of(clients, seed), workers)
        _write_description(folder)
        marker = {"source": "synthetic", "clients": clients, "seed": seed, "generator_version": GENERATOR_VERSION}
        (folder / SOURCE_MARKER).write_text(json.dumps(marker) + "\n")
        sizes = {table.name: (folder / table.file_name).stat().st_size for table in ALL_TABLES}
        ceiling_auc, default_rate = outcomes_of(folder)
    written = tuple(
        Artefact(name=table.name, path=str(output / table.file_name), rows=rows[table.name], bytes=sizes[table.name])
        for table in ALL_TABLES
    )
    return SyntheticTables(output, clients, written, ceiling_auc, default_rate)


def is_synthetic_folder(folder: Path) -> bool:
    """Whether ``write_synthetic_tables`` wrote a folder."""
    try:
        marker = json.loads((folder / SOURCE_MARKER).read_text())
    except (OSError, ValueError):
        return False
    return isinstance(marker, dict) and marker.get("source") == "synthetic" and "generator_version" in marker


def outcomes_of(folder: Path) -> tuple[float, float]:
    """AUC of a model that knows every true probability (to five decimals), and default rate; of the train clients."""
    counts = (
        pl.scan_parquet(folder / TRUTH_FILE, glob=False)
        .filter(~pl.col("is_test"))
        .group_by(pl.col("probability").round(5))
        .agg(pl.col("defaults").sum().cast(pl.Int64).alias("bad"), pl.len().cast(pl.Int64).alias("clients"))
        .sort("probability")
        .collect(engine="streaming")
    )
    bad, clients = counts["bad"].to_numpy(), counts["clients"].to_numpy()
    return auc_of_counts(bad, clients - bad), float(bad.sum() / clients.sum())


def _write_tables(folder: Path, chunks: list[Chunk], workers: int) -> dict[str, int]:
    """Write all tables and the truth; returns the rows of each table."""
    rows = {table.name: 0 for table in ALL_TABLES}
    truths = []
    for table in ALL_TABLES:
        (folder / table.file_name).write_text(",".join(table.column_names) + "\n")
    parts = _parts(folder, chunks, workers)
    for _ in progress(chunks, "Drawing synthetic clients"):
        counts, part = next(parts)
        for table in ALL_TABLES:
            rows[table.name] += counts[table.name]
            with (part / table.file_name).open("rb") as own, (folder / table.file_name).open("ab") as whole:
                shutil.copyfileobj(own, whole, _COPY_BYTES)
            (part / table.file_name).unlink()
        truths.append(part / TRUTH_FILE)
    pl.scan_parquet(truths, glob=False).sink_parquet(folder / TRUTH_FILE)
    for truth in truths:
        shutil.rmtree(truth.parent)
    return rows


def _parts(folder: Path, chunks: list[Chunk], workers: int) -> Iterator[tuple[dict[str, int], Path]]:
    """Row counts and folder of each chunk, in order."""
    folders = [folder / f"chunk-{chunk.index}" for chunk in chunks]
    if workers == 1 or len(chunks) == 1:
        yield from zip(map(_write_chunk, chunks, folders), folders, strict=True)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        try:
            yield from zip(pool.map(_write_chunk, chunks, folders), folders, strict=True)
        except BrokenProcessPool as error:
            raise StorageError(
                "A worker process was stopped from outside.", "Free some memory and run it again."
            ) from error
        finally:
            pool.shutdown(cancel_futures=True)


def _write_chunk(chunk: Chunk, folder: Path) -> dict[str, int]:
    drawn = chunk_tables(chunk)
    folder.mkdir()
    for table in ALL_TABLES:
        rows = drawn.tables[table.name].select(table.column_names)
        rows.write_csv(folder / table.file_name, include_header=False)
    drawn.truth.write_parquet(folder / TRUTH_FILE)
    return {name: rows.height for name, rows in drawn.tables.items()}


def _write_description(folder: Path) -> None:
    """Write the column descriptions of the contracts under the headings of the source."""
    rows = [
        ("application_{train|test}.csv" if table.is_main else table.file_name, column.name, column.meaning)
        for table in ALL_TABLES
        for column in table.columns
        if table.name != "application_test"
    ]
    described = pl.DataFrame(rows, schema=["Table", "Row", "Description"], orient="row")
    described = described.with_row_index("", offset=1).with_columns(Special=pl.lit(None, pl.String))
    described.write_csv(folder / DESCRIPTION_FILE)
