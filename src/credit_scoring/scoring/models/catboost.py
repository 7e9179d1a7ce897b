"""CatBoost: symmetric trees, plain boosting (ordered boosting is several times slower and no better here)."""

from dataclasses import dataclass
from pathlib import Path

import catboost
import numpy as np

from credit_scoring.scoring.model_family import (
    MONOTONE,
    TRAINING_SEED,
    Budget,
    ModelFamily,
    Parameters,
    TrainingRows,
    Trial,
    shares,
)

MODEL_FILE = "model.cbm"

_FIXED: Parameters = {
    "loss_function": "Logloss",
    "boosting_type": "Plain",
    "bootstrap_type": "Bernoulli",
    "border_count": 64,
    "random_seed": TRAINING_SEED,
    "verbose": False,
    # Otherwise a folder catboost_info appears in the working directory.
    "allow_writing_files": False,
}
_QUICK: Parameters = {
    "learning_rate": 0.06,
    "iterations": 200,
    "depth": 4,
    "l2_leaf_reg": 20.0,
    "subsample": 0.8,
    "rsm": 0.2,
}
_FULL: Parameters = {**_QUICK, "learning_rate": 0.08, "iterations": 400, "depth": 5}


@dataclass(frozen=True)
class CatBoostModel:
    """A CatBoost model on numeric features, saved in the library's binary format."""

    booster: catboost.CatBoost
    family = "catboost"

    def margin(self, features: np.ndarray) -> np.ndarray:
        """Sum of the trees' leaf values and the bias."""
        threads = 1 if len(features) == 1 else -1
        margin = self.booster.predict(features, prediction_type="RawFormulaVal", thread_count=threads)
        return np.asarray(margin, dtype=np.float64)

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """SHAP values, exact for trees."""
        shap = self.booster.get_feature_importance(catboost.Pool(features), type="ShapValues")
        return np.asarray(shap, dtype=np.float64)

    def importance(self) -> np.ndarray:
        """Share of the change of predictions (CatBoost keeps no gain)."""
        changes = self.booster.get_feature_importance(type="PredictionValuesChange")
        return shares(np.asarray(changes, dtype=np.float64))

    def save(self, folder: Path) -> None:
        """Write model.cbm."""
        self.booster.save_model(str(folder / MODEL_FILE))


def load(folder: Path) -> CatBoostModel:
    """Read model.cbm."""
    return CatBoostModel(catboost.CatBoost().load_model(str(folder / MODEL_FILE)))


def fit(rows: TrainingRows, parameters: Parameters) -> CatBoostModel:
    """A model fitted on rows."""
    pool = catboost.Pool(rows.features, rows.default, weight=rows.weight, feature_names=list(rows.names))
    chosen: dict[str, object] = {**_FIXED, **parameters, "thread_count": rows.threads or -1}
    if chosen.pop(MONOTONE, False):
        chosen["monotone_constraints"] = list(rows.directions)
    booster = catboost.CatBoost(chosen)
    booster.fit(pool)
    # A random number and the time of day: without them the same rows give the same file.
    for name in ("model_guid", "train_finish_time"):
        booster.get_metadata()[name] = ""
    return CatBoostModel(booster)


def suggest(trial: Trial) -> Parameters:
    """Shallow trees, few features per split, strong regularisation; the rate determines the iterations."""
    rate = trial.suggest_float("learning_rate", 0.04, 0.12, log=True)
    return {
        "learning_rate": rate,
        "iterations": round(trial.suggest_float("rate_times_iterations", 4.0, 15.0, log=True) / rate),
        "depth": trial.suggest_int("depth", 3, 7),
        "l2_leaf_reg": trial.suggest_float("l2_leaf_reg", 1.0, 100.0, log=True),
        "subsample": trial.suggest_float("subsample", 0.5, 1.0),
        "rsm": trial.suggest_float("rsm", 0.05, 0.5, log=True),
    }


FAMILY = ModelFamily(
    name="catboost",
    fit=fit,
    load=load,
    parameters={Budget.QUICK: _QUICK, Budget.FULL: _FULL},
    maximum_rows={Budget.QUICK: 40_000, Budget.FULL: 120_000},
    suggest=suggest,
    libraries=("catboost",),
    is_served=False,
    is_constrainable=True,
    has_scale_pos_weight=True,
)
