import pytest

from tests.support.handmade_tables import history_of

MONTHS: list[dict[str, object]] = [
    {"MONTHS_BALANCE": -30, "SK_DPD": 5, "CNT_INSTALMENT": 10, "CNT_INSTALMENT_FUTURE": 10},
    {"MONTHS_BALANCE": -13, "SK_DPD": 12, "SK_DPD_DEF": 12, "CNT_INSTALMENT": 8, "CNT_INSTALMENT_FUTURE": 4},
    {"MONTHS_BALANCE": -12, "NAME_CONTRACT_STATUS": "Completed", "CNT_INSTALMENT": 8, "CNT_INSTALMENT_FUTURE": 0},
    {"SK_ID_PREV": 2, "MONTHS_BALANCE": -2, "CNT_INSTALMENT": 6, "CNT_INSTALMENT_FUTURE": 6, "SK_DPD": 1},
    {
        "SK_ID_PREV": 2,
        "MONTHS_BALANCE": -1,
        "NAME_CONTRACT_STATUS": "Active",
        "CNT_INSTALMENT": 6,
        "CNT_INSTALMENT_FUTURE": 3,
    },
]


def test_delays_by_month() -> None:
    features = history_of(POS_CASH_balance=MONTHS)
    assert features["pos_count"] == 5
    assert features["pos_share_late"] == pytest.approx(0.6)
    assert features["pos_share_really_late"] == pytest.approx(0.2)
    assert features["pos_share_late_last_12_months"] == pytest.approx(1 / 3)
    assert features["pos_delay_max"] == 12
    assert features["pos_delay_max_last_12_months"] == 1
    assert features["pos_months_ago_min_late"] == 2
    assert features["pos_share_late_first_6_of_loan"] == pytest.approx(2 / 3)
    assert features["pos_share_late_as_of_6_months"] == pytest.approx(2 / 3)
    assert features["pos_share_late_change_12_months"] == pytest.approx(1 / 3 - 1)


def test_aggregates_by_loan() -> None:
    features = history_of(POS_CASH_balance=MONTHS)
    assert features["pos_count_loans"] == 2
    assert features["pos_count_loans_completed"] == 1
    assert features["pos_count_loans_current"] == 1
    assert features["pos_count_loans_shortened"] == 1
    assert features["pos_loan_instalments_left_sum_loans_current"] == 3
    assert features["pos_loan_left_share_latest"] == 0.5
    assert features["pos_loan_worst_delay_mean"] == 6.5
    assert features["pos_loan_months_max"] == 3
    assert features["pos_loan_status_latest"] == 0


def test_a_month_without_a_term_has_no_share_left() -> None:
    features = history_of(POS_CASH_balance=[{"MONTHS_BALANCE": -1, "CNT_INSTALMENT": 0, "CNT_INSTALMENT_FUTURE": 0}])
    assert features["pos_loan_left_share_latest"] is None


def test_a_month_after_the_application_does_not_count() -> None:
    assert history_of(POS_CASH_balance=[{"MONTHS_BALANCE": 1}]) == history_of()
