"""Treatments of class imbalance change the intended rows and nothing else."""

import numpy as np
import pytest

from credit_scoring.scoring.model_family import TrainingRows
from credit_scoring.train.imbalance import Imbalance, rebalance, treatment_parameters
from tests.support.training_rows import small_portfolio


def test_without_treatment_the_rows_stay_as_they_are() -> None:
    portfolio = small_portfolio()
    assert rebalance(portfolio, Imbalance.NONE) is portfolio


def test_class_weights_make_both_classes_weigh_the_same() -> None:
    weighted = rebalance(small_portfolio(), Imbalance.CLASS_WEIGHT)
    assert weighted.weight is not None
    by_class = [weighted.weight[weighted.default == target].sum() for target in (0, 1)]
    assert by_class[0] == pytest.approx(by_class[1])
    assert weighted.weight.mean() == pytest.approx(1)


def test_scale_pos_weight_is_the_number_of_good_clients_per_default_and_leaves_the_rows() -> None:
    portfolio = small_portfolio()
    defaults = int(portfolio.default.sum())
    expected = {"scale_pos_weight": (len(portfolio.default) - defaults) / defaults}
    assert treatment_parameters(portfolio, Imbalance.SCALE_POS_WEIGHT) == expected
    assert rebalance(portfolio, Imbalance.SCALE_POS_WEIGHT) is portfolio
    assert treatment_parameters(portfolio, Imbalance.CLASS_WEIGHT) == {}


def test_smote_adds_defaults_between_defaults_and_keeps_every_client() -> None:
    portfolio = small_portfolio()
    treated = rebalance(portfolio, Imbalance.SMOTE)
    count = len(portfolio.default)
    assert np.count_nonzero(treated.default == 1) / np.count_nonzero(treated.default == 0) == pytest.approx(
        0.5, abs=0.01
    )
    assert (treated.default[count:] == 1).all()
    assert treated.features.dtype == np.float32
    assert not np.isnan(treated.features).any()
    known = ~np.isnan(portfolio.features)
    assert treated.features[:count][known].tobytes() == portfolio.features[known].tobytes()
    real = treated.features[:count][portfolio.default == 1]
    drawn = treated.features[count:]
    assert (drawn <= real.max(axis=0) + 1e-5).all()
    assert (drawn >= real.min(axis=0) - 1e-5).all()


def test_smote_leaves_a_single_default_alone() -> None:
    portfolio = small_portfolio()
    single = portfolio._replace(default=(np.arange(len(portfolio.default)) == 3).astype(np.int8))
    assert rebalance(single, Imbalance.SMOTE) is single


def test_smote_leaves_balanced_classes_alone() -> None:
    portfolio = small_portfolio()
    balanced = portfolio._replace(default=(np.arange(len(portfolio.default)) % 2).astype(np.int8))
    assert rebalance(balanced, Imbalance.SMOTE) is balanced


def test_smote_that_would_add_less_than_one_default_changes_nothing() -> None:
    random = np.random.default_rng(0)
    # Half of 11 good clients is 5.5: five defaults are as many as SMOTE would make.
    rows = TrainingRows(
        random.normal(size=(16, 3)).astype(np.float32), np.repeat(np.array([1, 0], np.int8), [5, 11]), ("a", "b", "c")
    )
    assert rebalance(rows, Imbalance.SMOTE) is rows
