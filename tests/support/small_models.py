"""One small fitted model of every family, on the three features of `tests.support.scorers`."""

from functools import cache

import catboost
import lightgbm as lgb
import numpy as np
import xgboost as xgb
from sklearn.ensemble import RandomForestClassifier

from credit_scoring.scoring.models.blend import BlendModel
from credit_scoring.scoring.models.catboost import CatBoostModel
from credit_scoring.scoring.models.lightgbm import LightGBMModel
from credit_scoring.scoring.models.logistic_regression import LogisticRegressionModel
from credit_scoring.scoring.models.model import Model
from credit_scoring.scoring.models.multilayer_perceptron import MultilayerPerceptronModel
from credit_scoring.scoring.models.preparation import Preparation
from credit_scoring.scoring.models.random_forest import RandomForestModel
from credit_scoring.scoring.models.scorecard import Characteristic, ScorecardModel
from credit_scoring.scoring.models.xgboost import XGBoostModel
from tests.support.scorers import small_features

FEATURE_COUNT = 3
FEATURES = small_features(FEATURE_COUNT)
# The last feature is a category: codes 0 to 3, sometimes missing.
FEATURES[:, 2] = np.floor(np.abs(FEATURES[:, 2]) * 2).clip(0, 3)
DEFAULT = (np.nan_to_num(FEATURES[:, 0] - 0.5 * FEATURES[:, 1]) > 0.8).astype(np.int8)


def small_preparation() -> Preparation:
    """Two numbers, one of them with an indicator of its absence, and a category of three codes."""
    return Preparation(
        numbers=np.array([0, 1]),
        centre=np.array([0.1, -0.2], dtype=np.float32),
        scale=np.array([1.0, 2.0], dtype=np.float32),
        mean=np.array([0.05, 0.02], dtype=np.float32),
        spread=np.array([0.8, 0.5], dtype=np.float32),
        indicated=np.array([1]),
        categories=np.array([2, 2, 2]),
        codes=np.array([0.0, 1.0, 2.0], dtype=np.float32),
    )


def _logistic_regression() -> Model:
    return LogisticRegressionModel(
        preparation=small_preparation(),
        weights=np.array([0.9, -0.4, 0.3, 0.1, -0.2, 0.05]),
        intercept=-2.0,
        averages=np.array([0.0, 0.0, 0.1, 0.3, 0.3, 0.2]),
        feature_count=FEATURE_COUNT,
    )


def _multilayer_perceptron() -> Model:
    random = np.random.default_rng(0)

    def layer(inputs: int, units: int) -> tuple[np.ndarray, np.ndarray]:
        weights = random.normal(size=(inputs, units)).astype(np.float32)
        return weights, random.normal(size=units).astype(np.float32)

    networks = tuple((layer(6, 5), layer(5, 4), layer(4, 1)) for _ in range(2))
    return MultilayerPerceptronModel(small_preparation(), networks, FEATURE_COUNT)


def _scorecard() -> Model:
    return ScorecardModel(
        characteristics=(
            Characteristic(
                name="age",
                place=0,
                edges=(-0.5, 0.5),
                evidence=(-1.0, 0.0, 1.2, 0.3),
                weight=0.8,
                average=0.05,
            ),
            Characteristic(name="debt", place=2, edges=(), evidence=(0.02, -0.4), weight=1.1, average=-0.02),
        ),
        intercept=-2.2,
        feature_count=FEATURE_COUNT,
    )


def forest() -> RandomForestClassifier:
    """The library's own forest, from which the served one is made."""
    return RandomForestClassifier(15, max_depth=4, random_state=0, n_jobs=1).fit(FEATURES, DEFAULT)


def _random_forest() -> Model:
    return RandomForestModel.of_trees(
        [
            (tree.tree_.feature, tree.tree_.threshold, tree.tree_.children_left, tree.tree_.children_right)
            + (tree.tree_.missing_go_to_left, tree.tree_.value[:, 0, 1])
            for tree in forest().estimators_
        ],
        gain=np.full(FEATURE_COUNT, 1 / FEATURE_COUNT),
    )


def _lightgbm() -> Model:
    parameters = {"objective": "binary", "num_leaves": 4, "verbosity": -1, "num_threads": 1}
    return LightGBMModel(lgb.train(parameters, lgb.Dataset(FEATURES, DEFAULT), 10))


def _xgboost() -> Model:
    parameters = {"objective": "binary:logistic", "max_depth": 2, "nthread": 1}
    return XGBoostModel(xgb.train(parameters, xgb.DMatrix(FEATURES, DEFAULT), 10))


def _catboost() -> Model:
    parameters = {"loss_function": "Logloss", "iterations": 10, "depth": 2, "thread_count": 1}
    booster = catboost.CatBoost(parameters | {"verbose": False, "allow_writing_files": False})
    return CatBoostModel(booster.fit(catboost.Pool(FEATURES, DEFAULT)))


def _blend() -> Model:
    return BlendModel((_lightgbm(), _logistic_regression()), (0.75, 0.25))


_BUILDERS = {
    "blend": _blend,
    "catboost": _catboost,
    "lightgbm": _lightgbm,
    "logistic_regression": _logistic_regression,
    "multilayer_perceptron": _multilayer_perceptron,
    "random_forest": _random_forest,
    "scorecard": _scorecard,
    "xgboost": _xgboost,
}


@cache
def small_model(family: str) -> Model:
    """A model of the family that answers in no time."""
    return _BUILDERS[family]()
