"""The feature step on a source of CSV files written by hand."""

from pathlib import Path

import polars as pl
import pytest

from credit_scoring.core.errors import MissingArtefactError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.data_ingestion import step as ingestion
from credit_scoring.feature_engineering import step as engineering
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.feature_engineering.parquet import features_path, read_population
from credit_scoring.tables import ALL_TABLES
from credit_scoring.tables.application import APPLICATION_TRAIN
from credit_scoring.tables.contract import Column

CLIENTS = 60
BUCKETS = 3


def _value(column: Column, client: int) -> object:
    if column.name == "SK_ID_CURR":
        return client
    if column.is_category:
        return column.categories[client % len(column.categories)]
    if column.name == "TARGET":
        return client % 2
    if column.minimum is not None and column.minimum < 0:
        return int(column.minimum) + client
    return client % 2 + (1 if column.maximum is None or column.maximum > 1 else 0)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Training and test applications, and one credit with another lender for every client."""
    folder = tmp_path / "source"
    folder.mkdir()
    for table in ALL_TABLES:
        clients = range(1, CLIENTS + 1) if table.name in {"application_train", "bureau"} else range(0)
        if table.name == "application_test":
            clients = range(CLIENTS + 1, CLIENTS + 11)
        rows = {
            column.name: [
                _value(column, client) if "BUREAU" not in column.name or table.is_main else client
                for client in clients
            ]
            for column in table.columns
        }
        pl.DataFrame(rows).write_csv(folder / table.file_name)
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_directory=tmp_path / "data", bucket_count=BUCKETS, log_format="json")


def test_every_application_gets_its_features_once(settings: Settings, source: Path) -> None:
    ingestion.run(settings, source)
    manifest = engineering.run(settings)
    folder = Storage.of(settings).current("features")
    frames = [pl.read_parquet(features_path(folder, bucket)) for bucket in range(BUCKETS)]
    features = pl.concat(frames)
    assert features.columns == ["SK_ID_CURR", "TARGET", *feature_names()]
    assert sorted(features["SK_ID_CURR"].to_list()) == list(range(1, CLIENTS + 11))
    assert features["TARGET"].null_count() == 10
    assert features["bureau_count"].sum() == CLIENTS
    assert manifest.measures["clients"] == CLIENTS + 10
    assert manifest.source == "real"
    train = pl.read_csv(source / APPLICATION_TRAIN.file_name)
    assert read_population(folder).income_by_occupation.medians[-1] == train["AMT_INCOME_TOTAL"].median()


def test_features_of_an_unchanged_ingestion_are_not_computed_again(settings: Settings, source: Path) -> None:
    ingestion.run(settings, source)
    assert not engineering.run(settings).reused
    assert engineering.run(settings).reused
    assert not engineering.run(settings, force=True).reused


def test_without_ingested_tables_the_step_says_what_to_run(settings: Settings) -> None:
    with pytest.raises(MissingArtefactError, match="ingest"):
        engineering.run(settings)
