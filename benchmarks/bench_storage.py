"""Compares CSV and Parquet in several compressions on the same tables: size, writing, reading.

Writes a Markdown table to docs/parts/storage_benchmark.md, which docs/DATA.md includes.
"""

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import polars as pl
import pyarrow.parquet as pq

from credit_scoring.core.manifest import Manifest
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage, bytes_of
from credit_scoring.data_contracts import ALL_TABLES, Table, table_named
from credit_scoring.data_contracts.bucket_files import (
    bucket_path,
    polars_schema,
    read_bucket,
    write_bucket,
    write_checksums,
)
from credit_scoring.data_contracts.validated_tables import INGEST_STEP
from credit_scoring.data_ingestion import step
from credit_scoring.data_ingestion.convert import bucket_expression
from credit_scoring.synthetic_data.writer import write_synthetic_tables

PAGE = Path(__file__).parents[1] / "docs" / "parts" / "storage_benchmark.md"
SYNTHETIC_CLIENTS = 20_000
ROUNDS = 3
THREE_COLUMNS = ("SK_ID_CURR", "DAYS_INSTALMENT", "AMT_PAYMENT")
TABLE_OF_COLUMNS = table_named("installments_payments")
ONE_BUCKET = 7

Buckets = dict[tuple[str, int], pl.DataFrame]


class Format(Protocol):
    """A way to store the eight tables in a folder."""

    @property
    def name(self) -> str: ...

    def write(self, buckets: Buckets, folder: Path) -> None: ...

    def read_table(self, folder: Path, table: Table, columns: Sequence[str] | None) -> pl.DataFrame: ...

    def read_one_bucket(self, folder: Path, table: Table, bucket: int) -> pl.DataFrame: ...


@dataclass(frozen=True)
class Csv:
    """One file per table, like the source; reading a bucket means reading the whole file."""

    bucket_count: int
    name: str = "CSV"

    def write(self, buckets: Buckets, folder: Path) -> None:
        for table in ALL_TABLES:
            rows = pl.concat([buckets[table.name, bucket] for bucket in range(self.bucket_count)])
            rows.write_csv(folder / table.file_name)

    def read_table(self, folder: Path, table: Table, columns: Sequence[str] | None) -> pl.DataFrame:
        types = polars_schema(table)
        wanted = list(columns or types)
        return pl.scan_csv(folder / table.file_name, schema=types).select(wanted).collect(engine="streaming")

    def read_one_bucket(self, folder: Path, table: Table, bucket: int) -> pl.DataFrame:
        rows = pl.scan_csv(folder / table.file_name, schema=polars_schema(table))
        return rows.filter(bucket_expression(self.bucket_count) == bucket).collect(engine="streaming")


@dataclass(frozen=True)
class Parquet:
    """One file per bucket in one compression, with the library's defaults."""

    bucket_count: int
    codec: Literal["snappy", "gzip", "zstd"]

    @property
    def name(self) -> str:
        return f"Parquet, {self.codec}"

    def write(self, buckets: Buckets, folder: Path) -> None:
        for (name, bucket), rows in buckets.items():
            path = bucket_path(folder, table_named(name), bucket)
            path.parent.mkdir(exist_ok=True)
            self._write(rows, path)

    def _write(self, rows: pl.DataFrame, path: Path) -> None:
        pq.write_table(rows.to_arrow(), path, compression=self.codec)

    def read_table(self, folder: Path, table: Table, columns: Sequence[str] | None) -> pl.DataFrame:
        return pl.concat([read_bucket(folder, table, bucket, columns) for bucket in range(self.bucket_count)])

    def read_one_bucket(self, folder: Path, table: Table, bucket: int) -> pl.DataFrame:
        return read_bucket(folder, table, bucket)


