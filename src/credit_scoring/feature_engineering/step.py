"""The feature step: computes the features of an ingested version, bucket by bucket."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

import polars as pl

from credit_scoring.core.buckets import map_buckets
from credit_scoring.core.errors import SourceError
from credit_scoring.core.logs import get_logger
from credit_scoring.core.manifest import Artefact, Manifest
from credit_scoring.core.settings import Settings
from credit_scoring.core.steps import StepInputs, StepResult, run_step
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts import ALL_TABLES
from credit_scoring.data_contracts.application import APPLICATION_TRAIN
from credit_scoring.data_contracts.bucket_files import read_bucket
from credit_scoring.data_contracts.validated_tables import INGEST_STEP, validated_tables
from credit_scoring.feature_engineering.application.training_statistics import (
    EXTERNAL_SCORES,
    TrainingStatistics,
    fit_statistics,
)
from credit_scoring.feature_engineering.catalogue import FEATURES, feature_names
from credit_scoring.feature_engineering.catalogue_page import render_catalogue_page
from credit_scoring.feature_engineering.catalogue_table import render_catalogue_table
from credit_scoring.feature_engineering.compute import compute_features
from credit_scoring.feature_engineering.feature_distributions import distributions_of
from credit_scoring.feature_engineering.feature_files import (
    CATALOGUE_FILES,
    FEATURES_STEP,
    STATISTICS_FILE,
    features_path,
)
from credit_scoring.feature_engineering.promises import check_promises

CATALOGUE_APPLICATIONS = 20_000
"""How many applications the feature catalogue describes."""


def run(settings: Settings, force: bool = False) -> Manifest:
    """Compute the features of every application of the ingested version that passed validation.

    Raises:
        MissingArtefactError: no ingested version has passed validation.
        SourceError: the ingested version holds no training application.
        ValidationFailedError: a feature breaks its declaration.
    """
    storage = Storage.of(settings)
    ingest, tables = validated_tables(storage)
    newest = storage.current_version(INGEST_STEP)[0].fingerprint
    if newest != ingest.fingerprint:
        get_logger(FEATURES_STEP).warning(
            "newer tables were ingested but have not passed validation; features are computed from the older ones",
            ingested=newest,
            used=ingest.fingerprint,
            next_step="credit-scoring validate",
        )
    inputs = StepInputs(
        source=ingest.source,
        depends_on=(ingest.fingerprint,),
        modules=(__name__,),
        artefacts=(Artefact(name=INGEST_STEP, path=storage.relative(tables)),),
    )
    buckets = range(int(ingest.measures["buckets"]))

    def compute(folder: Path) -> StepResult:
        statistics = fit_statistics_of(tables, buckets)
        (folder / STATISTICS_FILE).write_text(statistics.model_dump_json(indent=2))
        write = partial(write_bucket, tables, folder, statistics)
        counts = list(map_buckets(write, buckets, "Computing features", settings))
        _write_catalogue(folder, buckets, ingest)
        files = (features_path(folder, bucket).name for bucket in buckets)
        measures: dict[str, float | int | str] = {
            "buckets": len(buckets),
            "clients": sum(counts),
            "features": len(FEATURES),
            "ingest_fingerprint": ingest.fingerprint,
        }
        return StepResult(
            {STATISTICS_FILE: None, **dict(zip(files, counts, strict=True))} | dict.fromkeys(CATALOGUE_FILES), measures
        )

    return run_step(settings, FEATURES_STEP, inputs, compute, force)


def write_bucket(tables: Path, folder: Path, statistics: TrainingStatistics, bucket: int) -> int:
    """Compute and write the features of one bucket.

    Args:
        tables: folder of the ingested version.
        folder: where the features go.

    Returns:
        The number of applications.

    Raises:
        ValidationFailedError: a feature breaks its declaration.
    """
    features = compute_features({table.name: read_bucket(tables, table, bucket) for table in ALL_TABLES}, statistics)
    check_promises(features)
    features.write_parquet(features_path(folder, bucket))
    return features.height


def _write_catalogue(folder: Path, buckets: Iterable[int], ingest: Manifest) -> None:
    # Clients are assigned to buckets by a hash, so the first buckets are a random sample.
    frames: list[pl.DataFrame] = []
    for bucket in buckets:
        frames.append(pl.read_parquet(features_path(folder, bucket), glob=False))
        if sum(frame.height for frame in frames) >= CATALOGUE_APPLICATIONS:
            break
    sample = pl.concat(frames)
    distributions = distributions_of(sample, feature_names())
    page = render_catalogue_page(FEATURES, distributions, sample.height, ingest.source, ingest.fingerprint)
    table = render_catalogue_table(FEATURES, distributions, sample.height, ingest.source)
    for name, content in zip(CATALOGUE_FILES, (page, table), strict=True):
        (folder / name).write_text(content, encoding="utf-8")


def fit_statistics_of(tables: Path, buckets: Iterable[int]) -> TrainingStatistics:
    """Statistics of the training applications of these buckets of an ingested version.

    Raises:
        SourceError: there is none.
    """
    train = pl.concat(read_bucket(tables, APPLICATION_TRAIN, bucket, EXTERNAL_SCORES) for bucket in buckets)
    if train.is_empty():
        raise SourceError(
            f"{APPLICATION_TRAIN.file_name} holds no row, so no training statistics can be computed.",
            "Ingest a source with training applications.",
        )
    return fit_statistics(train)
