"""Metrics of out-of-fold probabilities: ranking, calibration, and the decisions they lead to."""

import numpy as np
from sklearn import metrics as sklearn_metrics

from credit_scoring.evaluation.business_cost import Threshold, client_costs, nested_cost_per_client
from credit_scoring.evaluation.confidence_intervals import auc_interval, mean_interval

FURTHER_METRICS = (
    *("nested_cost_per_client", "cost_at_theoretical_threshold", "average_precision", "log_loss", "brier_score"),
    *("accuracy", "precision", "recall", "f1", "acceptance_rate", "return_on_investment"),
)
"""Columns of the table "Further metrics" in the training report; the files of a training contain every metric."""
_GROUPS = 10
"""Tenths of the clients, between which predicted and observed rates are compared."""


def measure(
    probability: np.ndarray, default: np.ndarray, threshold: Threshold, missed_default_cost: float, folds: np.ndarray
) -> dict[str, float]:
    """Metrics of one model on out-of-fold rows, most important first.

    Args:
        probability: (n,) calibrated probabilities of default.
        default: (n,) 1 for a default, 0 otherwise.
        folds: (n,) fold of each client; the nested cost is that of thresholds from the other folds.
    """
    refused = probability >= threshold.value
    auc = auc_interval(probability, default)
    cost = mean_interval(client_costs(refused, default, missed_default_cost))
    true_negatives, false_positives, false_negatives, true_positives = sklearn_metrics.confusion_matrix(
        default, refused, labels=[0, 1]
    ).ravel()
    return {
        "auc": auc.value,
        "cost_per_client": threshold.cost_per_client,
        "threshold": threshold.value,
        "acceptance_rate": threshold.acceptance_rate,
        "auc_low": auc.low,
        "auc_high": auc.high,
        "cost_per_client_low": cost.low,
        "cost_per_client_high": cost.high,
        "nested_cost_per_client": nested_cost_per_client(probability, default, folds, missed_default_cost),
        "business_cost": threshold.cost_per_client * len(default),
        "average_precision": float(sklearn_metrics.average_precision_score(default, probability)),
        "log_loss": float(sklearn_metrics.log_loss(default, probability)),
        "brier_score": float(sklearn_metrics.brier_score_loss(default, probability)),
        "calibration_error": calibration_error(probability, default),
        "accuracy": float(sklearn_metrics.accuracy_score(default, refused)),
        "precision": float(sklearn_metrics.precision_score(default, refused, zero_division=0)),
        "recall": float(sklearn_metrics.recall_score(default, refused, zero_division=0)),
        "f1": float(sklearn_metrics.f1_score(default, refused, zero_division=0)),
        "accepted_good_clients": float(true_negatives),
        "refused_good_clients": float(false_positives),
        "accepted_defaults": float(false_negatives),
        "refused_defaults": float(true_positives),
        "clients": float(len(default)),
        "default_rate": float(np.mean(default)),
    }


def return_on_investment(
    refused: np.ndarray, default: np.ndarray, interest_margin: float, loss_given_default: float
) -> float:
    """Profit per unit of money lent, if every accepted client borrows the same amount; 0 if no client is accepted.

    Args:
        interest_margin: earned on a loan that is repaid, as a share of it.
        loss_given_default: lost on a loan that is not, as a share of it.
    """
    good = int(np.count_nonzero(~refused & (default == 0)))
    bad = int(np.count_nonzero(~refused & (default == 1)))
    return (interest_margin * good - loss_given_default * bad) / max(good + bad, 1)


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
