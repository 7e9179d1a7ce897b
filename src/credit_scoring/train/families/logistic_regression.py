"""Logistic regression with strong L2 on standardised numbers, indicators of gaps and one-hot categories."""

from typing import NamedTuple

import numpy as np
import optuna
from sklearn.linear_model import LogisticRegression

from credit_scoring.scoring.models.logistic_regression import LogisticRegressionModel
from credit_scoring.scoring.models.preparation import Preparation
from credit_scoring.train.families.family import Budget, Candidate, FitOn, Parameters, TrainingRows
from credit_scoring.train.preparation import fit_preparation

_QUICK: Parameters = {"C": 0.0005, "max_iter": 200}
_FULL: Parameters = {"C": 0.003, "max_iter": 200}


class Design(NamedTuple):
    """Rows as the regression reads them.

    Attributes:
        matrix: (n, columns) float32.
    """

    preparation: Preparation
    matrix: np.ndarray


def design_of(rows: TrainingRows) -> Design:
    """The design of training rows, prepared on these rows alone."""
    preparation = fit_preparation(rows.features, rows.names)
    return Design(preparation, preparation.design(rows.features))


def fit_on(design: Design, rows: TrainingRows, parameters: Parameters) -> LogisticRegressionModel:
    """Weights fitted by L-BFGS on float32, on the design of these rows."""
    fitted = LogisticRegression(**parameters, tol=1e-3).fit(
        design.matrix, rows.default, sample_weight=rows.weight
    )
    return LogisticRegressionModel(
        preparation=design.preparation,
        weights=fitted.coef_[0].astype(np.float64),
        intercept=float(fitted.intercept_[0]),
        averages=design.matrix.mean(axis=0, dtype=np.float64),
        feature_count=len(rows.names),
    )


def fit(rows: TrainingRows, parameters: Parameters) -> LogisticRegressionModel:
    """Weights fitted on rows."""
    return fit_on(design_of(rows), rows, parameters)


def prepare(rows: TrainingRows) -> FitOn:
    """The design of a fold's training rows is made once and used in every trial."""
    designs: dict[bytes, Design] = {}

    def fit_part(places: np.ndarray, parameters: Parameters) -> LogisticRegressionModel:
        part = rows._replace(features=rows.features[places], default=rows.default[places])
        key = places.tobytes()
        if key not in designs:
            designs[key] = design_of(part)
        return fit_on(designs[key], part, parameters)

    return fit_part


def suggest(trial: optuna.Trial) -> Parameters:
    """The strength of the penalty."""
    return {"C": trial.suggest_float("C", 1e-5, 1.0, log=True), "max_iter": 200}


CANDIDATE = Candidate(
    family="logistic_regression",
    fit=fit,
    parameters={Budget.QUICK: _QUICK, Budget.FULL: _FULL},
    most_rows={Budget.QUICK: 40_000, Budget.FULL: 120_000},
    suggest=suggest,
    prepare=prepare,
)
