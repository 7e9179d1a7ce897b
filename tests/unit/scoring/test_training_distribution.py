"""The training distribution is stored with the Scorer, exact to the bit."""

from pathlib import Path

import numpy as np
import pytest

from credit_scoring.evaluation.population_stability import population_stability_index
from credit_scoring.scoring.training_distribution import load_reference, reference_of, save_reference
from tests.support.scorers import small_features

NAMES = ("age", "income", "owns a car", "never known")


@pytest.fixture
def features() -> np.ndarray:
    values = small_features(len(NAMES), rows=500)
    values[:, 2] = values[:, 2] > 1
    values[:, 3] = np.nan
    return values


def test_a_stored_distribution_gives_the_stability_index_of_the_training_rows(
    features: np.ndarray, tmp_path: Path
) -> None:
    save_reference(reference_of(features, NAMES, np.linspace(0.01, 0.5, 500)), tmp_path)
    reference = load_reference(tmp_path)
    assert tuple(reference.features) == NAMES
    moved = small_features(len(NAMES), rows=300, seed=1) + np.float32(0.3)
    for index, name in enumerate(NAMES):
        expected = population_stability_index(features[:, index], moved[:, index])
        assert reference.features[name].histogram.stability_index(moved[:, index]) == expected


def test_quantiles_run_from_the_smallest_to_the_largest_known_value(features: np.ndarray) -> None:
    reference = reference_of(features, NAMES, np.linspace(0.01, 0.5, 500))
    age = reference.features["age"].quantiles
    assert (age[0], age[-1]) == (np.nanmin(features[:, 0]), np.nanmax(features[:, 0]))
    assert (np.diff(age) > 0).all()
    assert np.isnan(reference.features["never known"].quantiles).all()
    assert reference.features["never known"].histogram.shares.tolist() == [0.0, 1.0]
    assert reference.probability.quantiles[10] == pytest.approx(0.255, abs=0.001)
