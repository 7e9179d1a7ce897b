"""The publishing step: one offline version and its online rows, once."""

import math
import sqlite3
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from credit_scoring.core.errors import MissingArtefactError, StorageError, ValidationFailedError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.feature_engineering.catalogue import FEATURES, feature_names
from credit_scoring.feature_engineering.history import HISTORY_FEATURES
from credit_scoring.feature_store import step
from credit_scoring.feature_store.offline import (
    FeatureVersion,
    bytes_of_version,
    feature_matrix,
    files_of_version,
    read_version,
    versions,
)
from credit_scoring.feature_store.online import OnlineStore
from credit_scoring.feature_store.versions import describe, tag_version
from tests.support.feature_versions import compute_made_up_features, empty_statistics, made_up_features

HISTORY_NAMES = [feature.name for feature in HISTORY_FEATURES]


def online_store(settings: Settings) -> OnlineStore:
    return OnlineStore(Storage.of(settings).database_url("", "online_store"))


@pytest.fixture
def features() -> pl.DataFrame:
    return made_up_features(60, new_clients=10)


def test_offline_and_online_rows_equal_the_computed_features(settings: Settings, features: pl.DataFrame) -> None:
    computed = compute_made_up_features(settings, features)
    manifest = step.run(settings)
    version = step.published_version(settings)
    assert (version.number, version.rows, version.features) == (0, 60, len(FEATURES))
    assert (version.fingerprint, version.source) == (computed.fingerprint, "synthetic")
    assert version.population == empty_statistics().model_dump_json()
    assert manifest.measures["version"] == 0
    assert manifest.measures["online_rows"] == 60
    offline = read_version(Storage.of(settings).offline_features(), 0)
    assert offline.equals(features, null_equal=True)
    store = online_store(settings)
    assert store.current().number == 0
    assert list(store.current().history_features) == HISTORY_NAMES
    for client, row in zip(features["SK_ID_CURR"], feature_matrix(features, HISTORY_NAMES), strict=True):
        fingerprint, served = store.read([client])
        assert fingerprint == f"{version.content_hash}-0"
        # Bit for bit, also the bits of what is missing.
        assert served[client].tobytes() == row.tobytes()
    store.close()


def test_the_metadata_of_a_version_name_its_content_code_and_documentation(
    settings: Settings, features: pl.DataFrame
) -> None:
    settings = settings.model_copy(update={"code_commit": "1234abcd"})
    computed = compute_made_up_features(settings, features)
    storage = Storage.of(settings)
    (storage.current("features") / "feature_catalogue.csv").write_text("documentation")
    step.run(settings)
    version = step.published_version(settings)
    tag_version(storage, version, "first")
    described = describe(storage, version)
    assert described["created_at"]
    assert described["bytes"] == bytes_of_version(storage.offline_features(), 0)
    assert (described["rows"], described["features"], described["tags"]) == (60, len(FEATURES), ["first"])
    assert (described["code_commit"], described["content_hash"]) == ("1234abcd", version.content_hash)
    assert described["source_fingerprint"] == computed.measures["ingest_fingerprint"]
    assert described["population"] == empty_statistics().model_dump(mode="json")
    (document,) = described["documents"]
    assert Path(document).read_text() == "documentation"


def test_publishing_twice_publishes_once(settings: Settings, features: pl.DataFrame) -> None:
    compute_made_up_features(settings, features)
    first = step.run(settings)
    assert not first.reused
    assert step.run(settings).reused
    forced = step.run(settings, force=True)
    assert not forced.reused
    assert forced.measures == first.measures
    assert len(versions(Storage.of(settings).offline_features())) == 1


@pytest.mark.parametrize(("value", "shown"), [(-1.0, "-1"), (None, "missing"), (math.inf, "inf")])
def test_a_value_that_breaks_its_declaration_is_not_published(
    settings: Settings, features: pl.DataFrame, value: float | None, shown: str
) -> None:
    compute_made_up_features(settings, features.with_columns(pl.lit(value, pl.Float32).alias("bureau_count")))
    with pytest.raises(ValidationFailedError, match=rf"bureau_count is {shown} for client \d+"):
        step.run(settings)
    assert versions(Storage.of(settings).offline_features()) == []


def test_a_new_version_leaves_the_old_one_readable(settings: Settings, features: pl.DataFrame) -> None:
    compute_made_up_features(settings, features)
    step.run(settings)
    table = Storage.of(settings).offline_features()
    before = feature_matrix(read_version(table, 0), feature_names())
    compute_made_up_features(settings, made_up_features(80, new_clients=10, seed=1), name="second")
    assert step.run(settings).measures["version"] == 1
    assert step.published_version(settings).number == 1
    assert feature_matrix(read_version(table, 0), feature_names()).tobytes() == before.tobytes()
    assert read_version(table, 1).height == 80


def test_a_run_that_stopped_between_offline_and_online_is_continued(settings: Settings, features: pl.DataFrame) -> None:
    compute_made_up_features(settings, features)
    damaged = Storage.of(settings).root / "databases" / "online_store.db"
    damaged.parent.mkdir(parents=True)
    damaged.write_text("no database " * 100)
    with pytest.raises(StorageError, match="online store"):
        step.run(settings)
    assert len(versions(Storage.of(settings).offline_features())) == 1
    with pytest.raises(MissingArtefactError):
        step.published_version(settings)
    damaged.unlink()
    assert step.run(settings).measures["version"] == 0
    store = online_store(settings)
    assert store.current().number == 0
    store.close()


