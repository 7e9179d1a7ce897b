import numpy as np
import pytest

from tests.support.handmade_applications import application_of

YEAR = 365.25


def test_a_client_without_a_job_is_marked() -> None:
    features = application_of(DAYS_EMPLOYED=365_243, DAYS_BIRTH=-20_000)
    assert features["app_without_job"] == 1
    assert np.isnan(features["app_days_employed"])
    assert application_of(DAYS_EMPLOYED=-2_500)["app_without_job"] == 0


def test_the_car_is_compared_with_the_job() -> None:
    features = application_of(OWN_CAR_AGE=10, DAYS_EMPLOYED=-4 * YEAR)
    assert features["app_car_age_minus_employed"] == pytest.approx(6)


def test_flags_are_counted_without_those_that_reveal_the_source_of_income() -> None:
    features = application_of(
        FLAG_DOCUMENT_3=1, FLAG_DOCUMENT_6=1, FLAG_DOCUMENT_8=0, FLAG_PHONE=1, FLAG_EMAIL=1, FLAG_EMP_PHONE=1
    )
    assert features["app_document_count"] == 1
    assert features["app_contact_count"] == 2


def test_enquiries_add_up_over_windows_that_exclude_each_other() -> None:
    features = application_of(AMT_REQ_CREDIT_BUREAU_HOUR=1, AMT_REQ_CREDIT_BUREAU_QRT=2, AMT_REQ_CREDIT_BUREAU_YEAR=4)
    assert features["app_enquiry_count"] == 7
    assert features["app_enquiry_count_last_3_months"] == 3
