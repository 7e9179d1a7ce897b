"""Offline feature versions: each publication is one commit of a Delta table, and any commit can be read again."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import polars as pl
import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError
from pydantic import BaseModel

from credit_scoring.core.atomic_files import clear_read_errors, clear_write_errors
from credit_scoring.core.errors import MissingArtefactError, StorageError
from credit_scoring.core.manifest import DataSource
from credit_scoring.data_contracts.contract import CLIENT

_PUBLISH_AGAIN = "Run `credit-scoring features build --force` and `features publish`, or use another version."
_METADATA_KEY = "credit_scoring"


class FeatureVersion(BaseModel, frozen=True, extra="forbid"):
    """Metadata of a published feature version.

    Attributes:
        number: version of the Delta table; -1 before it is committed.
        fingerprint: of the features step that computed it.
        source_fingerprint: of the ingested tables it was computed from.
        content_hash: of the values, bucket by bucket, independent of the file layout.
        code_commit: commit of the program that published it; "-dirty" at its end if files differed from the commit,
            empty if it was not known.
        population: statistics of the training applications that application features use, as JSON.
    """

    number: int = -1
    fingerprint: str
    source_fingerprint: str
    created_at: datetime
    rows: int
    features: int
    content_hash: str
    source: DataSource
    code_version: str
    code_commit: str = ""
    population: str


def publish(table: Path, buckets: list[Path], version: FeatureVersion) -> FeatureVersion:
    """Commit the buckets as a new version, one bucket in memory at a time.

    A version that a killed run has already committed is found and not written again.
    """
    for existing in versions(table):
        if existing.fingerprint == version.fingerprint and existing.content_hash == version.content_hash:
            return existing
    arrow_schema = pl.DataFrame(schema=pl.scan_parquet(buckets[0], glob=False).collect_schema()).to_arrow().schema
    # Commits on top of this version, so that of two concurrent publishers only one succeeds.
    target = DeltaTable(_uri(table)) if DeltaTable.is_deltatable(_uri(table)) else _uri(table)
    try:
        with clear_write_errors(table):
            write_deltalake(
                target,
                pa.RecordBatchReader.from_batches(arrow_schema, _batches(buckets, arrow_schema)),
                mode="overwrite" if isinstance(target, DeltaTable) else "error",
                schema_mode="overwrite" if isinstance(target, DeltaTable) else None,
                commit_properties=CommitProperties(
                    custom_metadata={_METADATA_KEY: version.model_dump_json(exclude={"number"})}, max_commit_retries=0
                ),
            )
    except (CommitFailedError, DeltaError) as error:
        raise StorageError(
            f"Another publisher committed to {table} first ({str(error).splitlines()[0]}).",
            "Its version is complete; run the command again to publish yours after it.",
        ) from error
    return next(known for known in reversed(versions(table)) if known.content_hash == version.content_hash)


def versions(table: Path) -> list[FeatureVersion]:
    """All published versions, oldest first."""
    if not DeltaTable.is_deltatable(_uri(table)):
        return []
    with clear_read_errors(table, _PUBLISH_AGAIN):
        found = [
            FeatureVersion.model_validate_json(commit[_METADATA_KEY]).model_copy(update={"number": commit["version"]})
            for commit in DeltaTable(_uri(table)).history()
            if _METADATA_KEY in commit
        ]
    return sorted(found, key=lambda version: version.number)


def bytes_of_version(table: Path, number: int) -> int:
    """Total size of a version's files, as committed."""
    return int(sum(_parts(table, number)["size_bytes"].to_pylist()))


def files_of_version(table: Path, number: int) -> list[Path]:
    """The Parquet files of a version, always in the same order."""
    return sorted(table / unquote(path) for path in _parts(table, number)["path"].to_pylist())


def columns_of_version(table: Path, number: int) -> list[str]:
    """Names of a version's columns."""
    with clear_read_errors(table, _PUBLISH_AGAIN):
        return [field.name for field in DeltaTable(_uri(table), version=number).schema().fields]


def read_part(path: Path, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """One Parquet file of computed or published features, or some of its columns.

    Raises:
        StorageError: the file is missing or damaged.
    """
    with clear_read_errors(path, _PUBLISH_AGAIN):
        return pl.read_parquet(path, columns=None if columns is None else list(columns), glob=False)


def _parts(table: Path, number: int) -> pa.Table:
    with clear_read_errors(table, _PUBLISH_AGAIN):
        return pa.table(DeltaTable(_uri(table), version=number).get_add_actions(flatten=True))


def _uri(table: Path) -> str:
    """The table's URI; in a bare path, # and % would be interpreted."""
    return table.resolve().as_uri()


def read_version(table: Path, number: int, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """All rows of one version, sorted by client: SK_ID_CURR, TARGET and the features, or some of these columns.

    Raises:
        MissingArtefactError: there is no such version.
        StorageError: one of its files is missing or damaged.
    """
    known = [version.number for version in versions(table)]
    if number not in known:
        raise MissingArtefactError(
            f"There is no feature version {number}; known versions: {known}.",
            "Choose one of them, or run `credit-scoring features build` and `features publish`.",
        )
    parts = [read_part(path, columns) for path in files_of_version(table, number)]
    return pl.concat(parts).sort(CLIENT)


def feature_matrix(frame: pl.DataFrame, names: Sequence[str]) -> np.ndarray:
    """Features of a version as model input: float32 (rows, names), NaN where missing.

    Raises:
        MissingArtefactError: the version lacks a feature, so another program version computed it.
    """
    if missing := [name for name in names if name not in frame.columns]:
        raise MissingArtefactError(
            f"The feature version lacks {len(missing)} of {len(names)} features, the first is {missing[0]}.",
            "Run `credit-scoring pipeline` with this program version, so that features and model match.",
        )
    return np.ascontiguousarray(frame.select(names).to_numpy(), dtype=np.float32)


def content_hash(buckets: list[Path]) -> tuple[str, int]:
    """Hash of all values, and the number of rows."""
    digest, rows = hashlib.sha256(), 0
    for path in buckets:
        frame = read_part(path)
        rows += frame.height
        for column in frame.iter_columns():
            digest.update(column.name.encode())
            digest.update(column.to_numpy().tobytes())
    return digest.hexdigest()[:16], rows


def _batches(buckets: list[Path], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    for path in buckets:
        yield from read_part(path).to_arrow().cast(schema).to_batches()