def test_without_computed_features_the_error_names_the_command_to_run(settings: Settings) -> None:
    with pytest.raises(MissingArtefactError, match="'features'"):
        step.run(settings)
    with pytest.raises(MissingArtefactError, match="'publish'"):
        step.published_version(settings)


def test_features_become_a_matrix_with_nan_where_missing(features: pl.DataFrame) -> None:
    names = feature_names()[5:2:-1]
    matrix = feature_matrix(features, names)
    assert matrix.dtype == np.float32
    assert matrix.shape == (60, 3)
    assert matrix.flags.c_contiguous
    for column, name in enumerate(names):
        assert np.isnan(matrix[:, column]).tolist() == features[name].is_null().to_list()
        assert np.nansum(matrix[:, column], dtype=np.float64) == pytest.approx(features[name].sum(), rel=1e-5)


def test_a_feature_the_version_lacks_is_named(features: pl.DataFrame) -> None:
    with pytest.raises(MissingArtefactError, match="lacks 1 of 2 features, the first is shoe_size"):
        feature_matrix(features, [feature_names()[0], "shoe_size"])


def in_use(settings: Settings) -> tuple[int, int]:
    """Numbers of the versions that training reads and that the service reads."""
    store = online_store(settings)
    try:
        return step.published_version(settings).number, store.current().number
    finally:
        store.close()


def publish_two(settings: Settings) -> list[FeatureVersion]:
    for name, seed in (("first", 0), ("second", 1)):
        compute_made_up_features(settings, made_up_features(60, new_clients=10, seed=seed), name=name)
        step.run(settings)
    return versions(Storage.of(settings).offline_features())


def test_training_and_service_read_one_version_however_it_was_reached(settings: Settings) -> None:
    first, second = publish_two(settings)
    assert in_use(settings) == (1, 1)
    for version in (first, second, first):
        step.use_version(settings, version)
        assert in_use(settings) == (version.number, version.number)
    assert not step.run(settings).reused
    assert in_use(settings) == (1, 1)
    step.use_version(settings, first)
    assert in_use(settings) == (0, 0)


def test_a_missing_online_database_is_loaded_again(settings: Settings, features: pl.DataFrame) -> None:
    compute_made_up_features(settings, features)
    step.run(settings)
    (settings.data_directory / "databases" / "online_store.db").unlink()
    assert not step.run(settings).reused
    assert in_use(settings) == (0, 0)
    assert step.run(settings).reused


def test_rows_that_were_lost_are_written_again_on_demand(settings: Settings, features: pl.DataFrame) -> None:
    compute_made_up_features(settings, features)
    step.run(settings)
    with sqlite3.connect(settings.data_directory / "databases" / "online_store.db") as database:
        database.execute("DELETE FROM online_features WHERE client_id % 2 = 0")
    store = online_store(settings)
    assert store.read([2])[1] == {}
    step.use_version(settings, step.published_version(settings), reload=True)
    rows = dict(zip(features["SK_ID_CURR"], feature_matrix(features, HISTORY_NAMES), strict=True))
    for client, row in rows.items():
        assert store.read([client])[1][client].tobytes() == row.tobytes()
    store.close()


def test_a_version_that_this_program_cannot_serve_is_refused_before_anything_moves(
    settings: Settings, features: pl.DataFrame
) -> None:
    compute_made_up_features(settings, features.drop(HISTORY_NAMES[3]), name="older program")
    with pytest.raises(StorageError):
        step.run(settings)
    compute_made_up_features(settings, features)
    step.run(settings)
    older = versions(Storage.of(settings).offline_features())[0]
    with pytest.raises(StorageError, match=f"lacks 1 history features .* the first is {HISTORY_NAMES[3]}"):
        step.use_version(settings, older)
    assert in_use(settings) == (1, 1)


@pytest.mark.parametrize("name", ["with space", "é", "100%", "a&b=c", "(x)"])
def test_the_data_folder_may_have_a_name_with_blanks_and_signs(
    tmp_path: Path, features: pl.DataFrame, name: str
) -> None:
    settings = Settings(data_directory=tmp_path / name, bucket_count=2)
    compute_made_up_features(settings, features)
    step.run(settings)
    assert in_use(settings) == (0, 0)
    table = Storage.of(settings).offline_features()
    assert read_version(table, 0).equals(features, null_equal=True)
    assert bytes_of_version(table, 0) == sum(path.stat().st_size for path in table.glob("*.parquet"))
    assert step.run(settings).reused
    assert sorted(path.name for path in tmp_path.iterdir()) == [name]


def test_a_damaged_part_of_a_version_is_named(settings: Settings, features: pl.DataFrame) -> None:
    compute_made_up_features(settings, features)
    step.run(settings)
    table = Storage.of(settings).offline_features()
    part = files_of_version(table, 0)[0]
    part.write_bytes(part.read_bytes()[:100])
    with pytest.raises(StorageError, match=part.name):
        read_version(table, 0)
    part.unlink()
    with pytest.raises(StorageError, match=part.name):
        read_version(table, 0)
    assert bytes_of_version(table, 0) > 0