@dataclass(frozen=True)
class Ingested(Parquet):
    """As ingested: encodings by column type, checksums, no statistics."""

    @property
    def name(self) -> str:
        return "Parquet as ingested"

    def write(self, buckets: Buckets, folder: Path) -> None:
        super().write(buckets, folder)
        for table in ALL_TABLES:
            write_checksums(folder, table)

    def _write(self, rows: pl.DataFrame, path: Path) -> None:
        write_bucket(rows, path)


@dataclass
class Measured:
    """Size of a format, and the shortest seconds of all rounds by task."""

    bytes: int
    seconds: dict[str, float]


def measure(formats: Sequence[Format], buckets: Buckets, folder: Path) -> dict[str, Measured]:
    """Write and read in every format, alternating so that a busy machine slows all formats alike."""
    found = {form.name: Measured(0, {}) for form in formats}
    for _ in range(ROUNDS):
        for form in formats:
            target = folder / form.name
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir()
            measured = found[form.name]
            for task, work in _tasks(form, buckets, target):
                seconds = _seconds(work)
                measured.seconds[task] = min(seconds, measured.seconds.get(task, seconds))
            measured.bytes = bytes_of(target)
    return found


def _tasks(form: Format, buckets: Buckets, target: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    yield "write", lambda: form.write(buckets, target)
    yield "read all", lambda: [form.read_table(target, table, None) for table in ALL_TABLES]
    yield "read 3 columns", lambda: form.read_table(target, TABLE_OF_COLUMNS, THREE_COLUMNS)
    yield "read 1 bucket", lambda: [form.read_one_bucket(target, table, ONE_BUCKET) for table in ALL_TABLES]


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def render(found: dict[str, Measured], manifest: Manifest, bucket_count: int) -> str:
    """The Markdown table; times also as a multiple of the CSV's speed."""
    csv = next(iter(found.values()))
    rows = sum(part.rows or 0 for part in manifest.outputs)
    clients = sum(part.rows or 0 for part in manifest.outputs if table_named(part.name).is_main)
    lines = [
        f"Measured by `make bench-storage` on {clients:,} {manifest.source} applications, {rows:,} rows in "
        f"{bucket_count} client buckets; seconds are the shortest of {ROUNDS} rounds, the multiple is the speed "
        f"against CSV in the same run. Three columns: those of {TABLE_OF_COLUMNS.name} that describe payment "
        f"behaviour. One bucket: one client in {bucket_count}, from all tables.",
        "",
        "| Format | MB | of CSV | " + " | ".join(task.capitalize() for task in csv.seconds) + " |",
        "| --- | --: | --: |" + " --: |" * len(csv.seconds),
    ]
    for name, measured in found.items():
        times = " | ".join(
            f"{seconds:.2f} s, {_times(csv.seconds[task] / seconds)}" for task, seconds in measured.seconds.items()
        )
        lines.append(f"| {name} | {measured.bytes / 1e6:,.1f} | {measured.bytes / csv.bytes:.1%} | {times} |")
    return "\n".join([*lines, ""])


def _times(speed: float) -> str:
    return f"{speed:.1f}x" if speed >= 1 else f"{speed:.2f}x"


def _synthetic(folder: Path) -> Path:
    write_synthetic_tables(folder, SYNTHETIC_CLIENTS, seed=0)
    return folder


def main() -> None:
    """Measure on a source, by default on synthetic clients, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, help="folder or zip of the eight CSV files")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        settings = Settings(data_directory=folder / "data")
        manifest = step.run(settings, arguments.source or _synthetic(folder / "source"))
        ingested = Storage.of(settings).current(INGEST_STEP)
        buckets = {
            (table.name, bucket): read_bucket(ingested, table, bucket)
            for table in ALL_TABLES
            for bucket in range(settings.bucket_count)
        }
        count = settings.bucket_count
        formats: list[Format] = [
            Csv(count),
            Parquet(count, "snappy"),
            Parquet(count, "gzip"),
            Parquet(count, "zstd"),
            Ingested(count, "zstd"),
        ]
        page = render(measure(formats, buckets, folder), manifest, count)
    print(page)
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
