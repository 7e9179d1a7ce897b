"""The ingestion step: a source of CSV files becomes a version of bucketed Parquet tables."""

from pathlib import Path

import polars as pl

from credit_scoring.core.errors import SourceError
from credit_scoring.core.logs import get_logger
from credit_scoring.core.manifest import Artefact, Manifest
from credit_scoring.core.progress import progress
from credit_scoring.core.settings import Settings
from credit_scoring.core.steps import StepInputs, StepResult, run_step
from credit_scoring.core.storage import bytes_of
from credit_scoring.data_ingestion.convert import UnreadableError, convert
from credit_scoring.data_ingestion.diagnosis import explain_unreadable
from credit_scoring.data_ingestion.header import check_file
from credit_scoring.data_ingestion.source import Source, csv_files, find_source
from credit_scoring.tables import ALL_TABLES, Table, table_named
from credit_scoring.tables.parquet import CLIENT, INGEST_STEP, bucket_path


def run(settings: Settings, source: Path, force: bool = False) -> Manifest:
    """Ingest a folder or a zip of the eight CSV files.

    Raises:
        SourceError: the source breaks its contract; nothing is kept of it.
    """
    found = find_source(source)

    def ingest(folder: Path) -> StepResult:
        with csv_files(found, folder) as paths:
            rows = _convert_all(paths, folder, settings.bucket_count)
            csv_bytes = sum(path.stat().st_size for path in paths.values())
        parquet_bytes = bytes_of(folder)
        return StepResult(
            rows=dict(rows),
            measures={
                "buckets": settings.bucket_count,
                "csv_bytes": csv_bytes,
                "share_of_csv_size": round(parquet_bytes / csv_bytes, 4),
            },
        )

    return run_step(settings, INGEST_STEP, _inputs(found, settings), ingest, force)


def _inputs(source: Source, settings: Settings) -> StepInputs:
    return StepInputs(
        source=source.kind,
        depends_on=(source.fingerprint, settings.bucket_count),
        rooms=("tables", "data_ingestion"),
        artefacts=(Artefact(name="source", path=str(source.path), bytes=bytes_of(source.path)),),
    )


def _convert_all(paths: dict[str, Path], folder: Path, bucket_count: int) -> dict[str, int]:
    logger = get_logger("data_ingestion")
    # All headers first: a wrong last file must not cost the time of converting the others.
    for table in ALL_TABLES:
        for name in check_file(paths[table.name], table):
            logger.warning("unknown column left out", file=table.file_name, column=name)
    rows = {}
    for table in progress(ALL_TABLES, "Converting CSV to Parquet"):
        path = paths[table.name]
        try:
            rows[table.name] = convert(path, table, _client_of(table, folder), folder, bucket_count)
        except UnreadableError as error:
            raise explain_unreadable(path, table, str(error)) from error
        if table.is_main and rows[table.name] == 0:
            raise SourceError(
                f"{table.file_name} holds no row.", "Applications are needed; check the source."
            )
    return rows


def _client_of(table: Table, folder: Path) -> pl.LazyFrame | None:
    """The client of each key, for a table that does not name its client itself (bureau_balance)."""
    if CLIENT in table.column_names:
        return None
    key = table.foreign_keys[0]
    parent = table_named(key.tables[0])
    return pl.scan_parquet(bucket_path(folder, parent, 0).parent / "*.parquet").select(key.column, CLIENT)
