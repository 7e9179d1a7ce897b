"""Intervals cover what they claim to cover."""

from dataclasses import astuple

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from credit_scoring.evaluation.confidence_intervals import Interval, auc_difference, auc_interval, mean_interval

RANDOM = np.random.default_rng(3)


def scores(clients: int, signal: float) -> tuple[np.ndarray, np.ndarray]:
    """Scores and defaults of normal classes `signal` apart; the true AUC is Phi(signal / sqrt(2))."""
    default = (RANDOM.random(clients) < 0.2).astype(np.int8)
    return RANDOM.normal(size=clients) + signal * default, default


def test_the_estimate_is_the_auc_ties_included() -> None:
    score, default = scores(500, 1.0)
    rounded = np.round(score)
    assert auc_interval(rounded, default).value == pytest.approx(roc_auc_score(default, rounded))


def test_nineteen_of_twenty_intervals_hold_the_true_auc() -> None:
    true_auc = 0.760  # Phi(1 / sqrt(2))
    held = 0
    for _ in range(400):
        interval = auc_interval(*scores(400, 1.0))
        held += interval.low <= true_auc <= interval.high
    assert 0.90 <= held / 400 <= 0.99


def test_a_score_does_not_differ_from_itself() -> None:
    score, default = scores(300, 1.0)
    assert astuple(auc_difference(score, 3 * score + 1, default)) == pytest.approx((0, 0, 0))


def test_pairing_makes_a_small_difference_visible() -> None:
    score, default = scores(4000, 1.0)
    worse = score + RANDOM.normal(scale=0.5, size=len(score))
    paired = auc_difference(score, worse, default)
    assert paired.excludes_zero
    alone = auc_interval(score, default), auc_interval(worse, default)
    assert alone[0].low < alone[1].high, "apart the intervals overlap"


def test_the_mean_of_a_constant_is_certain() -> None:
    assert astuple(mean_interval(np.full(50, 0.3))) == pytest.approx((0.3, 0.3, 0.3))


def test_the_bootstrap_agrees_with_the_central_limit_theorem() -> None:
    costs = RANDOM.choice([0.0, 1.0, 10.0], p=[0.7, 0.26, 0.04], size=5000)
    interval = mean_interval(costs)
    reach = 1.96 * costs.std() / np.sqrt(len(costs))
    assert interval.value == pytest.approx(costs.mean())
    assert interval.high - interval.value == pytest.approx(reach, rel=0.1)
    assert interval.value - interval.low == pytest.approx(reach, rel=0.1)


@pytest.mark.parametrize(("low", "high", "excludes"), [(-1, 1, False), (0.1, 1, True), (-1, -0.1, True)])
def test_an_interval_knows_whether_it_excludes_zero(low: float, high: float, excludes: bool) -> None:
    assert Interval(0, low, high).excludes_zero is excludes
