import numpy as np
import pytest

from tests.support.handmade_applications import application_of


def test_the_request_is_compared_with_the_income() -> None:
    features = application_of(AMT_CREDIT=1200.0, AMT_ANNUITY=100.0, AMT_GOODS_PRICE=1000.0, AMT_INCOME_TOTAL=2400.0)
    assert features["app_credit_to_annuity"] == 12
    assert features["app_goods_price_to_annuity"] == 10
    assert features["app_credit_to_goods_price"] == pytest.approx(1.2)
    assert features["app_goods_price_minus_credit"] == -200
    assert features["app_price_gap_to_income"] == pytest.approx(-200 / 2400)
    assert features["app_annuity_to_income"] == pytest.approx(100 / 2400)
    assert features["app_income_minus_annuity"] == 2300


def test_a_zero_denominator_gives_a_missing_value() -> None:
    features = application_of(AMT_CREDIT=1200.0, AMT_ANNUITY=0.0, AMT_INCOME_TOTAL=0.0, AMT_GOODS_PRICE=0.0)
    assert np.isnan(features["app_credit_to_annuity"])
    assert np.isnan(features["app_credit_to_income"])
    assert np.isnan(features["app_credit_to_goods_price"])


def test_plausible_rates_bound_the_interest_rate() -> None:
    # 1000 in instalments of 100: 12 instalments cost 24 * 200 / (1000 * 13) = 37 %, 6 or 18 are not plausible.
    features = application_of(AMT_CREDIT=1000.0, AMT_ANNUITY=100.0, AMT_INCOME_TOTAL=2000.0)
    assert features["app_implied_term_count"] == 1
    assert features["app_implied_term_min"] == 12
    assert features["app_implied_rate_min"] == pytest.approx(4800 / 13000)
    assert features["app_implied_rate_max"] == pytest.approx(4800 / 13000)
    assert features["app_implied_interest_to_income"] == pytest.approx(0.1)


def test_several_terms_may_be_plausible() -> None:
    # 1000 at 24: 48 instalments cost 7.4 % a year, too little; 54 cost 13 % and 60 cost 17 %.
    features = application_of(AMT_CREDIT=1000.0, AMT_ANNUITY=24.0)
    assert features["app_implied_term_count"] == 2
    assert features["app_implied_term_min"] == 54
    assert features["app_implied_rate_min"] == pytest.approx(24 * (54 * 24 - 1000) / (1000 * 55))
    assert features["app_implied_rate_max"] == pytest.approx(24 * (60 * 24 - 1000) / (1000 * 61))


def test_without_a_plausible_term_there_is_no_rate() -> None:
    features = application_of(AMT_CREDIT=1000.0, AMT_ANNUITY=1.0)
    assert features["app_implied_term_count"] == 0
    assert np.isnan(features["app_implied_rate_min"])
    assert np.isnan(features["app_implied_term_min"])
