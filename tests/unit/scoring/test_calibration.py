"""Calibrated probabilities agree with default rates."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_scoring.scoring.calibration import LogisticCalibration, fit_logistic_calibration


def _drawn(margin: np.ndarray, slope: float, intercept: float) -> np.ndarray:
    """Defaults drawn with the true probability of these margins."""
    probability = 1 / (1 + np.exp(-(slope * margin + intercept)))
    drawn: np.ndarray = np.random.default_rng(5).random(len(margin)) < probability
    return drawn.astype(np.int8)


def test_probabilities_by_hand() -> None:
    calibration = LogisticCalibration(slope=2.0, intercept=-1.0)
    probability = calibration.probability(np.array([0.5, 0.5 + np.log(3) / 2]))
    assert probability.tolist() == pytest.approx([0.5, 0.75], abs=1e-15)


@pytest.mark.parametrize(("slope", "intercept"), [(1.0, 0.0), (2.0, 1.0), (0.4, -2.0), (0.02, 0.5)])
def test_the_true_slope_and_intercept_are_recovered(slope: float, intercept: float) -> None:
    margin = np.random.default_rng(3).normal(-2, 1, size=400_000) / slope
    fitted = fit_logistic_calibration(margin, _drawn(margin, slope, intercept))
    assert fitted.slope == pytest.approx(slope, rel=0.03)
    assert fitted.intercept == pytest.approx(intercept, abs=0.05)


def test_the_mean_probability_is_the_default_rate() -> None:
    margin = np.random.default_rng(3).normal(-2, 1, size=20_000)
    default = _drawn(margin, 2.0, 1.0)
    fitted = fit_logistic_calibration(margin, default)
    assert fitted.probability(margin).mean() == pytest.approx(default.mean(), abs=1e-4)


@given(st.integers(0, 10_000))
def test_no_ranking_changes(seed: int) -> None:
    random = np.random.default_rng(seed)
    margin = random.normal(-2, random.uniform(0.01, 100), size=200)
    default = (random.random(200) < 0.2).astype(np.int8)
    probability = fit_logistic_calibration(margin, default).probability(np.sort(margin))
    assert np.isfinite(probability).all()
    assert (np.diff(probability) >= 0).all()


def test_margins_that_separate_the_classes_give_finite_certainty() -> None:
    margin = np.array([-3.0] * 90 + [3.0] * 10)
    probability = fit_logistic_calibration(margin, np.repeat([0, 1], [90, 10])).probability(margin)
    assert probability[:90] == pytest.approx(1 / 92)
    assert probability[90:] == pytest.approx(11 / 12)


def test_margins_that_rank_worse_than_chance_give_every_client_the_default_rate() -> None:
    margin = np.random.default_rng(3).normal(size=5_000)
    default = _drawn(-margin, 1.0, -2.0)
    probability = fit_logistic_calibration(margin, default).probability(margin)
    assert np.unique(probability).size == 1
    assert probability[0] == pytest.approx(default.mean(), abs=1e-3)


def test_one_margin_for_all_gives_every_client_the_default_rate() -> None:
    margin = np.full(1_000, -2.3)
    probability = fit_logistic_calibration(margin, np.repeat([0, 1], [920, 80])).probability(margin)
    assert probability == pytest.approx(0.08, abs=1e-3)
