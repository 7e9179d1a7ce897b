"""From a model's margin (log-odds) to a probability that means what it says."""

import numpy as np
from pydantic import BaseModel, ConfigDict


class LogisticCalibration(BaseModel):
    """Platt's calibration: probability = 1 / (1 + exp(-(slope * margin + intercept))).

    Monotone, so it changes no ranking. Source: J. Platt, "Probabilistic Outputs for Support Vector Machines" (1999).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    slope: float = 1.0
    intercept: float = 0.0

    def probability(self, margin: np.ndarray) -> np.ndarray:
        """Probabilities of default (n,) from margins (n,); float64."""
        calibrated: np.ndarray = 1.0 / (1.0 + np.exp(-(self.slope * margin + self.intercept)))
        return calibrated


def fit_logistic_calibration(
    margin: np.ndarray, default: np.ndarray, iterations: int = 50
) -> LogisticCalibration:
    """Maximum likelihood by Newton's method; two parameters, so it cannot overfit out-of-fold margins.

    Args:
        margin: out-of-fold log-odds (n,).
        default: 1 for a default, 0 otherwise (n,).
    """
    design = np.column_stack([margin, np.ones_like(margin)])
    parameters = np.array([1.0, 0.0])
    for _ in range(iterations):
        probability = 1.0 / (1.0 + np.exp(-design @ parameters))
        weight = np.maximum(probability * (1.0 - probability), 1e-12)
        step = np.linalg.solve((design.T * weight) @ design, design.T @ (default - probability))
        parameters = parameters + step
        if np.abs(step).max() < 1e-10:
            break
    return LogisticCalibration(slope=float(parameters[0]), intercept=float(parameters[1]))
