"""Feature versions with made-up values, computed in no time and published for real."""

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from credit_scoring.core.buckets import bucket_of
from credit_scoring.core.manifest import DataSource, Manifest
from credit_scoring.core.settings import Settings
from credit_scoring.core.steps import StepInputs, StepResult, run_step
from credit_scoring.data_contracts.application import APPLICATION_TRAIN
from credit_scoring.data_contracts.bucket_files import polars_schema
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.feature_engineering.application.training_statistics import TrainingStatistics, fit_statistics
from credit_scoring.feature_engineering.catalogue import FEATURES
from credit_scoring.feature_engineering.definition import Feature
from credit_scoring.feature_engineering.feature_files import FEATURES_STEP, STATISTICS_FILE, features_path


def made_up_features(clients: int = 200, new_clients: int = 40, seed: int = 0) -> pl.DataFrame:
    """Features of clients 1 to `clients`, in their declared ranges; the last `new_clients` have no TARGET.

    The first feature raises the risk of default; one value in ten is missing where it may be.
    """
    # A small model of these values is calibrated well enough for the gate of a promotion.
    random = np.random.default_rng(seed + 20)
    values = random.normal(size=(clients, len(FEATURES))).astype(np.float32)
    values[random.random(values.shape) < 0.1] = np.nan
    risk = 1 / (1 + np.exp(1.5 - 2 * np.nan_to_num(values[:, 0])))
    target = pl.Series("TARGET", (random.random(clients) < risk).astype(np.int8))
    known = pl.int_range(clients, eager=True) < clients - new_clients
    return pl.DataFrame(
        {
            CLIENT: pl.Series(range(1, clients + 1), dtype=pl.Int32),
            "TARGET": pl.select(pl.when(known).then(target)).to_series(),
        }
    ).hstack(pl.DataFrame([_in_range(feature, values[:, index]) for index, feature in enumerate(FEATURES)]))


def _in_range(feature: Feature, normal: NDArray[np.float32]) -> pl.Series:
    """The same order of values, in the declared range; a value in the middle where none may be missing."""
    value = (normal if feature.nullable else np.nan_to_num(normal)).astype(np.float64)
    if feature.minimum is not None and feature.maximum is not None:
        value = feature.minimum + (feature.maximum - feature.minimum) / (1 + np.exp(-value))
    elif feature.minimum is not None:
        value = feature.minimum + np.exp(value)
    elif feature.maximum is not None:
        value = feature.maximum - np.exp(-value)
    return pl.Series(feature.name, value, dtype=pl.Float32).fill_nan(None)


def empty_statistics() -> TrainingStatistics:
    """Training statistics without a single training application."""
    return fit_statistics(pl.DataFrame([], schema=polars_schema(APPLICATION_TRAIN)))


def write_buckets(features: pl.DataFrame, folder: Path, bucket_count: int) -> dict[str, int | None]:
    """Write features as the feature step would; returns the rows of each file."""
    rows: dict[str, int | None] = {}
    buckets = features[CLIENT].map_elements(lambda client: bucket_of(client, bucket_count), return_dtype=pl.Int64)
    for bucket in range(bucket_count):
        part = features.filter(buckets == bucket)
        part.write_parquet(features_path(folder, bucket))
        rows[features_path(folder, bucket).name] = part.height
    return rows


def compute_made_up_features(
    settings: Settings, features: pl.DataFrame, name: str = "first", source: DataSource = "synthetic"
) -> Manifest:
    """Stand in for the feature step: leave these features as its current result."""

    def compute(folder: Path) -> StepResult:
        (folder / STATISTICS_FILE).write_text(empty_statistics().model_dump_json())
        rows = write_buckets(features, folder, settings.bucket_count)
        return StepResult(rows, {"ingest_fingerprint": f"tables of {name}"})

    return run_step(settings, FEATURES_STEP, StepInputs(source, (name,), (), ()), compute)
