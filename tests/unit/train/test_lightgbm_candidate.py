"""The LightGBM candidate and its out-of-fold margins."""

import numpy as np
import pytest

from credit_scoring.train.candidates import lightgbm
from credit_scoring.train.cross_validation import out_of_fold_margins
from tests.scorers import small_features

NAMES = ("age", "income", "debt")
ROWS = 300


@pytest.fixture
def features() -> np.ndarray:
    return small_features(len(NAMES), ROWS)


@pytest.fixture
def default(features: np.ndarray) -> np.ndarray:
    noise = np.random.default_rng(1).normal(size=ROWS)
    drawn: np.ndarray = np.nan_to_num(features[:, 0]) + noise > 1
    return drawn.astype(np.int8)


def test_the_same_data_gives_the_same_bytes(features: np.ndarray, default: np.ndarray) -> None:
    first, second = (lightgbm.fit(features, default, NAMES).booster.model_to_string() for _ in range(2))
    assert first == second


def test_the_booster_knows_its_features_by_name(features: np.ndarray, default: np.ndarray) -> None:
    assert tuple(lightgbm.fit(features, default, NAMES).booster.feature_name()) == NAMES


def test_margins_are_log_odds(features: np.ndarray, default: np.ndarray) -> None:
    model = lightgbm.fit(features, default, NAMES)
    margin = model.margin(features)
    assert 1 / (1 + np.exp(-margin)) == pytest.approx(model.booster.predict(features))


def test_margins_rank_the_risk(features: np.ndarray, default: np.ndarray) -> None:
    margin = out_of_fold_margins(features, default, np.arange(ROWS) % 3, NAMES)
    assert margin[default == 1].mean() > margin[default == 0].mean()


def test_a_client_is_scored_by_a_model_that_never_saw_it(features: np.ndarray, default: np.ndarray) -> None:
    folds = np.arange(ROWS) % 3
    before = out_of_fold_margins(features, default, folds, NAMES)
    turned = np.where(folds == 0, 1 - default, default)
    after = out_of_fold_margins(features, turned, folds, NAMES)
    assert after[folds == 0].tobytes() == before[folds == 0].tobytes()
    assert (after[folds != 0] != before[folds != 0]).mean() > 0.9
