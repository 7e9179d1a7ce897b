"""The publishing step: one offline version and its online rows, once."""

import numpy as np
import polars as pl
import pytest

from credit_scoring.core.errors import MissingArtefactError, StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.feature_engineering.catalogue import FEATURES, feature_names
from credit_scoring.feature_engineering.history import HISTORY_FEATURES
from credit_scoring.feature_store import step
from credit_scoring.feature_store.offline import feature_matrix, read_version, versions
from credit_scoring.feature_store.online import OnlineStore
from tests.feature_versions import compute_made_up_features, made_up_features, population_of_nobody

HISTORY_NAMES = [feature.name for feature in HISTORY_FEATURES]


def online_store(settings: Settings) -> OnlineStore:
    return OnlineStore(Storage.of(settings).database_url("", "online_store"))


@pytest.fixture
def features() -> pl.DataFrame:
    return made_up_features(60, new_clients=10)


def test_offline_and_online_hold_what_was_computed(settings: Settings, features: pl.DataFrame) -> None:
    computed = compute_made_up_features(settings, features)
    manifest = step.run(settings)
    version = step.published_version(settings)
    assert (version.number, version.rows, version.features) == (0, 60, len(FEATURES))
    assert (version.fingerprint, version.source) == (computed.fingerprint, "synthetic")
    assert version.population == population_of_nobody().model_dump_json()
    assert manifest.measures["version"] == 0
    assert manifest.measures["online_rows"] == 60
    offline = read_version(Storage.of(settings).offline_features(), 0)
    assert offline.equals(features, null_equal=True)
    store = online_store(settings)
    assert store.current().number == 0
    assert list(store.current().history_features) == HISTORY_NAMES
    for client, row in zip(features["SK_ID_CURR"], feature_matrix(features, HISTORY_NAMES), strict=True):
        fingerprint, served = store.read(client)
        assert fingerprint == computed.fingerprint
        assert served is not None
        # Bit for bit, also the bits of what is missing.
        assert served.tobytes() == row.tobytes()
    store.close()


def test_publishing_twice_publishes_once(settings: Settings, features: pl.DataFrame) -> None:
    compute_made_up_features(settings, features)
    first = step.run(settings)
    assert not first.reused
    assert step.run(settings).reused
    forced = step.run(settings, force=True)
    assert not forced.reused
    assert forced.measures == first.measures
    assert len(versions(Storage.of(settings).offline_features())) == 1


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


def test_a_run_that_stopped_between_offline_and_online_is_continued(
    settings: Settings, features: pl.DataFrame
) -> None:
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


def test_without_computed_features_the_error_says_what_to_run(settings: Settings) -> None:
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
