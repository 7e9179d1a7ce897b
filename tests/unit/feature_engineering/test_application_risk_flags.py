from typing import Any

import pytest

from tests.support.handmade_applications import application_of

YEAR = 365.25
SETTLED: dict[str, Any] = {"DAYS_EMPLOYED": -20 * YEAR, "FLAG_OWN_CAR": "Y", "FLAG_PHONE": 1}


def test_a_settled_client_raises_no_flag() -> None:
    assert application_of(**SETTLED)["app_warning_count_work"] == 0


def test_each_threshold_that_is_passed_counts_once() -> None:
    for years, signs in ((9, 1), (4, 2), (2, 3), (1, 4)):
        newer = application_of(**SETTLED | {"DAYS_EMPLOYED": -years * YEAR})
        assert newer["app_warning_count_work"] == signs


def test_the_threshold_itself_does_not_warn() -> None:
    at_price = application_of(AMT_CREDIT=100.0, AMT_GOODS_PRICE=100.0)
    above = application_of(AMT_CREDIT=100.5, AMT_GOODS_PRICE=100.0)
    assert above["app_warning_count_request"] == at_price["app_warning_count_request"] + 1


def test_unknown_values_do_not_warn() -> None:
    features = application_of()
    assert features["app_warning_count_scores"] == 0
    assert features["app_warning_count_request"] == 0
    assert features["cross_warning_count_payment"] == 0
    assert features["cross_warning_count_bureau"] == 0


def test_signs_of_the_history_are_counted_by_subject_and_in_total() -> None:
    features = application_of(
        history={
            "bureau_count_active": 5.0,
            "previous_share_refused": 0.5,
            "pos_real_delay_max": 1.0,
            "card_utilisation_mean_last_6_months": 0.8,
        },
        **SETTLED,
    )
    assert features["cross_warning_count_bureau"] == 2
    assert features["cross_warning_count_previous"] == 3
    assert features["cross_warning_count_payment"] == 3
    assert features["cross_warning_count_behaviour"] == 8
    assert features["cross_warning_count_without_scores"] == 8
    assert features["cross_warning_count"] == 8


def test_signs_are_deducted_from_the_cautious_score_and_weigh_more_on_a_weak_one() -> None:
    features = application_of(
        history={"bureau_count_active": 5.0}, EXT_SOURCE_1=0.8, EXT_SOURCE_2=0.8, EXT_SOURCE_3=0.8, **SETTLED
    )
    assert features["cross_score_after_behaviour"] == pytest.approx(0.78)
    assert features["cross_score_after_warnings"] == pytest.approx(0.78)
    assert features["cross_warning_count_behaviour_per_ext_source"] == pytest.approx(2.5)
