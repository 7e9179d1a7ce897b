import pytest

from tests.handmade_tables import history_of


def test_lateness_and_shortfall_of_instalments() -> None:
    features = history_of(
        installments_payments=[
            {
                "NUM_INSTALMENT_NUMBER": 1,
                "DAYS_INSTALMENT": -400,
                "DAYS_ENTRY_PAYMENT": -390,
                "AMT_PAYMENT": 100.0,
            },
            {
                "NUM_INSTALMENT_NUMBER": 2,
                "DAYS_INSTALMENT": -365,
                "DAYS_ENTRY_PAYMENT": -367,
                "AMT_PAYMENT": 60.0,
            },
        ]
    )
    assert features["installments_count"] == 2
    assert features["installments_share_late"] == 0.5
    assert features["installments_days_late_mean"] == 5
    assert features["installments_days_late_max_last_365_days"] == 0
    assert features["installments_days_early_mean"] == 1
    assert features["installments_paid_share_mean"] == pytest.approx(0.8)
    assert features["installments_shortfall_sum"] == 40


def test_an_instalment_paid_in_two_parts_counts_once_and_is_late_when_the_last_part_is() -> None:
    part = {"NUM_INSTALMENT_NUMBER": 1, "DAYS_INSTALMENT": -100}
    features = history_of(
        installments_payments=[
            part | {"DAYS_ENTRY_PAYMENT": -105, "AMT_PAYMENT": 40.0},
            part | {"DAYS_ENTRY_PAYMENT": -97, "AMT_PAYMENT": 60.0},
        ]
    )
    assert features["installments_count"] == 1
    assert features["installments_paid_share_mean"] == 1
    assert features["installments_days_late_max"] == 3


def test_one_payment_shown_under_two_plan_versions_counts_once() -> None:
    payment = {
        "NUM_INSTALMENT_NUMBER": 1,
        "DAYS_INSTALMENT": -100,
        "DAYS_ENTRY_PAYMENT": -100,
        "AMT_PAYMENT": 150.0,
    }
    features = history_of(
        installments_payments=[
            payment | {"NUM_INSTALMENT_VERSION": 1, "AMT_INSTALMENT": 100.0},
            payment | {"NUM_INSTALMENT_VERSION": 2, "AMT_INSTALMENT": 50.0},
        ]
    )
    assert features["installments_paid_share_mean"] == 1
    assert features["installments_shortfall_sum"] == 0


def test_two_equal_payments_on_one_day_both_count() -> None:
    half = {
        "NUM_INSTALMENT_NUMBER": 1,
        "DAYS_INSTALMENT": -100,
        "DAYS_ENTRY_PAYMENT": -100,
        "AMT_PAYMENT": 50.0,
    }
    assert history_of(installments_payments=[half, half])["installments_paid_share_mean"] == 1


def test_a_payment_after_the_application_counts_as_not_made_and_late_until_then() -> None:
    features = history_of(
        installments_payments=[
            {
                "NUM_INSTALMENT_NUMBER": 1,
                "DAYS_INSTALMENT": -10,
                "DAYS_ENTRY_PAYMENT": 5,
                "AMT_PAYMENT": 100.0,
            }
        ]
    )
    assert features["installments_shortfall_sum"] == 100
    assert features["installments_days_late_max"] == 10
