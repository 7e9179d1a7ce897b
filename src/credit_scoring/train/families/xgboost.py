"""XGBoost: histogram trees with the regularisation that worked for LightGBM."""

import optuna
import xgboost as xgb

from credit_scoring.scoring.models.xgboost import XGBoostModel
from credit_scoring.train.families.family import MONOTONE, Budget, Candidate, Parameters, TrainingRows
from credit_scoring.train.monotone import directions

_FIXED: Parameters = {"objective": "binary:logistic", "tree_method": "hist", "max_bin": 64, "seed": 0}
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
_FULL: Parameters = {
    **_QUICK,
    "eta": 0.05,
    "rounds": 500,
    "max_depth": 5,
    "min_child_weight": 20.0,
    "lambda": 50.0,
}


def fit(rows: TrainingRows, parameters: Parameters) -> XGBoostModel:
    """A booster fitted on rows."""
    chosen = {**_FIXED, **parameters, "nthread": rows.threads}
    rounds = int(chosen.pop("rounds"))
    if chosen.pop(MONOTONE, False):
        chosen["monotone_constraints"] = f"({','.join(map(str, directions(rows.names)))})"
    data = xgb.QuantileDMatrix(
        rows.features,
        rows.default,
        weight=rows.weight,
        feature_names=list(rows.names),
        max_bin=int(chosen["max_bin"]),
        nthread=rows.threads or None,
    )
    booster = xgb.train(chosen, data, rounds)
    # What was right for the fit is not for the service: there a single row takes one thread anyway.
    booster.set_param({"nthread": 0})
    return XGBoostModel(booster)


def suggest(trial: optuna.Trial) -> Parameters:
    """Shallow trees, few features per tree, strong regularisation; the rate decides about the rounds."""
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


CANDIDATE = Candidate(
    family="xgboost",
    fit=fit,
    parameters={Budget.QUICK: _QUICK, Budget.FULL: _FULL},
    most_rows={Budget.QUICK: 40_000, Budget.FULL: 80_000},
    suggest=suggest,
)
