"""XGBoost: histogram trees with the regularisation that worked for LightGBM."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xgboost as xgb

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

MODEL_FILE = "model.ubj"

_FIXED: Parameters = {"objective": "binary:logistic", "tree_method": "hist", "max_bin": 64, "seed": TRAINING_SEED}
_QUICK: Parameters = {
    "eta": 0.04,
    "rounds": 180,
    "max_depth": 4,
    "subsample": 0.8,
    "colsample_bytree": 0.2,
    "min_child_weight": 5.0,
    "alpha": 2.0,
    "lambda": 20.0,
}
_FULL: Parameters = {**_QUICK, "eta": 0.05, "rounds": 500, "max_depth": 5, "min_child_weight": 20.0, "lambda": 50.0}


@dataclass(frozen=True)
class XGBoostModel:
    """An XGBoost booster, saved in the library's binary JSON."""

    booster: xgb.Booster
    family = "xgboost"

    def margin(self, features: np.ndarray) -> np.ndarray:
        """Sum of the trees' leaf values and the base score."""
        margin = self.booster.inplace_predict(features, predict_type="margin", validate_features=False)
        return np.asarray(margin, dtype=np.float64)

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """SHAP values, exact for trees; the library computes them as float32."""
        shap = self.booster.predict(xgb.DMatrix(features), pred_contribs=True, validate_features=False)
        return np.asarray(shap, dtype=np.float64)

    def importance(self) -> np.ndarray:
        """Share of the reduction of the training loss."""
        gain = self.booster.get_score(importance_type="total_gain")
        names = self.booster.feature_names or [f"f{index}" for index in range(self.booster.num_features())]
        return shares(np.array([gain.get(name, 0.0) for name in names]))

    def save(self, folder: Path) -> None:
        """Write model.ubj."""
        self.booster.save_model(folder / MODEL_FILE)


def load(folder: Path) -> XGBoostModel:
    """Read model.ubj."""
    return XGBoostModel(xgb.Booster(model_file=folder / MODEL_FILE))


def fit(rows: TrainingRows, parameters: Parameters) -> XGBoostModel:
    """A booster fitted on rows."""
    chosen = {**_FIXED, **parameters, "nthread": rows.threads}
    rounds = int(chosen.pop("rounds"))
    if chosen.pop(MONOTONE, False):
        chosen["monotone_constraints"] = f"({','.join(map(str, rows.directions))})"
    data = xgb.QuantileDMatrix(
        rows.features,
        rows.default,
        weight=rows.weight,
        feature_names=list(rows.names),
        max_bin=int(chosen["max_bin"]),
        nthread=rows.threads or None,
    )
    booster = xgb.train(chosen, data, rounds)
    # The number of threads of the fit would be saved with the model; single rows use one thread anyway.
    booster.set_param({"nthread": 0})
    return XGBoostModel(booster)


def suggest(trial: Trial) -> Parameters:
    """Shallow trees, few features per tree, strong regularisation; the rate determines the rounds."""
    rate = trial.suggest_float("eta", 0.03, 0.1, log=True)
    return {
        "eta": rate,
        "rounds": round(trial.suggest_float("rate_times_rounds", 4.0, 20.0, log=True) / rate),
        "max_depth": trial.suggest_int("max_depth", 3, 7),
        "subsample": trial.suggest_float("subsample", 0.5, 1.0),
        "colsample_bytree": trial.suggest_float("colsample_bytree", 0.05, 0.5, log=True),
        "min_child_weight": trial.suggest_float("min_child_weight", 1.0, 50.0, log=True),
        "alpha": trial.suggest_float("alpha", 0.01, 10.0, log=True),
        "lambda": trial.suggest_float("lambda", 1.0, 100.0, log=True),
    }


FAMILY = ModelFamily(
    name="xgboost",
    fit=fit,
    load=load,
    parameters={Budget.QUICK: _QUICK, Budget.FULL: _FULL},
    maximum_rows={Budget.QUICK: 40_000, Budget.FULL: 80_000},
    suggest=suggest,
    libraries=("xgboost",),
    is_constrainable=True,
    has_scale_pos_weight=True,
    has_class_weight=False,
)
