import numpy as np
import pytest

from tests.support.handmade_applications import application_of

YEAR = 365.25


def test_a_client_without_a_job_is_marked() -> None:
    features = application_of(DAYS_EMPLOYED=365_243, DAYS_BIRTH=-20_000)
    assert features["app_without_job"] == 1
    assert np.isnan(features["app_days_employed"])
    assert np.isnan(features["app_employed_share_of_life"])


def test_times_as_a_share_of_the_clients_life() -> None:
    features = application_of(
        DAYS_BIRTH=-10_000,
        DAYS_EMPLOYED=-2_500,
        DAYS_ID_PUBLISH=-1_000,
        DAYS_REGISTRATION=-4_000,
        DAYS_LAST_PHONE_CHANGE=-500,
    )
    assert features["app_without_job"] == 0
    assert features["app_employed_share_of_life"] == 0.25
    assert features["app_id_share_of_life"] == pytest.approx(0.1)
    assert features["app_phone_to_employed"] == pytest.approx(0.2)
    assert features["app_id_to_registration"] == pytest.approx(0.25)
    assert features["app_age_at_job_start"] == pytest.approx(7_500 / YEAR)


@pytest.mark.parametrize(("age", "renewed_at", "delay"), [(30, 21, 1), (50, 45.5, 0.5), (50, 25, -20)])
def test_identity_documents_are_due_at_20_and_at_45(age: float, renewed_at: float, delay: float) -> None:
    features = application_of(DAYS_BIRTH=-age * YEAR, DAYS_ID_PUBLISH=(renewed_at - age) * YEAR)
    assert features["app_id_renewal_delay"] == pytest.approx(delay, abs=1e-4)


def test_household_home_and_car() -> None:
    features = application_of(
        CNT_CHILDREN=1,
        CNT_FAM_MEMBERS=4,
        NAME_FAMILY_STATUS="Civil marriage",
        NAME_HOUSING_TYPE="House / apartment",
        OWN_CAR_AGE=10,
        DAYS_EMPLOYED=-4 * YEAR,
        DAYS_BIRTH=-40 * YEAR,
        AMT_INCOME_TOTAL=4000.0,
    )
    assert features["app_children_share_of_household"] == 0.25
    assert features["app_without_spouse"] == 1
    assert features["app_without_own_home"] == 0
    assert features["app_car_age_to_age"] == pytest.approx(0.25)
    assert features["app_car_age_minus_employed"] == pytest.approx(6)
    assert features["app_income_to_age"] == pytest.approx(100)


def test_an_unknown_family_status_is_missing() -> None:
    assert np.isnan(application_of(NAME_FAMILY_STATUS="Unknown")["app_without_spouse"])


def test_flags_are_counted() -> None:
    features = application_of(
        FLAG_DOCUMENT_3=1,
        FLAG_DOCUMENT_6=1,
        FLAG_DOCUMENT_8=0,
        FLAG_PHONE=1,
        FLAG_EMAIL=1,
        REG_CITY_NOT_WORK_CITY=1,
        APARTMENTS_AVG=0.1,
        BASEMENTAREA_AVG=0.3,
    )
    assert features["app_document_count"] == 2
    assert features["app_contact_count"] == 2
    assert features["app_address_mismatch_count"] == 1
    assert features["app_building_known_count"] == 2
    assert features["app_building_mean"] == pytest.approx(0.2)


def test_enquiries_add_up_over_windows_that_exclude_each_other() -> None:
    features = application_of(AMT_REQ_CREDIT_BUREAU_HOUR=1, AMT_REQ_CREDIT_BUREAU_QRT=2, AMT_REQ_CREDIT_BUREAU_YEAR=4)
    assert features["app_enquiry_count"] == 7
    assert features["app_enquiry_count_last_3_months"] == 3


def test_acquaintances_in_default() -> None:
    features = application_of(OBS_30_CNT_SOCIAL_CIRCLE=4, DEF_30_CNT_SOCIAL_CIRCLE=1, OBS_60_CNT_SOCIAL_CIRCLE=0)
    assert features["app_circle_share_30_days_late"] == 0.25
    assert np.isnan(features["app_circle_share_60_days_late"])


@pytest.mark.parametrize(("day", "weekend"), [("FRIDAY", 0), ("SATURDAY", 1), ("SUNDAY", 1)])
def test_the_weekend_is_saturday_and_sunday(day: str, weekend: int) -> None:
    assert application_of(WEEKDAY_APPR_PROCESS_START=day)["app_on_weekend"] == weekend
