"""A lender may choose a model that uses no protected attribute by one setting."""

from collections.abc import Callable

import numpy as np
import pytest

from credit_scoring.core.settings import Settings
from credit_scoring.feature_engineering.catalogue import FEATURES
from credit_scoring.feature_store.step import published_version
from credit_scoring.scoring.model_family import Budget
from credit_scoring.scoring.models import all_families
from credit_scoring.train.training_data import TrainingData, read_training_data

SERVED = sorted(name for name, family in all_families().items() if family.is_served)
PROTECTED = np.array([feature.concept.is_protected for feature in FEATURES])


@pytest.fixture(scope="module")
def read(trained: Settings) -> Callable[[bool], TrainingData]:
    version = published_version(trained)
    return lambda without: read_training_data(trained.with_values(training={"without_protected": without}), version)


@pytest.mark.parametrize("family", SERVED)
def test_a_model_without_protected_attributes_gives_them_no_influence(
    family: str, read: Callable[[bool], TrainingData]
) -> None:
    blank, complete = read(True), read(False)
    assert np.isnan(blank.features[:, PROTECTED]).all()
    np.testing.assert_array_equal(blank.features[:, ~PROTECTED], complete.features[:, ~PROTECTED])
    declared = all_families()[family]
    model = declared.fit(blank.rows(np.arange(len(blank.default))), declared.parameters[Budget.QUICK])
    # The service gives the model the whole vector, protected values included.
    np.testing.assert_array_equal(model.margin(complete.features), model.margin(blank.features))
    if declared.is_explainable:
        assert not model.contributions(complete.features)[:, :-1][:, PROTECTED].any()
