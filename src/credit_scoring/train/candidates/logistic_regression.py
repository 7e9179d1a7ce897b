"""Logistic regression with strong L2 on standardised numbers, indicators of gaps and one-hot categories."""

import numpy as np
import optuna
from sklearn.linear_model import LogisticRegression

from credit_scoring.scoring.models.logistic_regression import LogisticRegressionModel
from credit_scoring.train.candidates.candidate import Budget, Candidate, Parameters, TrainingRows
from credit_scoring.train.preparation import fit_preparation

_QUICK: Parameters = {"C": 0.0005, "max_iter": 200}
_FULL: Parameters = {"C": 0.003, "max_iter": 200}


def fit(rows: TrainingRows, parameters: Parameters) -> LogisticRegressionModel:
    """Weights fitted by L-BFGS on float32."""
    preparation = fit_preparation(rows.features, rows.names)
    design = preparation.design(rows.features)
    fitted = LogisticRegression(**parameters, tol=1e-3).fit(design, rows.default, sample_weight=rows.weight)
    return LogisticRegressionModel(
        preparation=preparation,
        weights=fitted.coef_[0].astype(np.float64),
        intercept=float(fitted.intercept_[0]),
        averages=design.mean(axis=0, dtype=np.float64),
        feature_count=len(rows.names),
    )


def suggest(trial: optuna.Trial) -> Parameters:
    """The strength of the penalty."""
    return {"C": trial.suggest_float("C", 1e-5, 1.0, log=True), "max_iter": 200}


CANDIDATE = Candidate(
    family="logistic_regression",
    fit=fit,
    parameters={Budget.QUICK: _QUICK, Budget.FULL: _FULL},
    most_rows={Budget.QUICK: 40_000, Budget.FULL: 120_000},
    suggest=suggest,
)
