"""From latent risk to AUCs, and back from published AUCs to loadings."""

import numpy as np
import pytest
from scipy.stats import norm

from credit_scoring.evaluation.auc import auc
from scripts.calibration.loadings import (
    LATENT_AUC,
    auc_of_choices,
    auc_of_loading,
    default_curve,
    expected_auc,
    loading_for,
)


def test_the_default_curve_has_the_wanted_rate_and_auc() -> None:
    curve = default_curve(0.0807)
    random = np.random.default_rng(1)
    risk = random.standard_normal(400_000)
    chance = curve(risk)
    assert chance.mean() == pytest.approx(0.0807, abs=0.001)
    assert auc(risk, (random.random(len(risk)) < chance).astype(float)) == pytest.approx(LATENT_AUC, abs=0.005)


@pytest.mark.parametrize("wanted", [0.31, 0.5, 0.585])
def test_a_column_with_the_found_loading_has_the_wanted_auc(wanted: float) -> None:
    curve = default_curve(0.0807)
    loading = loading_for(lambda loading: auc_of_loading(loading, curve), wanted)
    random = np.random.default_rng(2)
    risk, noise = random.standard_normal((2, 400_000))
    column = loading * risk + np.sqrt(1 - loading**2) * noise
    defaults = (random.random(len(risk)) < curve(risk)).astype(float)
    assert auc(column, defaults) == pytest.approx(wanted, abs=0.006)
    shares = np.array([0.7, 0.2, 0.1])
    coarse = np.searchsorted(np.quantile(column, [0.7, 0.9]), column).astype(float)
    assert auc(coarse, defaults) == pytest.approx(auc_of_choices(loading, shares, curve), abs=0.006)


def test_the_expected_auc_is_the_mean_of_those_drawn_and_leaves_out_unknown_values() -> None:
    random = np.random.default_rng(3)
    values = np.round(random.standard_normal(20_000), 1)
    chances = 0.05 + 0.3 * norm.cdf(values)
    drawn = [auc(values, (random.random(len(values)) < chances).astype(float)) for _ in range(30)]
    assert expected_auc(values, chances) == pytest.approx(np.mean(drawn), abs=0.003)
    with_unknown = expected_auc(np.append(values, np.nan), np.append(chances, 0.9))
    assert with_unknown == expected_auc(values, chances)
