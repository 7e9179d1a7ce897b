"""Distance of predicted probabilities from observed rates."""

import numpy as np

_GROUPS = 10


def calibration_error(probability: np.ndarray, default: np.ndarray) -> float:
    """Expected calibration error: mean distance of predicted and observed default rate over tenths of the clients.

    Source: Naeini, Cooper and Hauskrecht (2015), with groups of equal size because most probabilities are small.
    """
    distances = [abs(float(np.sum(probability[group] - default[group]))) for group in _groups(probability)]
    return float(np.sum(distances)) / len(default)


def calibration_error_by_chance(probability: np.ndarray) -> float:
    """The calibration error to expect when every probability is exactly right, because clients are few.

    A group's number of defaults is close to normal, and the mean of |x| of a normal x is sqrt(2 / pi) deviations.
    """
    deviations = [np.sqrt(np.sum(probability[group] * (1.0 - probability[group]))) for group in _groups(probability)]
    return float(np.sqrt(2.0 / np.pi) * np.sum(deviations)) / len(probability)


def _groups(probability: np.ndarray) -> list[np.ndarray]:
    order = np.argsort(probability, kind="stable")
    return [group for group in np.array_split(order, _GROUPS) if len(group)]
