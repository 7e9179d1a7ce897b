"""The ingestion step: CSV files become a version of bucketed Parquet tables."""

from pathlib import Path

import polars as pl

from credit_scoring.core.errors import MissingArtefactError, SourceError
from credit_scoring.core.logs import get_logger
from credit_scoring.core.manifest import Artefact, Manifest
from credit_scoring.core.progress import progress
from credit_scoring.core.settings import Settings
from credit_scoring.core.steps import StepInputs, StepResult, run_step
from credit_scoring.core.storage import Storage, bytes_of
from credit_scoring.data_contracts import ALL_TABLES, Table, table_named
from credit_scoring.data_contracts.bucket_files import read_bucket
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.data_contracts.validated_tables import INGEST_STEP
from credit_scoring.data_ingestion import kaggle
from credit_scoring.data_ingestion.column_descriptions import DESCRIPTIONS_FILE, differences_from_contracts
from credit_scoring.data_ingestion.convert import convert
from credit_scoring.data_ingestion.error_location import locate_error
from credit_scoring.data_ingestion.fingerprints import FingerprintCache
from credit_scoring.data_ingestion.header_and_separator import check_file
from credit_scoring.data_ingestion.raw_data import RawData, content_of, csv_files, find_raw_data
from credit_scoring.data_ingestion.typed_csv import UnreadableError

SOURCE_MEASURE = "source_fingerprint"


def run(settings: Settings, source: Path, force: bool = False) -> Manifest:
    """Ingest a folder or a zip of the eight CSV files, or the Kaggle download.

    Raises:
        SourceError: the source violates its contract; nothing is kept.
        StorageError: the tables cannot be written; the version in use stays unchanged.
    """
    found = _find(settings, source)

    def ingest(folder: Path) -> StepResult:
        with csv_files(found, folder) as paths:
            # All headers first: an error in the last file should not cost the conversion of the others.
            unknown = settings.ingestion.unknown_columns
            warnings = [text for table in ALL_TABLES for text in check_file(paths[table.name], table, unknown)]
            if descriptions := found.files.get(DESCRIPTIONS_FILE):
                warnings += filter(None, [differences_from_contracts(content_of(descriptions))])
            rows = _convert_all(paths, folder, settings.bucket_count)
            csv_bytes = sum(path.stat().st_size for path in paths.values())
        warnings += [
            f"{table.file_name}: {'has no rows' if table.file_name in found.files else 'is absent'}."
            for table in ALL_TABLES
            if rows[table.name] == 0
        ]
        for warning in warnings:
            get_logger("data_ingestion").warning("unusual source", warning=warning)
        return StepResult(
            rows=dict(rows),
            measures={
                "buckets": settings.bucket_count,
                "csv_bytes": csv_bytes,
                "share_of_csv_size": round(bytes_of(folder) / csv_bytes, 4),
                "warnings": len(warnings),
                SOURCE_MEASURE: found.fingerprint,
                **({"warned_of": " ".join(warnings)} if warnings else {}),
            },
        )

    files = {file.path for file in found.files.values()}
    inputs = StepInputs(
        source=found.kind,
        depends_on=(found.fingerprint, settings.bucket_count, settings.ingestion.unknown_columns),
        modules=(__name__,),
        artefacts=(Artefact(name="source", path=str(found.path), bytes=sum(map(bytes_of, files))),),
    )
    return run_step(settings, INGEST_STEP, inputs, ingest, force)


def has_new_data(settings: Settings, source: Path) -> bool:
    """Whether the content of a source differs from what was ingested last.

    Raises:
        SourceError: the source does not exist, is damaged or incomplete.
    """
    storage = Storage.of(settings)
    fingerprint = _find(settings, source).fingerprint
    try:
        manifest = storage.current_version(INGEST_STEP)[0]
    except MissingArtefactError:
        return True
    is_intact = storage.find(INGEST_STEP, manifest.fingerprint) is not None
    return not is_intact or manifest.measures.get(SOURCE_MEASURE) != fingerprint


def _find(settings: Settings, source: Path) -> RawData:
    storage = Storage.of(settings)
    if kaggle.means_kaggle(source):
        source = kaggle.download(kaggle.connect(), storage.downloads())
    return find_raw_data(source, FingerprintCache(storage.source_fingerprints()))


def _convert_all(paths: dict[str, Path], folder: Path, bucket_count: int) -> dict[str, int]:
    rows = {}
    for table in progress(ALL_TABLES, "Converting CSV to Parquet"):
        path, clients = paths[table.name], _client_of(table, folder, bucket_count)
        try:
            rows[table.name] = convert(path, table, clients, folder, bucket_count)
        except UnreadableError as error:
            raise locate_error(path, table, str(error)) from error
        if table.is_main and not table.is_optional and rows[table.name] == 0:
            raise SourceError(f"{table.file_name} has no rows.", "Decided applications are required for training.")
    return rows


def _client_of(table: Table, folder: Path, bucket_count: int) -> pl.DataFrame | None:
    """The client of each key, for a table without client number (bureau_balance)."""
    if CLIENT in table.column_names:
        return None
    key = table.foreign_keys[0]
    parent = table_named(key.tables[0])
    buckets = [read_bucket(folder, parent, bucket, (key.column, CLIENT)) for bucket in range(bucket_count)]
    # Validation reports repeated keys; here they must not duplicate the joined rows.
    return pl.concat(buckets).group_by(key.column).agg(pl.col(CLIENT).min())
