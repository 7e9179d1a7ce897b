"""From a model's margin (log-odds) to a calibrated probability."""

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
