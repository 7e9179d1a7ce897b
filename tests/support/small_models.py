"""One small fitted model of every family, on the three features of `tests.support.scorers`."""

from functools import cache

import catboost
import lightgbm as lgb
import numpy as np
import xgboost as xgb
from sklearn.ensemble import RandomForestClassifier
from sklearn.neural_network import MLPClassifier

from credit_scoring.scoring.design_matrix import Preparation
from credit_scoring.scoring.model_family import Model
from credit_scoring.scoring.models.catboost import CatBoostModel
from credit_scoring.scoring.models.lightgbm import LightGBMModel
from credit_scoring.scoring.models.logistic_regression import LogisticRegressionModel
from credit_scoring.scoring.models.multilayer_perceptron import MultilayerPerceptronModel
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
    preparation = small_preparation()
    design = preparation.design(FEATURES)
    networks = [MLPClassifier((5,), max_iter=300, random_state=seed).fit(design, DEFAULT) for seed in range(2)]
    return MultilayerPerceptronModel(preparation, networks, FEATURE_COUNT)


def _scorecard() -> Model:
    return ScorecardModel(
        characteristics=(
            Characteristic(
                name="age", index=0, edges=(-0.5, 0.5), evidence=(-1.0, 0.0, 1.2, 0.3), weight=0.8, average=0.05
            ),
            Characteristic(name="debt", index=2, edges=(), evidence=(0.02, -0.4), weight=1.1, average=-0.02),
        ),
        intercept=-2.2,
        feature_count=FEATURE_COUNT,
    )


def _random_forest() -> Model:
    forest = RandomForestClassifier(15, max_depth=4, random_state=0, n_jobs=1)
    return RandomForestModel(forest.fit(FEATURES, DEFAULT))


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


_BUILDERS = {
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
    """A fitted model of the family."""
    return _BUILDERS[family]()
