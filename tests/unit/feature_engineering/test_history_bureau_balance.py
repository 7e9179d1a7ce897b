import pytest

from tests.support.handmade_tables import history_of

MONTHS = [
    {"MONTHS_BALANCE": 0, "STATUS": "0"},
    {"MONTHS_BALANCE": -1, "STATUS": "C"},
    {"MONTHS_BALANCE": -2, "STATUS": "X"},
    # The month of the application is the first of the last twelve, so this is the twelfth ...
    {"MONTHS_BALANCE": -11, "STATUS": "2"},
    # ... and these lie before.
    {"MONTHS_BALANCE": -12, "STATUS": "5"},
    {"MONTHS_BALANCE": -12, "STATUS": "0", "SK_ID_BUREAU": 2},
]


def test_months_by_state() -> None:
    features = history_of(bureau_balance=MONTHS)
    assert features["bureau_balance_count"] == 6
    assert features["bureau_balance_count_late"] == 2
    assert features["bureau_balance_count_late_last_12_months"] == 1
    assert features["bureau_balance_share_late"] == 0.5
    assert features["bureau_balance_share_very_late"] == 0.5
    assert features["bureau_balance_share_closed"] == pytest.approx(1 / 6)
    assert features["bureau_balance_share_unreported"] == pytest.approx(1 / 6)


def test_lateness_grades_by_window() -> None:
    features = history_of(bureau_balance=MONTHS)
    assert features["bureau_balance_late_grade_max"] == 5
    assert features["bureau_balance_late_grade_max_last_12_months"] == 2
    assert features["bureau_balance_late_grade_max_last_3_months"] == 0
    assert features["bureau_balance_late_grade_mean"] == pytest.approx(7 / 4)
    assert features["bureau_balance_months_ago_min_late"] == 11


def test_change_of_lateness_between_the_last_year_and_before() -> None:
    features = history_of(bureau_balance=MONTHS)
    assert features["bureau_balance_late_share_mean_last_12_months"] == 0.5
    assert features["bureau_balance_late_share_change_12_months"] == pytest.approx(0.5 - 0.5)
    assert features["bureau_balance_late_share_mean_as_of_6_months"] == pytest.approx(2 / 3)


def test_without_an_older_month_there_is_no_change() -> None:
    recent = history_of(bureau_balance=[{"MONTHS_BALANCE": -1}])
    assert recent["bureau_balance_late_share_change_12_months"] is None


def test_aggregates_by_credit() -> None:
    features = history_of(bureau_balance=MONTHS)
    assert features["bureau_balance_count_credits"] == 2
    assert features["bureau_balance_count_credits_late"] == 1
    assert features["bureau_balance_share_credits_late"] == 0.5
    assert features["bureau_balance_credit_late_share_mean"] == pytest.approx((2 / 3 + 0) / 2)
    assert features["bureau_balance_credit_months_max"] == 5
    assert features["bureau_balance_credit_worst_grade_mean"] == 2.5


def test_months_without_any_known_state_have_no_lateness() -> None:
    features = history_of(bureau_balance=[{"MONTHS_BALANCE": -1, "STATUS": "X"}])
    assert features["bureau_balance_share_late"] is None
    assert features["bureau_balance_late_grade_max"] is None
    assert features["bureau_balance_count_late"] == 0
