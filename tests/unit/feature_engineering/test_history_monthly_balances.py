import pytest

from tests.handmade_tables import history_of


def test_arrears_of_cash_and_shop_loans() -> None:
    features = history_of(
        POS_CASH_balance=[
            {"MONTHS_BALANCE": -1, "SK_DPD_DEF": 0, "CNT_INSTALMENT_FUTURE": 2},
            {"MONTHS_BALANCE": -2, "SK_DPD_DEF": 12, "CNT_INSTALMENT_FUTURE": 4},
        ]
    )
    assert features["pos_count"] == 2
    assert features["pos_share_really_late"] == 0.5
    assert features["pos_share_late"] == 0
    assert features["pos_real_delay_mean"] == 6
    assert features["pos_real_delay_max"] == 12
    assert features["pos_instalments_left_mean"] == 3


def test_utilisation_of_cards() -> None:
    features = history_of(
        credit_card_balance=[
            {"MONTHS_BALANCE": -1, "AMT_BALANCE": 50.0, "AMT_CREDIT_LIMIT_ACTUAL": 100},
            {"MONTHS_BALANCE": -6, "AMT_BALANCE": 30.0, "AMT_CREDIT_LIMIT_ACTUAL": 0},
            {"MONTHS_BALANCE": -7, "AMT_BALANCE": 90.0, "AMT_CREDIT_LIMIT_ACTUAL": 100},
        ]
    )
    assert features["card_utilisation_mean"] == pytest.approx(0.7)
    assert features["card_utilisation_max_last_6_months"] == pytest.approx(0.5)


@pytest.mark.parametrize("table", ["POS_CASH_balance", "credit_card_balance", "bureau_balance"])
def test_a_month_after_the_application_does_not_count(table: str) -> None:
    assert history_of(**{table: [{"MONTHS_BALANCE": 1}]}) == history_of()
