"""The scoring step: every published application gets its probability and decision."""

import numpy as np
import polars as pl
import pytest

from credit_scoring.batch_scoring import step
from credit_scoring.core.errors import MissingArtefactError, ModelNotFoundError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.feature_store import step as feature_store
from credit_scoring.feature_store.offline import feature_matrix
from credit_scoring.model_registry.registry import ModelRegistry
from tests.support.feature_versions import compute_made_up_features, made_up_features


def scores(settings: Settings) -> pl.DataFrame:
    return pl.read_parquet(Storage.of(settings).current(step.SCORE_STEP) / step.SCORES_FILE)


def test_every_application_is_scored_as_the_scorer_scores_it_alone(trained: Settings) -> None:
    step.run(trained)
    features = made_up_features()
    scorer = ModelRegistry(trained).load("staging").scorer
    matrix = feature_matrix(features, feature_names())
    scored = scores(trained)
    assert scored["SK_ID_CURR"].to_list() == features["SK_ID_CURR"].to_list()
    for position, row in enumerate(scored.to_dicts()):
        alone = scorer.probability(matrix[position : position + 1])[0]
        assert row["probability"] == alone
        assert row["decision"] == scorer.decision_for(alone).value
        assert row["used_in_training"] == (features["TARGET"][position] is not None)


def test_the_accepted_share_is_measured(trained: Settings) -> None:
    manifest = step.run(trained)
    accepted = (scores(trained)["decision"] == "accepted").mean()
    assert manifest.measures["accepted_share"] == pytest.approx(accepted, abs=1e-4)
    assert manifest.measures["model_version"] == 1
    assert manifest.source == "synthetic"
    assert 0 < float(np.asarray(accepted)) < 1


def test_scoring_again_computes_nothing_unless_forced(trained_copy: Settings) -> None:
    step.run(trained_copy)
    assert step.run(trained_copy).reused
    assert not step.run(trained_copy, force=True).reused


def test_without_a_model_the_error_names_the_command(with_tracking: Settings) -> None:
    with pytest.raises(MissingArtefactError, match="'publish'"):
        step.run(with_tracking)
    compute_made_up_features(with_tracking, made_up_features(10, new_clients=0))
    feature_store.run(with_tracking)
    with pytest.raises(ModelNotFoundError, match="credit-scoring train"):
        step.run(with_tracking)


def test_a_model_of_other_features_is_refused(trained_copy: Settings) -> None:
    compute_made_up_features(trained_copy, made_up_features(10).drop(feature_names()[-1]), name="second")
    feature_store.run(trained_copy)
    with pytest.raises(MissingArtefactError, match=f"the first is {feature_names()[-1]}"):
        step.run(trained_copy)
