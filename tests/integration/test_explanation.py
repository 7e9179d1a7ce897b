"""The explanation step: what drives the registered Scorer."""

import polars as pl
import pytest

from credit_scoring.core.errors import ModelNotFoundError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.explain import step
from credit_scoring.explain.contributions import contributions
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.feature_store import step as feature_store
from credit_scoring.feature_store.offline import feature_matrix
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.train import step as train
from tests.feature_versions import compute_made_up_features, made_up_features


def test_importances_come_from_applications_the_model_never_saw(trained: Settings) -> None:
    manifest = step.run(trained)
    folder = Storage.of(trained).current(step.EXPLAIN_STEP)
    importance = pl.read_csv(folder / step.IMPORTANCE_FILE)
    assert importance.height == len(feature_names())
    # The made-up risk depends on the first feature alone.
    assert importance["feature"][0] == manifest.measures["strongest_feature"] == feature_names()[0]
    scorer = ModelRegistry(trained).load("staging").scorer
    unseen = made_up_features().filter(pl.col("TARGET").is_null())
    assert manifest.measures["explained_rows"] == unseen.height
    shap_values, _ = contributions(scorer, feature_matrix(unseen, feature_names()))
    assert importance["mean_absolute_shap"][0] == pytest.approx(abs(shap_values[:, 0]).mean(), abs=1e-6)
    page = (folder / step.REPORT_FILE).read_text()
    assert "explained on 40 applications the model never saw" in page
    assert "Synthetic data." in page
    assert feature_names()[0] in page


def test_without_new_applications_those_of_training_are_explained(with_tracking: Settings) -> None:
    compute_made_up_features(with_tracking, made_up_features(40, new_clients=0))
    feature_store.run(with_tracking)
    train.run(with_tracking)
    assert step.run(with_tracking).measures["explained_rows"] == 40
    page = (Storage.of(with_tracking).current(step.EXPLAIN_STEP) / step.REPORT_FILE).read_text()
    assert "training applications, for lack of others" in page


def test_explaining_again_computes_nothing_unless_forced(trained_copy: Settings) -> None:
    step.run(trained_copy)
    assert step.run(trained_copy).reused
    assert not step.run(trained_copy, force=True).reused


def test_without_a_model_the_error_says_what_to_run(with_tracking: Settings) -> None:
    compute_made_up_features(with_tracking, made_up_features(10, new_clients=0))
    feature_store.run(with_tracking)
    with pytest.raises(ModelNotFoundError, match="credit-scoring train"):
        step.run(with_tracking)
