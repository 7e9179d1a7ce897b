import pytest

from tests.handmade_tables import history_of


def test_debt_and_counts_of_credits_with_other_lenders() -> None:
    features = history_of(
        bureau=[
            {"DAYS_CREDIT": -100, "AMT_CREDIT_SUM": 1000.0, "AMT_CREDIT_SUM_DEBT": 500.0},
            {"DAYS_CREDIT": -365, "AMT_CREDIT_SUM": 2000.0, "AMT_CREDIT_SUM_DEBT": 200.0},
            {
                "DAYS_CREDIT": -400,
                "CREDIT_ACTIVE": "Closed",
                "AMT_CREDIT_SUM": 4000.0,
                "AMT_CREDIT_SUM_DEBT": 0.0,
            },
        ]
    )
    assert features["bureau_count"] == 3
    assert features["bureau_count_active"] == 2
    assert features["bureau_count_last_365_days"] == 2
    assert features["bureau_share_active"] == pytest.approx(2 / 3)
    assert features["bureau_debt_sum_active"] == 700
    assert features["bureau_debt_to_credit"] == pytest.approx(700 / 7000)
    assert features["bureau_debt_share_mean_active"] == pytest.approx((0.5 + 0.1) / 2)
    assert features["bureau_debt_share_max_active"] == pytest.approx(0.5)


def test_a_credit_of_nothing_gives_a_missing_share_and_not_an_infinite_one() -> None:
    features = history_of(bureau=[{"AMT_CREDIT_SUM": 0.0, "AMT_CREDIT_SUM_DEBT": 500.0}])
    assert features["bureau_debt_share_max_active"] is None
    assert features["bureau_debt_to_credit"] is None


def test_an_unknown_debt_is_missing_on_average_and_adds_nothing_to_the_sum() -> None:
    features = history_of(bureau=[{"AMT_CREDIT_SUM": 1000.0, "AMT_CREDIT_SUM_DEBT": None}])
    assert features["bureau_debt_mean_active"] is None
    assert features["bureau_debt_sum_active"] == 0


@pytest.mark.parametrize("future", [{"DAYS_CREDIT": 1}, {"DAYS_CREDIT_UPDATE": 10}])
def test_a_credit_known_only_after_the_application_does_not_count(future: dict[str, int]) -> None:
    assert history_of(bureau=[future])["bureau_count"] == 0


def test_lateness_of_months_at_the_bureau() -> None:
    features = history_of(
        bureau_balance=[
            {"MONTHS_BALANCE": 0, "STATUS": "0"},
            {"MONTHS_BALANCE": -12, "STATUS": "2"},
            {"MONTHS_BALANCE": -13, "STATUS": "5"},
            {"MONTHS_BALANCE": -1, "STATUS": "C"},
            {"MONTHS_BALANCE": -2, "STATUS": "X"},
        ]
    )
    assert features["bureau_balance_count"] == 5
    assert features["bureau_balance_share_late"] == pytest.approx(2 / 3)
    assert features["bureau_balance_late_grade_max_last_12_months"] == 2
