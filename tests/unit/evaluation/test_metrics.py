"""Metrics against values worked out by hand."""

import math

import numpy as np
import pytest

from credit_scoring.evaluation.business_cost import Threshold
from credit_scoring.evaluation.metrics import calibration_error, measure, return_on_investment

PROBABILITY = np.array([0.1, 0.4, 0.35, 0.8])
DEFAULT = np.array([0, 0, 1, 1])
FOLDS = np.array([0, 1, 0, 1])
COST = 10.0


def test_metrics_by_hand() -> None:
    measured = measure(PROBABILITY, DEFAULT, Threshold(0.38, cost_per_client=2.75, acceptance_rate=0.5), COST, FOLDS)
    by_hand = {
        "auc": 3 / 4,  # of the four pairs of a default and a good client, (0.35, 0.4) is out of order
        "cost_per_client": 2.75,
        "business_cost": 11,
        "threshold": 0.38,
        "acceptance_rate": 0.5,
        "average_precision": (1 / 1 + 2 / 3) / 2,
        "log_loss": -(math.log(0.9) + math.log(0.6) + math.log(0.35) + math.log(0.8)) / 4,
        "brier_score": (0.01 + 0.16 + 0.4225 + 0.04) / 4,
        "calibration_error": (0.1 + 0.4 + 0.65 + 0.2) / 4,
        "accuracy": 1 / 2,
        "precision": 1 / 2,
        "recall": 1 / 2,
        "f1": 1 / 2,
        "accepted_good_clients": 1,
        "refused_good_clients": 1,
        "accepted_defaults": 1,
        "refused_defaults": 1,
        "clients": 4,
        "default_rate": 1 / 2,
    }
    assert {name: measured[name] for name in by_hand} == pytest.approx(by_hand)
    assert measured["auc_low"] < 3 / 4 < measured["auc_high"]
    # Of four clients two cost nothing, one 1 and one 10.
    assert 0 <= measured["cost_per_client_low"] < 2.75 < measured["cost_per_client_high"] <= 10


def test_the_nested_cost_is_measured_with_cuts_of_other_clients() -> None:
    threshold = Threshold(0.38, cost_per_client=2.75, acceptance_rate=0.5)
    measured = measure(PROBABILITY, DEFAULT, threshold, COST, FOLDS)
    # Each fold's cut lies between its own good client and its own default, which the other fold shifts.
    assert measured["nested_cost_per_client"] >= 0


def test_perfectly_calibrated_groups_have_no_calibration_error() -> None:
    default = np.tile([1, 0, 0, 0], 100)
    assert calibration_error(np.full(400, 0.25), default) == pytest.approx(0)
    assert calibration_error(np.full(400, 0.75), default) == pytest.approx(0.5)


def test_the_return_is_the_margin_if_every_client_repays() -> None:
    none, good = np.zeros(5, dtype=bool), np.zeros(5)
    assert return_on_investment(none, good, 0.06, 0.6) == pytest.approx(0.06)


def test_a_default_takes_its_loss_from_the_return() -> None:
    refused, default = np.array([False, False, True, True]), np.array([0, 1, 0, 1])
    assert return_on_investment(refused, default, 0.06, 0.6) == pytest.approx((0.06 - 0.6) / 2)


def test_a_lender_without_accepted_clients_earns_nothing() -> None:
    assert return_on_investment(np.ones(3, dtype=bool), np.array([0, 1, 0]), 0.06, 0.6) == 0


def test_a_client_at_the_threshold_counts_as_refused() -> None:
    measured = measure(PROBABILITY, DEFAULT, Threshold(0.35, cost_per_client=0, acceptance_rate=0), COST, FOLDS)
    assert measured["recall"] == 1
    assert measured["precision"] == pytest.approx(2 / 3)


def test_precision_is_zero_without_a_refused_client() -> None:
    measured = measure(PROBABILITY, DEFAULT, Threshold(0.9, cost_per_client=0, acceptance_rate=1), COST, FOLDS)
    assert (measured["precision"], measured["recall"], measured["f1"]) == (0, 0, 0)
