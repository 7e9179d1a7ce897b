"""CatBoost: symmetric trees, plain boosting (ordered boosting is several times slower and no better here)."""

import catboost
import optuna

from credit_scoring.scoring.models.catboost import CatBoostModel
from credit_scoring.train.families.family import MONOTONE, Budget, Candidate, Parameters, TrainingRows
from credit_scoring.train.monotone import directions

_FIXED: Parameters = {
    "loss_function": "Logloss",
    "boosting_type": "Plain",
    "bootstrap_type": "Bernoulli",
    "border_count": 64,
    "random_seed": 0,
    "verbose": False,
    # Otherwise a folder catboost_info appears wherever the program is started.
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


def fit(rows: TrainingRows, parameters: Parameters) -> CatBoostModel:
    """A model fitted on rows."""
    pool = catboost.Pool(rows.features, rows.default, weight=rows.weight, feature_names=list(rows.names))
    chosen: dict[str, object] = {**_FIXED, **parameters, "thread_count": rows.threads or -1}
    if chosen.pop(MONOTONE, False):
        chosen["monotone_constraints"] = directions(rows.names)
    booster = catboost.CatBoost(chosen)
    booster.fit(pool)
    # A number drawn for each fit and the time of day: without them the same rows give the same file.
    for name in ("model_guid", "train_finish_time"):
        booster.get_metadata()[name] = ""
    return CatBoostModel(booster)


def suggest(trial: optuna.Trial) -> Parameters:
    """Shallow trees, few features per split, strong regularisation; the rate decides about the iterations."""
    rate = trial.suggest_float("learning_rate", 0.04, 0.12, log=True)
    return {
        "learning_rate": rate,
        "iterations": round(trial.suggest_float("rate_times_iterations", 4.0, 15.0, log=True) / rate),
        "depth": trial.suggest_int("depth", 3, 7),
        "l2_leaf_reg": trial.suggest_float("l2_leaf_reg", 1.0, 100.0, log=True),
        "subsample": trial.suggest_float("subsample", 0.5, 1.0),
        "rsm": trial.suggest_float("rsm", 0.05, 0.5, log=True),
    }


CANDIDATE = Candidate(
    family="catboost",
    fit=fit,
    parameters={Budget.QUICK: _QUICK, Budget.FULL: _FULL},
    most_rows={Budget.QUICK: 40_000, Budget.FULL: 120_000},
    suggest=suggest,
)
