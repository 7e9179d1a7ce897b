import pytest

from tests.support.handmade_tables import history_of


def test_arrears_today_and_in_the_past() -> None:
    features = history_of(
        bureau=[
            {"DAYS_CREDIT": -900, "AMT_CREDIT_MAX_OVERDUE": 50.0, "AMT_CREDIT_SUM": 1000.0, "CREDIT_DAY_OVERDUE": 3},
            {"DAYS_CREDIT": -700, "AMT_CREDIT_MAX_OVERDUE": 0.0, "AMT_CREDIT_SUM_OVERDUE": 20.0},
            {"DAYS_CREDIT": -100, "AMT_CREDIT_MAX_OVERDUE": None, "CNT_CREDIT_PROLONG": 2},
        ]
    )
    assert features["bureau_worst_arrears_max"] == 50
    assert features["bureau_worst_arrears_max_last_730_days"] == 0
    assert features["bureau_worst_arrears_to_credit"] == pytest.approx(0.05)
    assert features["bureau_count_ever_in_arrears"] == 1
    assert features["bureau_share_ever_in_arrears"] == 0.5
    assert features["bureau_days_since_start_min_ever_in_arrears"] == 900
    assert features["bureau_arrears_sum"] == 20
    assert features["bureau_days_late_max"] == 3
    assert features["bureau_prolonged_sum"] == 2


def test_the_state_half_a_year_before() -> None:
    features = history_of(
        bureau=[
            {"DAYS_CREDIT": -180, "AMT_CREDIT_SUM": 100.0},
            {"DAYS_CREDIT": -179, "AMT_CREDIT_SUM": 200.0},
            {"DAYS_CREDIT": -900, "CREDIT_ACTIVE": "Closed", "DAYS_ENDDATE_FACT": -100, "AMT_CREDIT_SUM": 400.0},
            {"DAYS_CREDIT": -900, "CREDIT_ACTIVE": "Closed", "DAYS_ENDDATE_FACT": -180, "AMT_CREDIT_SUM": 800.0},
        ]
    )
    assert features["bureau_count_as_of_180_days"] == 3
    assert features["bureau_count_open_as_of_180_days"] == 2
    assert features["bureau_credit_sum_open_as_of_180_days"] == 500
    assert features["bureau_open_change_since_180_days"] == 0
