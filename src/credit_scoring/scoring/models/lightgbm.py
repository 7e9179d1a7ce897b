"""LightGBM: shallow trees, few features per tree and strong regularisation on natural class weights.

Parameters follow what the best published single models on this data share (depth 4 to 6, low feature fraction,
strong L1 and L2; 17th place solution, NoxMoon/home-credit-default-risk).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import lightgbm as lgb
import numpy as np

from credit_scoring.scoring.model_family import (
    MONOTONE,
    MULTITHREADED_ROWS,
    TRAINING_SEED,
    Budget,
    ModelFamily,
    Parameters,
    TrainingRows,
    Trial,
    shares,
)

MODEL_FILE = "model.txt"

_FIXED: Parameters = {
    "objective": "binary",
    # A quarter of the default: as good on this data, and a third faster.
    "max_bin": 63,
    "bagging_freq": 1,
    "seed": TRAINING_SEED,
    # The same trees on every run; by columns because few features take part in a tree.
    "deterministic": True,
    "force_col_wise": True,
    "verbosity": -1,
}
_QUICK: Parameters = {
    "learning_rate": 0.04,
    "rounds": 225,
    "num_leaves": 26,
    "max_depth": 5,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.9,
    "lambda_l1": 4.8,
    "lambda_l2": 10.0,
    "min_sum_hessian_in_leaf": 5.0,
}
_FULL: Parameters = {**_QUICK, "learning_rate": 0.04, "rounds": 700, "feature_fraction": 0.15, "lambda_l2": 40.0}
_ROWS_EXPLAINED_BY_ONE_THREAD = 32


@dataclass(frozen=True)
class LightGBMModel:
    """A LightGBM booster, saved in the library's text format."""

    booster: lgb.Booster
    family = "lightgbm"

    def margin(self, features: np.ndarray) -> np.ndarray:
        """Sum of the trees' leaf values."""
        # The library has one number of threads: raised while another thread fits, it ends the process.
        threads = 1 if len(features) < MULTITHREADED_ROWS else 0
        return np.asarray(self.booster.predict(features, raw_score=True, num_threads=threads))

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """SHAP values, exact for trees (Lundberg et al., "Consistent individualized feature attribution", 2018)."""
        # On a few rows, threads cost milliseconds of waiting for each other; 0 uses all cores.
        threads = 1 if len(features) <= _ROWS_EXPLAINED_BY_ONE_THREAD else 0
        return np.asarray(self.booster.predict(features, pred_contrib=True, num_threads=threads))

    def importance(self) -> np.ndarray:
        """Share of the reduction of the training loss."""
        return shares(self.booster.feature_importance("gain"))

    def save(self, folder: Path) -> None:
        """Write model.txt."""
        self.booster.save_model(folder / MODEL_FILE)


def load(folder: Path) -> LightGBMModel:
    """Read model.txt."""
    text = (folder / MODEL_FILE).read_text()
    # The library ends the whole process on a truncated text.
    if "end of trees" not in text:
        raise ValueError("the text has no line 'end of trees'")
    return LightGBMModel(lgb.Booster(model_str=text))


def fit(rows: TrainingRows, parameters: Parameters) -> LightGBMModel:
    """A booster fitted on rows."""
    return _fit(_binned(rows), rows, parameters)


def prepare(rows: TrainingRows) -> Callable[[np.ndarray], Callable[[Parameters], LightGBMModel]]:
    """Bin all rows once; the training rows of a fold are a subset of the bins.

    Bins are quantiles of features. They see no target, so held-out rows may take part in them.
    """
    whole = _binned(rows)
    return lambda subset: partial(_fit, whole.subset(subset.tolist()).construct(), rows)


def suggest(trial: Trial) -> Parameters:
    """Shallow trees, very few features per tree, strong regularisation; the rate determines the rounds."""
    rate = trial.suggest_float("learning_rate", 0.03, 0.1, log=True)
    return {
        "learning_rate": rate,
        # Small steps need more of them; the product is what fits.
        "rounds": round(trial.suggest_float("rate_times_rounds", 4.0, 30.0, log=True) / rate),
        "num_leaves": trial.suggest_int("num_leaves", 8, 64, log=True),
        "max_depth": trial.suggest_int("max_depth", 3, 8),
        "feature_fraction": trial.suggest_float("feature_fraction", 0.03, 0.5, log=True),
        "bagging_fraction": trial.suggest_float("bagging_fraction", 0.5, 1.0),
        "lambda_l1": trial.suggest_float("lambda_l1", 0.01, 10.0, log=True),
        "lambda_l2": trial.suggest_float("lambda_l2", 0.5, 100.0, log=True),
        "min_sum_hessian_in_leaf": trial.suggest_float("min_sum_hessian_in_leaf", 0.5, 40.0, log=True),
    }


def _binned(rows: TrainingRows) -> lgb.Dataset:
    return lgb.Dataset(
        rows.features,
        rows.default,
        weight=rows.weight,
        feature_name=list(rows.names),
        params={name: _FIXED[name] for name in ("max_bin", "force_col_wise", "verbosity")}
        | {"num_threads": rows.threads},
        free_raw_data=True,
    )


def _fit(data: lgb.Dataset, rows: TrainingRows, parameters: Parameters) -> LightGBMModel:
    chosen: dict[str, object] = {**_FIXED, **parameters, "num_threads": rows.threads}
    rounds = int(str(chosen.pop("rounds")))
    if chosen.pop(MONOTONE, False):
        chosen["monotone_constraints"] = list(rows.directions)
    return LightGBMModel(lgb.train(chosen, data, rounds))


FAMILY = ModelFamily(
    name="lightgbm",
    fit=fit,
    load=load,
    parameters={Budget.QUICK: _QUICK, Budget.FULL: _FULL},
    maximum_rows={Budget.QUICK: 60_000, Budget.FULL: 10_000_000},
    suggest=suggest,
    prepare=prepare,
    libraries=("lightgbm",),
    is_constrainable=True,
    has_scale_pos_weight=True,
)
