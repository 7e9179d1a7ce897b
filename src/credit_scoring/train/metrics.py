"""How good out-of-fold probabilities are: ranking, calibration, and the decisions they lead to."""

import numpy as np
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    f1_score,
    log_loss,
    precision_score,
    recall_score,
    roc_auc_score,
)

from credit_scoring.train.business_cost import Threshold


def measure(probability: np.ndarray, default: np.ndarray, threshold: Threshold) -> dict[str, float]:
    """Metrics of one model on the same out-of-fold rows.

    Args:
        probability: (n,) calibrated probabilities of default.
        default: (n,) 1 for a default, 0 otherwise.
        threshold: where the decision is cut.
    """
    refused = probability >= threshold.value
    return {
        "auc": float(roc_auc_score(default, probability)),
        "cost_per_client": threshold.cost_per_client,
        "threshold": threshold.value,
        "acceptance_rate": threshold.acceptance_rate,
        "average_precision": float(average_precision_score(default, probability)),
        "log_loss": float(log_loss(default, probability)),
        "brier_score": float(brier_score_loss(default, probability)),
        "precision": float(precision_score(default, refused, zero_division=0)),
        "recall": float(recall_score(default, refused, zero_division=0)),
        "f1": float(f1_score(default, refused, zero_division=0)),
        "clients": float(len(default)),
        "default_rate": float(np.mean(default)),
    }
