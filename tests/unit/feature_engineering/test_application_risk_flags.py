from typing import Any

import pytest

from tests.support.handmade_applications import application_of

YEAR = 365.25
SETTLED: dict[str, Any] = {
    "DAYS_BIRTH": -60 * YEAR,
    "DAYS_EMPLOYED": -20 * YEAR,
    "DAYS_ID_PUBLISH": -15 * YEAR,
    "DAYS_REGISTRATION": -20 * YEAR,
    "DAYS_LAST_PHONE_CHANGE": -5 * YEAR,
    "REGION_RATING_CLIENT_W_CITY": 1,
    "NAME_EDUCATION_TYPE": "Higher education",
    "OCCUPATION_TYPE": "Managers",
    "ORGANIZATION_TYPE": "Bank",
    "FLAG_OWN_CAR": "Y",
    "FLAG_PHONE": 1,
    "NAME_FAMILY_STATUS": "Married",
    "NAME_HOUSING_TYPE": "House / apartment",
    "REGION_POPULATION_RELATIVE": 0.05,
}


def test_a_settled_client_raises_no_flag_except_for_an_unknown_branch() -> None:
    # The branch has no median of its own, so that of all training applications, 0.4, stands in.
    assert application_of(**SETTLED)["app_warning_count_person"] == 1


def test_each_threshold_that_is_passed_counts_once() -> None:
    older = application_of(**SETTLED)["app_warning_count_person"]
    for age, signs in ((49, 1), (39, 2), (34, 3), (27, 4)):
        younger = application_of(**SETTLED | {"DAYS_BIRTH": -age * YEAR})
        assert younger["app_warning_count_person"] == older + signs


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
    assert features["cross_warning_count_without_scores"] == 9
    assert features["cross_warning_count"] == 9


def test_signs_are_deducted_from_the_cautious_score_and_weigh_more_on_a_weak_one() -> None:
    features = application_of(
        history={"bureau_count_active": 5.0}, EXT_SOURCE_1=0.8, EXT_SOURCE_2=0.8, EXT_SOURCE_3=0.8, **SETTLED
    )
    assert features["cross_score_after_behaviour"] == pytest.approx(0.78)
    assert features["cross_score_after_warnings"] == pytest.approx(0.77)
    assert features["cross_warning_count_behaviour_per_ext_source"] == pytest.approx(2.5)
