import numpy as np
import pytest

from tests.support.handmade_applications import application_of


def test_external_scores_are_combined_over_the_known_ones() -> None:
    features = application_of(EXT_SOURCE_1=0.2, EXT_SOURCE_3=0.6)
    assert features["app_ext_source_known_count"] == 2
    assert features["app_ext_source_sum"] == pytest.approx(0.8)
    assert features["app_ext_source_mean"] == pytest.approx(0.4)
    assert features["app_ext_source_median"] == pytest.approx(0.4)
    assert features["app_ext_source_min"] == pytest.approx(0.2)
    assert features["app_ext_source_max"] == pytest.approx(0.6)
    assert features["app_ext_source_range"] == pytest.approx(0.4)
    assert features["app_ext_source_weighted"] == pytest.approx((2 * 0.2 + 3 * 0.6) / 5)
    assert features["app_ext_source_mean_1_2"] == pytest.approx(0.2)
    assert features["app_ext_source_product_1_3"] == pytest.approx(0.12)
    assert np.isnan(features["app_ext_source_product"])
    assert np.isnan(features["app_ext_source_product_2_3"])


def test_three_known_scores_have_a_median_and_a_product() -> None:
    features = application_of(EXT_SOURCE_1=0.9, EXT_SOURCE_2=0.1, EXT_SOURCE_3=0.4)
    assert features["app_ext_source_median"] == pytest.approx(0.4)
    assert features["app_ext_source_product"] == pytest.approx(0.036)
    assert features["app_ext_source_geometric_mean_2_3"] == pytest.approx(0.2)


def test_without_any_external_score_the_average_is_missing() -> None:
    features = application_of()
    assert features["app_ext_source_known_count"] == 0
    assert features["app_ext_source_sum"] == 0
    assert np.isnan(features["app_ext_source_mean"])
    assert np.isnan(features["app_ext_source_median"])


def test_a_missing_score_is_replaced_by_the_median_or_the_lower_quartile() -> None:
    features = application_of(EXT_SOURCE_1=0.9)
    assert features["app_ext_source_filled_mean"] == pytest.approx((0.9 + 0.4 + 0.4) / 3)
    assert features["app_ext_source_cautious_mean"] == pytest.approx((0.9 + 0.4 + 0.4) / 3)
    assert features["app_ext_source_cautious_weighted"] == pytest.approx((1.9 * 0.9 + 4.7 * 0.4) / 6.6)


def test_the_same_request_weighs_more_on_a_weaker_score() -> None:
    weak = application_of(AMT_CREDIT=100.0, EXT_SOURCE_3=0.2)
    strong = application_of(AMT_CREDIT=100.0, EXT_SOURCE_3=0.8)
    assert weak["app_credit_per_ext_source_3"] == pytest.approx(500)
    assert strong["app_credit_per_ext_source_3"] == pytest.approx(125)
    assert weak["app_credit_per_ext_source"] == pytest.approx(100 / ((0.4 + 0.4 + 0.2) / 3))


def test_a_score_of_zero_gives_a_missing_quotient() -> None:
    assert np.isnan(application_of(AMT_CREDIT=100.0, EXT_SOURCE_3=0.0)["app_credit_per_ext_source_3"])
