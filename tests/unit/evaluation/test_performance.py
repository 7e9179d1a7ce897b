"""Performance that is estimated from calibrated probabilities, and measured from outcomes."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from credit_scoring.evaluation.performance import estimated, measured, rate_interval

pytestmark = pytest.mark.slow

COST = 10.0
WINDOWS = 100


def windows(size: int, distortion: float = 1.0) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Probability, refusal and outcome of each client of many windows; a distortion of 1 keeps them calibrated."""
    random = np.random.default_rng(0)
    drawn = []
    for _ in range(WINDOWS):
        probability = random.beta(1.2, 13.0, size)
        default = random.random(size) < np.minimum(distortion * probability, 1.0)
        drawn.append((probability, probability >= 1 / 11, default.astype(np.float64)))
    return drawn


def test_the_observed_cost_and_auc_lie_in_the_interval_of_the_estimate_as_often_as_it_says() -> None:
    cost_inside = auc_inside = 0
    for probability, refused, default in windows(2_000):
        estimate, measurement = estimated(probability, refused, COST), measured(probability, refused, default, COST)
        cost, auc = estimate.cost_per_client, estimate.auc
        assert auc is not None and measurement.auc is not None
        cost_inside += cost.low <= measurement.cost_per_client.value <= cost.high
        auc_inside += auc.low <= measurement.auc.value <= auc.high
    assert cost_inside >= 90 and auc_inside >= 90


def test_the_estimate_is_blind_to_a_changed_relation_between_inputs_and_defaults() -> None:
    probability, refused, default = windows(20_000, distortion=1.5)[0]
    estimate, measurement = estimated(probability, refused, COST), measured(probability, refused, default, COST)
    assert measurement.cost_per_client.low > estimate.cost_per_client.high
    assert measurement.calibration_intercept is not None and measurement.calibration_intercept.low > 0.2


def test_a_calibrated_model_has_slope_one_and_intercept_zero() -> None:
    probability, refused, default = windows(100_000)[0]
    measurement = measured(probability, refused, default, COST)
    assert measurement.calibration_slope is not None and measurement.calibration_intercept is not None
    assert measurement.calibration_slope.value == pytest.approx(1.0, abs=0.05)
    assert measurement.calibration_intercept.value == pytest.approx(0.0, abs=0.05)


def test_the_intervals_of_slope_and_intercept_hold_those_of_a_calibrated_model() -> None:
    slope_inside = intercept_inside = 0
    for probability, refused, default in windows(2_000):
        found = measured(probability, refused, default, COST)
        assert found.calibration_slope is not None and found.calibration_intercept is not None
        slope_inside += found.calibration_slope.low <= 1.0 <= found.calibration_slope.high
        intercept_inside += found.calibration_intercept.low <= 0.0 <= found.calibration_intercept.high
    assert slope_inside >= 90 and intercept_inside >= 90


def test_figures_by_hand() -> None:
    probability, refused = np.array([0.1, 0.3, 0.6, 0.6]), np.array([False, False, True, True])
    estimate = estimated(probability, refused, COST)
    assert estimate.cost_per_client.value == pytest.approx((1 + 3 + 0.4 + 0.4) / 4)
    assert estimate.precision == pytest.approx(0.6)
    assert estimate.recall == pytest.approx(1.2 / 1.6)
    measurement = measured(probability, refused, np.array([1.0, 0.0, 1.0, 0.0]), COST)
    assert (measurement.clients, measurement.refused, measurement.defaults) == (4, 2, 2)
    assert measurement.cost_per_client.value == pytest.approx(11 / 4)
    assert measurement.brier_score == pytest.approx((0.81 + 0.09 + 0.16 + 0.36) / 4)


def test_the_expected_auc_of_certain_outcomes_is_the_measured_one() -> None:
    random = np.random.default_rng(1)
    probability = random.random(500).round(1)
    default = (random.random(500) < probability).astype(np.float64)
    measurement = measured(probability, probability > 0.5, default, COST)
    assert measurement.auc is not None
    assert measurement.auc.value == pytest.approx(roc_auc_score(default, probability))
    estimate = estimated(probability, probability > 0.5, COST)
    assert estimate.auc is not None and estimate.auc.low < measurement.auc.value < estimate.auc.high


def test_few_defaults_say_nothing_about_ranking() -> None:
    probability, refused = np.full(50, 0.05), np.zeros(50, dtype=bool)
    estimate = estimated(probability, refused, COST)
    assert estimate.auc is None and estimate.precision is None
    measurement = measured(probability, refused, np.zeros(50), COST)
    assert measurement.auc is None and measurement.calibration_slope is None
    assert measurement.default_rate.value == 0 and measurement.default_rate.high == pytest.approx(0.0713, abs=1e-4)


def test_the_interval_of_a_rate_is_that_of_wilson() -> None:
    # R. G. Newcombe (1998), table I: 81 of 263.
    interval = rate_interval(81, 263)
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.2553, 0.3662)
