"""The feature step on synthetic tables, from CSV files to a feature version."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from credit_scoring.core.errors import MissingArtefactError, ValidationFailedError
from credit_scoring.core.settings import Settings
from credit_scoring.core.settings.defaults import LogSettings
from credit_scoring.core.storage import Storage
from credit_scoring.data_ingestion import step as ingestion
from credit_scoring.data_validation import step as validation
from credit_scoring.feature_engineering import step as engineering
from credit_scoring.feature_engineering.application.training_statistics import TrainingStatistics
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.feature_engineering.compute import compute_features
from credit_scoring.feature_engineering.feature_files import STATISTICS_FILE, features_path
from credit_scoring.synthetic_data.writer import write_synthetic_tables

CLIENTS = 400
BUCKETS = 3


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A data folder whose tables have been ingested and validated."""
    folder = tmp_path_factory.mktemp("feature_step")
    write_synthetic_tables(folder / "source", CLIENTS, seed=1)
    settings = Settings(data_directory=folder / "data", bucket_count=BUCKETS, log=LogSettings(format="json"))
    ingestion.run(settings, folder / "source")
    validation.run(settings)
    return settings


def test_every_application_gets_its_features_once(settings: Settings) -> None:
    manifest = engineering.run(settings)
    storage = Storage.of(settings)
    folder, ingested = storage.current("features"), storage.current("ingest")
    features = pl.concat(pl.read_parquet(features_path(folder, bucket)) for bucket in range(BUCKETS))
    train = pl.read_parquet(ingested / "application_train" / "*.parquet")
    test = pl.read_parquet(ingested / "application_test" / "*.parquet")
    assert features.columns == ["SK_ID_CURR", "TARGET", *feature_names()]
    assert sorted(features["SK_ID_CURR"]) == sorted([*train["SK_ID_CURR"], *test["SK_ID_CURR"]])
    known = features.drop_nulls("TARGET").select("SK_ID_CURR", "TARGET")
    assert known.sort("SK_ID_CURR").equals(train.select(known.columns).sort("SK_ID_CURR"))
    assert manifest.measures["clients"] == CLIENTS
    assert manifest.source == "synthetic"


def test_the_catalogue_says_that_its_clients_are_synthetic(settings: Settings) -> None:
    engineering.run(settings)
    page = (Storage.of(settings).current("features") / "feature_catalogue.html").read_text()
    assert f"measured on {CLIENTS} applications" in page
    assert "Synthetic data" in page


def test_the_documentation_of_a_version_is_a_table_too(settings: Settings) -> None:
    engineering.run(settings)
    folder = Storage.of(settings).current("features")
    table = pl.read_csv(folder / "feature_catalogue.csv", infer_schema_length=None)
    assert table["name"].to_list() == list(feature_names())
    documented = {"description", "type", "stored_type", "unit", "range", "missing_share", "median", "disclosed"}
    assert documented <= set(table.columns)
    assert not any(table[name].is_null().any() for name in documented - {"median"})
    assert table["data"].unique().to_list() == ["synthetic"]
    share = table.row(by_predicate=pl.col("name") == "bureau_share_active", named=True)
    features = pl.concat(pl.read_parquet(features_path(folder, bucket)) for bucket in range(BUCKETS))
    assert (share["type"], share["stored_type"], share["range"]) == ("share", "float32", "0 to 1")
    assert share["missing_share"] == pytest.approx(features["bureau_share_active"].null_count() / CLIENTS)
    assert share["median"] == pytest.approx(features["bureau_share_active"].median())
    low, high = (features["bureau_share_active"].quantile(rank, "linear") for rank in (0.01, 0.99))
    assert (share["histogram_from"], share["histogram_to"]) == (pytest.approx(low), pytest.approx(high))
    assert sum(map(float, share["histogram_shares"].split())) == pytest.approx(1, abs=0.01)


def test_training_statistics_come_from_training_applications_of_all_buckets(settings: Settings) -> None:
    engineering.run(settings)
    storage = Storage.of(settings)
    train = pl.read_parquet(storage.current("ingest") / "application_train" / "*.parquet")
    stored = (storage.current("features") / STATISTICS_FILE).read_bytes()
    assert TrainingStatistics.model_validate_json(stored).external_scores.medians[1] == train["EXT_SOURCE_2"].median()


def test_features_of_unchanged_tables_are_not_computed_again(settings: Settings) -> None:
    engineering.run(settings)
    assert engineering.run(settings).reused
    assert not engineering.run(settings, force=True).reused


def test_a_value_that_breaks_its_declaration_stops_the_step_and_leaves_the_last_version(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = engineering.run(settings)

    def compute_wrongly(*arguments: Any) -> pl.DataFrame:
        return compute_features(*arguments).with_columns(pl.lit(-1, pl.Float32).alias("bureau_share_active"))

    monkeypatch.setattr(engineering, "compute_features", compute_wrongly)
    with pytest.raises(
        ValidationFailedError, match=r"bureau_share_active is -1 for client \d+, but its range is 0 to 1"
    ):
        engineering.run(settings, force=True)
    assert Storage.of(settings).current_version("features")[0].fingerprint == good.fingerprint


def test_without_tables_the_error_names_the_command_to_run(tmp_path: Path) -> None:
    with pytest.raises(MissingArtefactError, match="credit-scoring"):
        engineering.run(Settings(data_directory=tmp_path, log=LogSettings(format="json")))
