"""The drift step compares new applications with those of training."""

import json

import polars as pl
import pytest

from credit_scoring.core.errors import MissingArtefactError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.drift_detection import step
from credit_scoring.evaluation.population_stability import population_stability_index
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.feature_store import step as feature_store
from tests.support.feature_versions import compute_made_up_features, made_up_features

MOVED, GONE, STILL = feature_names()[3], feature_names()[-1], feature_names()[0]


def publish(settings: Settings, features: pl.DataFrame) -> None:
    compute_made_up_features(settings, features)
    feature_store.run(settings)


def report(settings: Settings) -> str:
    return (Storage.of(settings).current(step.DRIFT_STEP) / step.REPORT_FILE).read_text()


def test_a_feature_that_moved_comes_first(settings: Settings) -> None:
    is_new = pl.col("TARGET").is_null()
    features = made_up_features(1_000, new_clients=500).with_columns(
        pl.when(is_new).then(pl.col(MOVED) + 3).otherwise(pl.col(MOVED)).alias(MOVED),
        pl.when(is_new).then(None).otherwise(pl.col(GONE)).alias(GONE),
    )
    publish(settings, features)
    manifest = step.run(settings)
    moved = json.loads((Storage.of(settings).current(step.DRIFT_STEP) / "drift.json").read_text())
    assert list(moved)[:2] == [GONE, MOVED]
    assert set(moved) == set(feature_names())
    known, new = features.filter(~is_new), features.filter(is_new)
    assert moved[STILL] == pytest.approx(population_stability_index(known[STILL].to_numpy(), new[STILL].to_numpy()))
    assert moved[STILL] < 0.1
    assert manifest.measures["largest_drift"] == GONE
    assert manifest.measures["moved_share"] == round(2 / len(feature_names()), 4)
    assert "500 new applications against 500 of training" in report(settings)
    assert "Synthetic data." in report(settings)


@pytest.mark.parametrize("new_clients", [0, 20])
def test_a_version_with_one_kind_of_applications_has_nothing_to_compare(settings: Settings, new_clients: int) -> None:
    publish(settings, made_up_features(20, new_clients=new_clients))
    assert step.run(settings).measures["moved_share"] == 0
    assert "There is nothing to compare." in report(settings)


def test_comparing_again_computes_nothing_unless_forced(settings: Settings) -> None:
    publish(settings, made_up_features(20, new_clients=5))
    step.run(settings)
    assert step.run(settings).reused
    assert not step.run(settings, force=True).reused


def test_without_a_published_version_the_error_names_the_command_to_run(settings: Settings) -> None:
    with pytest.raises(MissingArtefactError, match="'publish'"):
        step.run(settings)
