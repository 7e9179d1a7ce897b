import pytest

from tests.support.handmade_tables import history_of


def test_utilisation_of_a_card() -> None:
    features = history_of(
        credit_card_balance=[
            {"MONTHS_BALANCE": -1, "AMT_BALANCE": 50.0, "AMT_CREDIT_LIMIT_ACTUAL": 100},
            {"MONTHS_BALANCE": -2, "AMT_BALANCE": 30.0, "AMT_CREDIT_LIMIT_ACTUAL": 0},
            {"MONTHS_BALANCE": -6, "AMT_BALANCE": 120.0, "AMT_CREDIT_LIMIT_ACTUAL": 100},
            {"MONTHS_BALANCE": -7, "AMT_BALANCE": 0.0, "AMT_CREDIT_LIMIT_ACTUAL": 100},
        ]
    )
    assert features["card_count"] == 4
    assert features["card_utilisation_mean"] == pytest.approx(1.7 / 3)
    assert features["card_utilisation_max"] == pytest.approx(1.2)
    assert features["card_utilisation_latest"] == pytest.approx(0.5)
    assert features["card_utilisation_max_last_2_months"] == pytest.approx(0.5)
    assert features["card_utilisation_mean_last_6_months"] == pytest.approx(0.85)
    assert features["card_utilisation_mean_as_of_6_months"] == pytest.approx(0.6)
    assert features["card_utilisation_change_6_months"] == pytest.approx(0.5 - 0.6)
    assert features["card_share_indebted"] == 0.75
    assert features["card_share_over_limit"] == 0.25
    assert features["card_balance_latest"] == 50
    assert features["card_months_ago_min_indebted"] == 1


def test_a_limit_of_zero_gives_a_missing_utilisation() -> None:
    features = history_of(
        credit_card_balance=[{"MONTHS_BALANCE": -1, "AMT_BALANCE": 50.0, "AMT_CREDIT_LIMIT_ACTUAL": 0}]
    )
    assert features["card_utilisation_max"] is None
    assert features["card_utilisation_slope_last_12_months"] is None


def test_the_slope_is_the_growth_per_month() -> None:
    months = [
        {"MONTHS_BALANCE": -month, "AMT_BALANCE": 100.0 - 10 * month, "AMT_CREDIT_LIMIT_ACTUAL": 100}
        for month in (1, 2, 5)
    ]
    features = history_of(credit_card_balance=months)
    assert features["card_utilisation_slope_last_12_months"] == pytest.approx(0.1)


def test_drawings_and_payments() -> None:
    features = history_of(
        credit_card_balance=[
            {
                "MONTHS_BALANCE": -2,
                "AMT_BALANCE": 100.0,
                "AMT_DRAWINGS_CURRENT": 80.0,
                "AMT_DRAWINGS_ATM_CURRENT": 60.0,
                "CNT_DRAWINGS_ATM_CURRENT": 2,
                "AMT_INST_MIN_REGULARITY": 10.0,
                "AMT_PAYMENT_CURRENT": 5.0,
                "AMT_PAYMENT_TOTAL_CURRENT": 5.0,
                "AMT_TOTAL_RECEIVABLE": 110.0,
                "AMT_RECEIVABLE_PRINCIPAL": 90.0,
            },
            {
                "MONTHS_BALANCE": -1,
                "AMT_BALANCE": 140.0,
                "AMT_DRAWINGS_CURRENT": 20.0,
                "AMT_DRAWINGS_ATM_CURRENT": 0.0,
                "CNT_DRAWINGS_ATM_CURRENT": 0,
                "AMT_INST_MIN_REGULARITY": 0.0,
                "AMT_PAYMENT_CURRENT": 14.0,
                "AMT_PAYMENT_TOTAL_CURRENT": 14.0,
                "AMT_TOTAL_RECEIVABLE": 150.0,
                "AMT_RECEIVABLE_PRINCIPAL": 140.0,
            },
        ]
    )
    assert features["card_cash_share_of_drawn"] == pytest.approx(0.6)
    assert features["card_cash_drawings_mean"] == 1
    assert features["card_share_with_cash"] == 0.5
    assert features["card_payment_to_minimum_mean"] == pytest.approx(0.5)
    assert features["card_payment_to_balance_mean"] == pytest.approx((0.05 + 0.1) / 2)
    assert features["card_missed_minimum_sum_last_12_months"] == 5
    assert features["card_share_below_minimum"] == 0.5
    assert features["card_interest_mean"] == 15
    assert features["card_balance_growth_mean_last_6_months"] == 40


def test_growth_is_computed_within_a_card() -> None:
    features = history_of(
        credit_card_balance=[
            {"SK_ID_PREV": 1, "MONTHS_BALANCE": -2, "AMT_BALANCE": 100.0},
            {"SK_ID_PREV": 2, "MONTHS_BALANCE": -1, "AMT_BALANCE": 900.0},
        ]
    )
    assert features["card_count_cards"] == 2
    assert features["card_balance_growth_mean_last_6_months"] is None


def test_delays_on_cards() -> None:
    features = history_of(
        credit_card_balance=[
            {"MONTHS_BALANCE": -1, "SK_DPD": 0},
            {"MONTHS_BALANCE": -20, "SK_DPD": 40, "SK_DPD_DEF": 7},
        ]
    )
    assert features["card_delay_max"] == 40
    assert features["card_delay_max_last_12_months"] == 0
    assert features["card_real_delay_max_last_24_months"] == 7
    assert features["card_share_late"] == 0.5
    assert features["card_months_ago_min_late"] == 20


def test_a_month_after_the_application_does_not_count() -> None:
    assert history_of(credit_card_balance=[{"MONTHS_BALANCE": 1}]) == history_of()
