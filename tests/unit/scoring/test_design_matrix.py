"""The design matrix has no missing value and one scale; a constant feature has no column."""

import numpy as np
import pytest

from credit_scoring.scoring.design_matrix import fit_preparation
from tests.support.training_rows import small_portfolio


def test_the_design_has_no_missing_value_and_one_scale() -> None:
    portfolio = small_portfolio(2000)
    preparation = fit_preparation(portfolio)
    design = preparation.design(portfolio.features)
    assert np.isfinite(design).all()
    numbers = design[:, : len(preparation.numbers)]
    assert numbers.mean(axis=0) == pytest.approx(0, abs=1e-3)
    assert (numbers.std(axis=0) > 0.9).all()


def test_a_constant_feature_gets_no_column() -> None:
    preparation = fit_preparation(small_portfolio())
    assert set(preparation.numbers) == {0, 1, 2, 3}
    assert not {4, 5} & set(preparation.sources)


def test_every_frequent_category_gets_a_column() -> None:
    portfolio = small_portfolio(1000)
    features = portfolio.features
    features[0, 6] = 9.0
    preparation = fit_preparation(portfolio)
    assert preparation.codes.tolist() == [0, 1, 2, 3]
    design = preparation.design(features)[:, -4:]
    assert design[1:].sum(axis=1) == pytest.approx(1)
    assert design[0].sum() == 0, "a rare code is in no column"


def test_features_that_are_missing_together_share_an_indicator() -> None:
    portfolio = small_portfolio(1000)
    features = portfolio.features
    features[:, 1] = np.where(np.isnan(features[:, 0]), np.nan, 1.0 + np.arange(1000))
    preparation = fit_preparation(portfolio)
    assert 0 in preparation.indicated
    assert 1 not in preparation.indicated


def test_an_outlier_grows_by_its_logarithm() -> None:
    portfolio = small_portfolio(1000)
    features = portfolio.features
    preparation = fit_preparation(portfolio)
    wild = features[:1].copy()
    wild[0, 0] = 1e30
    assert preparation.design(wild)[0, 0] < 200


def test_a_number_that_is_mostly_zero_is_scaled_by_the_others() -> None:
    portfolio = small_portfolio(1000)
    features = portfolio.features
    features[:, 3] = np.where(np.arange(1000) % 10 == 0, 5000.0, 0.0)
    preparation = fit_preparation(portfolio)
    column = list(preparation.numbers).index(3)
    assert preparation.scale[column] == 5000
    assert preparation.design(features)[:, column].std() == pytest.approx(1, abs=0.01)
