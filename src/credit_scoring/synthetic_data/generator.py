"""Writes a folder of look-alike tables: chunk by chunk, aside, and renamed into place at the end."""

import json
import shutil
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import polars as pl

from credit_scoring.core.errors import StorageError
from credit_scoring.core.progress import progress
from credit_scoring.synthetic_data.chunks import Chunk, chunks_of, train_clients
from credit_scoring.synthetic_data.risk import auc_of
from credit_scoring.synthetic_data.tables import chunk_tables
from credit_scoring.tables import ALL_TABLES

GENERATOR_VERSION = "1"
SOURCE_FILE = "source.json"
TRUTH_FILE = "true_probability.parquet"
DESCRIPTION_FILE = "HomeCredit_columns_description.csv"
FEWEST_CLIENTS = 100
_WORKERS = 2
_COPY_BYTES = 16 << 20


@dataclass(frozen=True)
class LookAlike:
    """What was written.

    Attributes:
        rows, bytes: of each table, by name.
        ceiling_auc: AUC on the train clients of a model that knows every true probability.
        default_rate: share of train clients with TARGET 1.
    """

    folder: Path
    clients: int
    train_clients: int
    seed: int
    rows: dict[str, int]
    bytes: dict[str, int]
    seconds: float
    ceiling_auc: float
    default_rate: float


def write_look_alike_tables(out: Path, clients: int, seed: int) -> LookAlike:
    """Write the eight CSV files for a number of clients, train and test in the published proportion.

    The same seed and number of clients give the same bytes, whatever the number of workers. Memory does not grow with
    the number of clients. A run that dies leaves nothing under ``out``, or what was there before.

    Args:
        out: folder to create; an older look-alike there is replaced.

    Raises:
        StorageError: ``out`` holds something that is not a look-alike, or cannot be written.
    """
    if clients < FEWEST_CLIENTS:
        raise StorageError(
            f"{clients} clients are too few to look like anything.", f"Ask for {FEWEST_CLIENTS} or more."
        )
    started = time.perf_counter()
    with _replacing(out) as folder:
        rows = _write_tables(folder, chunks_of(clients, seed))
        _write_description(folder)
        marker = {
            "source": "synthetic",
            "clients": clients,
            "seed": seed,
            "generator_version": GENERATOR_VERSION,
        }
        (folder / SOURCE_FILE).write_text(json.dumps(marker) + "\n")
        train = pl.read_parquet(folder / TRUTH_FILE).filter(~pl.col("is_test"))
        sizes = {table.name: (folder / table.file_name).stat().st_size for table in ALL_TABLES}
    return LookAlike(
        folder=out,
        clients=clients,
        train_clients=train_clients(clients),
        seed=seed,
        rows=rows,
        bytes=sizes,
        seconds=time.perf_counter() - started,
        ceiling_auc=auc_of(train["probability"].to_numpy(), train["defaults"].to_numpy()),
        default_rate=float(train["defaults"].cast(pl.Float64).mean() or 0.0),  # type: ignore[arg-type]
    )


def is_look_alike(folder: Path) -> bool:
    """Whether a folder was written by this generator."""
    try:
        marker = json.loads((folder / SOURCE_FILE).read_text())
    except (OSError, ValueError):
        return False
    return isinstance(marker, dict) and marker.get("source") == "synthetic" and "generator_version" in marker


@contextmanager
def _replacing(out: Path) -> Iterator[Path]:
    """A folder aside that takes the place of ``out`` when the body ends well, and vanishes otherwise."""
    if out.exists() and not is_look_alike(out) and (not out.is_dir() or any(out.iterdir())):
        raise StorageError(
            f"{out} exists and was not written by `credit-scoring synthesize`; it is left as it is.",
            "Choose an empty or new folder with --out.",
        )
    aside = out.parent / f".{out.name}.partial-{uuid.uuid4().hex[:8]}"
    old = out.parent / f".{out.name}.old-{uuid.uuid4().hex[:8]}"
    try:
        aside.mkdir(parents=True)
        yield aside
        if out.exists():
            out.rename(old)
        aside.rename(out)
    except OSError as error:
        raise StorageError(
            f"{out} cannot be written: {error.strerror or error}.",
            "Free some space, or choose another folder with --out.",
        ) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _write_tables(folder: Path, chunks: list[Chunk]) -> dict[str, int]:
    rows = {table.name: 0 for table in ALL_TABLES}
    truths = []
    for table in ALL_TABLES:
        (folder / table.file_name).write_text(",".join(table.column_names) + "\n")
    parts = _parts(folder, chunks)
    for _ in progress(chunks, "Generating clients"):
        counts, part = next(parts)
        for table in ALL_TABLES:
            rows[table.name] += counts[table.name]
            _append(part / table.file_name, folder / table.file_name)
        truths.append(pl.read_parquet(part / TRUTH_FILE))
        shutil.rmtree(part)
    pl.concat(truths).write_parquet(folder / TRUTH_FILE)
    return rows


def _parts(folder: Path, chunks: list[Chunk]) -> Iterator[tuple[dict[str, int], Path]]:
    """Row counts and folder of each chunk, in order."""
    folders = [folder / f"chunk-{chunk.index}" for chunk in chunks]
    if len(chunks) == 1:
        yield _write_chunk(chunks[0], folders[0]), folders[0]
        return
    with ProcessPoolExecutor(_WORKERS, mp_context=get_context("spawn")) as pool:
        yield from zip(pool.map(_write_chunk, chunks, folders), folders, strict=True)


def _write_chunk(chunk: Chunk, folder: Path) -> dict[str, int]:
    drawn = chunk_tables(chunk)
    folder.mkdir()
    for table in ALL_TABLES:
        rows = drawn.tables[table.name].select(table.column_names)
        rows.write_csv(folder / table.file_name, include_header=False)
    drawn.truth.write_parquet(folder / TRUTH_FILE)
    return {name: rows.height for name, rows in drawn.tables.items()}


def _append(part: Path, whole: Path) -> None:
    with part.open("rb") as source, whole.open("ab") as target:
        shutil.copyfileobj(source, target, _COPY_BYTES)


def _write_description(folder: Path) -> None:
    """The columns description, under the source's headings, in the words of the contracts."""
    application = "application_{train|test}.csv"
    described = [
        (application if table.is_main else table.file_name, column.name, column.meaning)
        for table in ALL_TABLES
        for column in table.columns
        if table.name != "application_test"
    ]
    frame = pl.DataFrame(described, schema=["Table", "Row", "Description"], orient="row").with_row_index(
        "", offset=1
    )
    frame.with_columns(pl.lit(None, pl.String).alias("Special")).write_csv(folder / DESCRIPTION_FILE)
