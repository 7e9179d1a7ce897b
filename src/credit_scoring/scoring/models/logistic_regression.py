"""Logistic regression with strong L2 on standardised numbers, indicators of gaps and one-hot categories."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from credit_scoring.scoring.design_matrix import Preparation, by_rows, fit_preparation, sum_by_source
from credit_scoring.scoring.model_family import Budget, Fit, ModelFamily, Parameters, TrainingRows, Trial, shares

_QUICK: Parameters = {"C": 0.0005, "max_iter": 200}
_FULL: Parameters = {"C": 0.003, "max_iter": 200}


@dataclass(frozen=True)
class LogisticRegressionModel:
    """Weights on a design matrix, saved as plain arrays.

    Attributes:
        weights: (columns,) float64, log-odds per unit of the design.
        averages: (columns,) means of the design over the training rows, from which contributions are counted.
    """

    preparation: Preparation
    weights: np.ndarray
    intercept: float
    averages: np.ndarray
    feature_count: int
    family = "logistic_regression"

    def margin(self, features: np.ndarray) -> np.ndarray:
        """Weighted sum of the design and the intercept."""
        # Summed row by row: a matrix product may round a row differently alone and among others.
        return by_rows(features, lambda rows: self._terms(rows).sum(axis=1) + self.intercept)

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """What each feature adds compared with the average training row; exact, because the model is a sum."""
        base = self.intercept + float(self.averages @ self.weights)

        def of_rows(rows: np.ndarray) -> np.ndarray:
            terms = self._terms(rows) - self.averages * self.weights
            summed = sum_by_source(terms, self.preparation.sources, self.feature_count)
            return np.column_stack([summed, np.full(len(rows), base)])

        return by_rows(features, of_rows)

    def importance(self) -> np.ndarray:
        """Share of the absolute weights on standardised numbers, and of those on indicators by how often they vary."""
        variation = np.sqrt(np.clip(self.averages * (1 - self.averages), 0.0, None))
        variation[: len(self.preparation.numbers)] = 1.0
        amounts = (np.abs(self.weights) * variation)[np.newaxis]
        return shares(sum_by_source(amounts, self.preparation.sources, self.feature_count)[0])

    def save(self, folder: Path) -> None:
        """Write model.npz."""
        self.preparation.save(
            folder,
            weights=self.weights,
            intercept=self.intercept,
            averages=self.averages,
            feature_count=self.feature_count,
        )

    def _terms(self, rows: np.ndarray) -> np.ndarray:
        return np.asarray(self.preparation.design(rows) * self.weights)


def load(folder: Path) -> LogisticRegressionModel:
    """Read model.npz."""
    preparation, arrays = Preparation.load(folder)
    return LogisticRegressionModel(
        preparation,
        weights=arrays["weights"],
        intercept=float(arrays["intercept"]),
        averages=arrays["averages"],
        feature_count=int(arrays["feature_count"]),
    )


def fit(rows: TrainingRows, parameters: Parameters) -> LogisticRegressionModel:
    """Weights fitted on rows."""
    return _prepared(rows)(parameters)


def prepare(rows: TrainingRows) -> Callable[[np.ndarray], Fit]:
    """The design of a fold's training rows is made once and used in every trial."""
    return lambda subset: _prepared(rows.take(subset))


def suggest(trial: Trial) -> Parameters:
    """Penalty, number of columns, and what the preparation makes of gaps and categories."""
    return {
        "C": trial.suggest_float("C", 1e-5, 1.0, log=True),
        "columns": trial.suggest_int("columns", 50, 1500, log=True),
        "indicator_scale": trial.suggest_float("indicator_scale", 0.3, 3.0, log=True),
        "smallest_gap_share": trial.suggest_float("smallest_gap_share", 0.02, 0.3, log=True),
        "max_iter": 200,
    }


def _prepared(rows: TrainingRows) -> Callable[[Parameters], LogisticRegressionModel]:
    preparation = fit_preparation(rows)
    whole, default, weight, feature_count = (
        preparation.design(rows.features),
        rows.default,
        rows.weight,
        len(rows.names),
    )
    averages = whole.mean(axis=0, dtype=np.float64)
    is_number = np.arange(len(averages)) < len(preparation.numbers)
    is_gap = ~is_number & (np.arange(len(averages)) < len(preparation.numbers) + len(preparation.indicated))

    def fit_design(parameters: Parameters) -> LogisticRegressionModel:
        from sklearn.linear_model import LogisticRegression  # the service has no scikit-learn

        chosen = dict(parameters)
        # Indicators that are scaled up are penalised less than numbers.
        scale = np.where(is_number, 1.0, float(chosen.pop("indicator_scale", 1.0))).astype(np.float32)
        smallest_share, columns = float(chosen.pop("smallest_gap_share", 0.0)), int(chosen.pop("columns", len(scale)))
        kept = ~is_gap | (np.minimum(averages, 1 - averages) >= smallest_share)
        if columns < kept.sum():
            strength = np.where(kept, _correlations(whole, default), -1.0)
            kept = np.argsort(np.argsort(-strength, kind="stable")) < columns
        scale, design = scale[kept], whole
        if not kept.all() or (scale != 1).any():
            design = whole[:, kept] * scale
        # L-BFGS on float32.
        fitted = LogisticRegression(**chosen, tol=1e-3).fit(design, default, sample_weight=weight)
        return LogisticRegressionModel(
            preparation.keeping(kept),
            weights=fitted.coef_[0].astype(np.float64) * scale,
            intercept=float(fitted.intercept_[0]),
            averages=averages[kept],
            feature_count=feature_count,
        )

    return fit_design


def _correlations(design: np.ndarray, default: np.ndarray) -> np.ndarray:
    """Absolute correlation of each column with the default, (columns,); 0 for a constant column."""
    spread = design.std(axis=0)
    covariance = np.abs((default - default.mean()).astype(np.float32) @ design)
    return np.asarray(np.divide(covariance, spread, out=np.zeros_like(spread), where=spread > 0))


FAMILY = ModelFamily(
    name="logistic_regression",
    fit=fit,
    load=load,
    parameters={Budget.QUICK: _QUICK, Budget.FULL: _FULL},
    maximum_rows={Budget.QUICK: 40_000, Budget.FULL: 120_000},
    suggest=suggest,
    prepare=prepare,
)
