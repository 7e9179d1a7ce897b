"""Spark executors compute the same bits as this process."""

from functools import partial
from pathlib import Path

import polars as pl
import pytest

from credit_scoring.core.buckets import map_buckets
from credit_scoring.core.errors import StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.data_ingestion import step as data_ingestion
from credit_scoring.data_validation import step as data_validation
from credit_scoring.feature_engineering import step as feature_engineering
from credit_scoring.feature_engineering.feature_files import FEATURES_STEP
from credit_scoring.synthetic_data.writer import write_synthetic_tables
from tests.support.feature_versions import empty_statistics

TWO_WORKERS = "local-cluster[2,1,1024]"
"""Two executor processes of one core and 1 GiB each, as Spark's own tests use them."""


@pytest.mark.slow
def test_features_computed_on_two_spark_workers_equal_local_ones_to_the_bit(settings: Settings) -> None:
    raw = settings.data_directory.parent / "raw"
    write_synthetic_tables(raw, clients=200, seed=3)
    settings = settings.with_values(bucket_count=4)
    data_ingestion.run(settings, raw)
    data_validation.run(settings)
    feature_engineering.run(settings)
    local = _features(settings)

    on_spark = settings.with_values(engine="spark", spark={"master": TWO_WORKERS})
    manifest = feature_engineering.run(on_spark, force=True)

    assert not manifest.reused
    assert _features(on_spark).equals(local)


@pytest.mark.slow
def test_an_error_on_a_spark_worker_keeps_its_message_and_its_next_step(settings: Settings, tmp_path: Path) -> None:
    on_spark = settings.with_values(engine="spark", spark={"master": TWO_WORKERS})
    write = partial(feature_engineering.write_bucket, tmp_path, tmp_path, empty_statistics())
    with pytest.raises(StorageError, match=r"bucket=0000.parquet cannot be read") as raised:
        list(map_buckets(write, range(3), "Computing", on_spark))
    assert "credit-scoring ingest --force" in raised.value.next_step


def _features(settings: Settings) -> pl.DataFrame:
    folder = Storage.of(settings).current(FEATURES_STEP)
    return pl.concat(pl.read_parquet(path) for path in sorted(folder.glob("bucket=*.parquet")))
