"""The explain step: what drives the registered Scorer."""

import shutil

import numpy as np
import polars as pl
import pytest

from credit_scoring.core.errors import ModelNotFoundError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.explain import step
from credit_scoring.explain.portfolio import portfolio_of, training_folder
from credit_scoring.explain.portfolio_explanation import EXPLAIN_STEP
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.feature_store import step as feature_store
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.scoring.artefact_names import OUT_OF_FOLD_FILE, PLOTS
from tests.support.feature_versions import compute_made_up_features, made_up_features


def test_importances_come_from_applications_the_model_never_saw(trained: Settings) -> None:
    manifest = step.run(trained)
    folder = Storage.of(trained).current(EXPLAIN_STEP)
    importance = pl.read_csv(folder / step.IMPORTANCE_FILE)
    assert importance.height == len(feature_names())
    # The made-up risk depends on the first feature alone.
    assert importance["feature"][0] == manifest.measures["strongest_feature"] == feature_names()[0]
    known = made_up_features().filter(pl.col("TARGET").is_not_null())
    assert manifest.measures["explained_rows"] == known.height
    assert importance["auc_loss_when_permuted"][0] > 0.05
    page = (folder / step.REPORT_FILE).read_text()
    assert f"explained on {known.height} of {known.height} training applications" in page
    assert "by a model that never saw it" in page
    assert {path.stem for path in (folder / PLOTS).iterdir()} >= {"importance", "summary", "waterfall_1"}
    assert "Synthetic data." in page
    assert feature_names()[0].replace("_", "_<wbr>") in page


def test_contributions_sum_to_the_margins_that_training_kept(trained: Settings) -> None:
    storage, scorer = Storage.of(trained), ModelRegistry(trained).load("staging").scorer
    training = training_folder(storage, scorer)
    assert training is not None
    portfolio = portfolio_of(storage, scorer, 0, training)
    kept = pl.read_parquet(training / OUT_OF_FOLD_FILE)
    np.testing.assert_array_equal(portfolio.rows.client_ids, kept["SK_ID_CURR"])
    np.testing.assert_allclose(portfolio.rows.margins, kept["margin"], atol=1e-6)
    np.testing.assert_allclose(portfolio.probability, kept["probability"], atol=1e-6)


def test_after_another_training_new_applications_are_explained_by_the_model_itself(trained_copy: Settings) -> None:
    shutil.rmtree(trained_copy.data_directory / "train")
    manifest = step.run(trained_copy)
    unseen = made_up_features().filter(pl.col("TARGET").is_null())
    assert manifest.measures["explained_rows"] == unseen.height
    folder = Storage.of(trained_copy).current(EXPLAIN_STEP)
    assert "applications the model never saw" in (folder / step.REPORT_FILE).read_text()
    losses = pl.read_csv(folder / step.IMPORTANCE_FILE)["auc_loss_when_permuted"]
    assert losses.null_count() == len(feature_names())


def test_explaining_again_computes_nothing_unless_forced(trained_copy: Settings) -> None:
    step.run(trained_copy)
    assert step.run(trained_copy).reused
    assert not step.run(trained_copy, force=True).reused


def test_without_a_model_the_error_says_what_to_run(with_tracking: Settings) -> None:
    compute_made_up_features(with_tracking, made_up_features(10, new_clients=0))
    feature_store.run(with_tracking)
    with pytest.raises(ModelNotFoundError, match="credit-scoring train"):
        step.run(with_tracking)
