"""From a model's margin (log-odds) to a calibrated probability, and the fit on out-of-fold margins."""

import numpy as np
from pydantic import BaseModel


class LogisticCalibration(BaseModel, frozen=True, extra="forbid"):
    """Platt's calibration: probability = 1 / (1 + exp(-(slope * margin + intercept))).

    Monotone, so it changes no ranking. Source: J. Platt, "Probabilistic Outputs for Support Vector Machines" (1999).
    """

    slope: float = 1.0
    intercept: float = 0.0

    def probability(self, margin: np.ndarray) -> np.ndarray:
        """Probabilities of default (n,) from margins (n,); float64."""
        return np.asarray(1.0 / (1.0 + np.exp(-(self.slope * margin + self.intercept))))


def fit_logistic_calibration(margin: np.ndarray, default: np.ndarray, iterations: int = 100) -> LogisticCalibration:
    """Fit to out-of-fold log-odds (n,) and outcomes (n,), 1 for a default, by maximum likelihood with a slope >= 0.

    Two parameters cannot overfit out-of-fold margins. As in Platt's paper the targets are slightly inside 0 and 1, so
    that the optimum is finite even for margins that separate the classes. Margins that rank worse than chance carry no
    information: every client gets the default rate.
    """
    defaults = np.count_nonzero(default == 1)
    target = np.where(default == 1, (defaults + 1) / (defaults + 2), 1 / (len(default) - defaults + 2))
    centre, scale = float(margin.mean()), float(margin.std()) or 1.0
    design = np.column_stack([(margin - centre) / scale, np.ones(len(margin))])
    rate = float(target.mean())
    log_odds_of_rate = float(np.log(rate / (1.0 - rate)))
    parameters = np.array([0.0, log_odds_of_rate])
    for _ in range(iterations):
        probability = 1.0 / (1.0 + np.exp(-design @ parameters))
        curvature = (design.T * (probability * (1.0 - probability))) @ design
        step = np.linalg.lstsq(curvature, design.T @ (target - probability))[0]
        # Newton's step may overshoot where the likelihood is flat; the likelihood is concave, so halving it helps.
        while _loss(design, target, parameters + step) > _loss(design, target, parameters):
            step /= 2
        parameters = parameters + step
        if np.abs(step).max() < 1e-10:
            break
    if parameters[0] <= 0:
        return LogisticCalibration(slope=0.0, intercept=log_odds_of_rate)
    slope = float(parameters[0]) / scale
    return LogisticCalibration(slope=slope, intercept=float(parameters[1]) - slope * centre)


def _loss(design: np.ndarray, target: np.ndarray, parameters: np.ndarray) -> float:
    """Negative log-likelihood."""
    log_odds = design @ parameters
    return float(np.sum(np.logaddexp(0.0, log_odds) - target * log_odds))
