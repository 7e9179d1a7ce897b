import pytest

from tests.support.handmade_tables import history_of

CREDITS = [
    {"DAYS_CREDIT": -365, "CREDIT_TYPE": "Consumer credit", "AMT_CREDIT_SUM": 2000.0, "AMT_CREDIT_SUM_DEBT": 200.0},
    {
        "DAYS_CREDIT": -100,
        "CREDIT_TYPE": "Credit card",
        "AMT_CREDIT_SUM": 1000.0,
        "AMT_CREDIT_SUM_DEBT": 500.0,
        "AMT_CREDIT_SUM_LIMIT": 300.0,
    },
    {"DAYS_CREDIT": -400, "CREDIT_ACTIVE": "Closed", "AMT_CREDIT_SUM": 4000.0, "AMT_CREDIT_SUM_DEBT": 0.0},
]


def test_amounts_lent_and_owed() -> None:
    features = history_of(bureau=CREDITS)
    assert features["bureau_credit_sum"] == 7000
    assert features["bureau_credit_max"] == 4000
    assert features["bureau_credit_latest"] == 1000
    assert features["bureau_credit_sum_active"] == 3000
    assert features["bureau_credit_sum_last_365_days"] == 3000
    assert features["bureau_debt_sum_active"] == 700
    assert features["bureau_debt_mean_active"] == 350
    assert features["bureau_debt_sum_active_card"] == 500
    assert features["bureau_repaid_sum_active"] == 2300


def test_shares_of_debt() -> None:
    features = history_of(bureau=CREDITS)
    assert features["bureau_debt_to_credit"] == pytest.approx(700 / 7000)
    assert features["bureau_debt_to_credit_active"] == pytest.approx(700 / 3000)
    assert features["bureau_debt_share_mean_active"] == pytest.approx(0.3)
    assert features["bureau_debt_share_max_active"] == pytest.approx(0.5)
    assert features["bureau_debt_share_of_latest"] == pytest.approx(0.5)
    assert features["bureau_card_limit_used"] == pytest.approx(500 / 800)


def test_a_credit_of_zero_gives_a_missing_share() -> None:
    features = history_of(bureau=[{"AMT_CREDIT_SUM": 0.0, "AMT_CREDIT_SUM_DEBT": 500.0}])
    assert features["bureau_debt_share_max_active"] is None
    assert features["bureau_debt_to_credit"] is None


def test_an_unknown_debt_is_excluded_from_averages_and_shares_and_adds_zero_to_sums() -> None:
    known = {"AMT_CREDIT_SUM": 1000.0, "AMT_CREDIT_SUM_DEBT": 400.0}
    features = history_of(bureau=[known, {"AMT_CREDIT_SUM": 9000.0, "AMT_CREDIT_SUM_DEBT": None}])
    assert features["bureau_debt_mean_active"] == 400
    assert features["bureau_debt_sum_active"] == 400
    assert features["bureau_debt_to_credit"] == pytest.approx(0.4)


def test_without_amounts_lent_the_sum_is_zero_and_the_average_missing() -> None:
    features = history_of()
    assert features["bureau_credit_sum"] == 0
    assert features["bureau_credit_mean"] is None
    assert features["bureau_debt_to_credit"] is None
