"""Metrics against values worked out by hand."""

import math

import numpy as np
import pytest

from credit_scoring.train.business_cost import Threshold
from credit_scoring.train.metrics import measure

PROBABILITY = np.array([0.1, 0.4, 0.35, 0.8])
DEFAULT = np.array([0, 0, 1, 1])


def test_metrics_by_hand() -> None:
    measured = measure(PROBABILITY, DEFAULT, Threshold(0.38, cost_per_client=2.75, acceptance_rate=0.5))
    assert measured == pytest.approx(
        {
            "auc": 3 / 4,  # of the four pairs of a default and a good client, (0.35, 0.4) is out of order
            "cost_per_client": 2.75,
            "threshold": 0.38,
            "acceptance_rate": 0.5,
            "average_precision": (1 / 1 + 2 / 3) / 2,
            "log_loss": -(math.log(0.9) + math.log(0.6) + math.log(0.35) + math.log(0.8)) / 4,
            "brier_score": (0.01 + 0.16 + 0.4225 + 0.04) / 4,
            "precision": 1 / 2,
            "recall": 1 / 2,
            "f1": 1 / 2,
            "clients": 4,
            "default_rate": 1 / 2,
        }
    )


def test_a_client_at_the_threshold_counts_as_refused() -> None:
    measured = measure(PROBABILITY, DEFAULT, Threshold(0.35, cost_per_client=0, acceptance_rate=0))
    assert measured["recall"] == 1
    assert measured["precision"] == pytest.approx(2 / 3)


def test_precision_is_zero_where_nobody_is_refused() -> None:
    measured = measure(PROBABILITY, DEFAULT, Threshold(0.9, cost_per_client=0, acceptance_rate=1))
    assert (measured["precision"], measured["recall"], measured["f1"]) == (0, 0, 0)
