"""Metrics of out-of-fold probabilities: ranking, calibration, and the decisions they lead to."""

import numpy as np
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    brier_score_loss,
    confusion_matrix,
    f1_score,
    log_loss,
    precision_score,
    recall_score,
)

from credit_scoring.evaluation.business_cost import Threshold, client_costs, nested_cost_per_client
from credit_scoring.evaluation.calibration_error import calibration_error
from credit_scoring.evaluation.confidence_intervals import auc_interval, mean_interval

FURTHER_METRICS = (
    "nested_cost_per_client",
    "cost_at_theoretical_threshold",
    "average_precision",
    "log_loss",
    "brier_score",
    "accuracy",
    "precision",
    "recall",
    "f1",
    "acceptance_rate",
    "return_on_investment",
)
"""Columns of the table "Further metrics" in the training report; the files of a training contain every metric."""


def measure(
    probability: np.ndarray,
    default: np.ndarray,
    threshold: Threshold,
    missed_default_cost: float,
    folds: np.ndarray,
) -> dict[str, float]:
    """Metrics of one model on out-of-fold rows, most important first.

    Args:
        probability: (n,) calibrated probabilities of default.
        default: (n,) 1 for a default, 0 otherwise.
        threshold: where the decision is cut.
        folds: (n,) fold of each client; the nested cost is that of thresholds from the other folds.
    """
    refused = probability >= threshold.value
    auc = auc_interval(probability, default)
    cost = mean_interval(client_costs(refused, default, missed_default_cost))
    true_negatives, false_positives, false_negatives, true_positives = confusion_matrix(
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
        "average_precision": float(average_precision_score(default, probability)),
        "log_loss": float(log_loss(default, probability)),
        "brier_score": float(brier_score_loss(default, probability)),
        "calibration_error": calibration_error(probability, default),
        "accuracy": float(accuracy_score(default, refused)),
        "precision": float(precision_score(default, refused, zero_division=0)),
        "recall": float(recall_score(default, refused, zero_division=0)),
        "f1": float(f1_score(default, refused, zero_division=0)),
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
