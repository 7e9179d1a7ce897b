"""Logistic regression on prepared features, as arrays and a dot product."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from credit_scoring.scoring.models.arrays import load_arrays, save_arrays
from credit_scoring.scoring.models.model import share_of_total
from credit_scoring.scoring.models.preparation import Preparation, by_rows, sum_by_source


@dataclass(frozen=True)
class LogisticRegressionModel:
    """Weights on a design matrix.

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
        # Summed row by row: a matrix product may round one row differently from the same row among others.
        return by_rows(features, lambda rows: self._terms(rows).sum(axis=1) + self.intercept)

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """What each feature adds compared with the average training row; exact, the model is a sum."""
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
        return share_of_total(sum_by_source(amounts, self.preparation.sources, self.feature_count)[0])

    def _terms(self, rows: np.ndarray) -> np.ndarray:
        terms: np.ndarray = self.preparation.design(rows) * self.weights
        return terms

    def save(self, folder: Path) -> None:
        """Write model.npz."""
        own = {
            "weights": self.weights,
            "intercept": np.float64(self.intercept),
            "averages": self.averages,
            "feature_count": np.int64(self.feature_count),
        }
        save_arrays(
            folder, self.preparation.arrays() | {name: np.asarray(value) for name, value in own.items()}
        )

    @classmethod
    def load(cls, folder: Path) -> "LogisticRegressionModel":
        """Read model.npz."""
        arrays = load_arrays(folder)
        return cls(
            preparation=Preparation.of_arrays(arrays),
            weights=arrays["weights"],
            intercept=float(arrays["intercept"]),
            averages=arrays["averages"],
            feature_count=int(arrays["feature_count"]),
        )
