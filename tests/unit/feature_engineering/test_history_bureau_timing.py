import pytest

from tests.support.handmade_tables import history_of


def test_credits_are_counted_by_status_type_and_start() -> None:
    features = history_of(
        bureau=[
            {"DAYS_CREDIT": -90, "CREDIT_TYPE": "Credit card"},
            {"DAYS_CREDIT": -365, "CREDIT_TYPE": "Consumer credit", "CREDIT_ACTIVE": "Closed"},
            {"DAYS_CREDIT": -366, "CREDIT_TYPE": "Microloan", "CREDIT_ACTIVE": "Bad debt"},
            {"DAYS_CREDIT": -2000, "CREDIT_TYPE": "Consumer credit", "DAYS_CREDIT_ENDDATE": 0},
        ]
    )
    assert features["bureau_count"] == 4
    assert features["bureau_count_active"] == 2
    assert features["bureau_count_closed"] == 1
    assert features["bureau_count_sold_or_bad"] == 1
    assert features["bureau_count_last_90_days"] == 1
    assert features["bureau_count_last_365_days"] == 2
    assert features["bureau_count_microloan"] == 1
    assert features["bureau_count_active_consumer"] == 1
    assert features["bureau_count_active_past_planned_end"] == 1
    assert features["bureau_credit_type_count"] == 3
    assert features["bureau_share_active"] == 0.5
    assert features["bureau_share_consumer"] == 0.5


def test_ages_and_gaps_of_credits() -> None:
    features = history_of(
        bureau=[{"DAYS_CREDIT": -1000, "CREDIT_ACTIVE": "Closed"}, {"DAYS_CREDIT": -400}, {"DAYS_CREDIT": -100}]
    )
    assert features["bureau_days_since_start_mean"] == 500
    assert features["bureau_days_since_start_min"] == 100
    assert features["bureau_days_since_start_max"] == 1000
    assert features["bureau_days_since_start_mean_active"] == 250
    assert features["bureau_days_between_starts_mean"] == 450
    assert features["bureau_days_between_starts_latest"] == 300


def test_a_single_credit_has_no_gap() -> None:
    assert history_of(bureau=[{"DAYS_CREDIT": -1000}])["bureau_days_between_starts_mean"] is None


def test_credits_started_on_one_day_are_zero_days_apart() -> None:
    same_day = history_of(bureau=[{"DAYS_CREDIT": -500}, {"DAYS_CREDIT": -500}])
    assert same_day["bureau_days_between_starts_mean"] == 0


def test_planned_and_real_ends() -> None:
    features = history_of(
        bureau=[
            {"CREDIT_ACTIVE": "Closed", "DAYS_CREDIT": -1000, "DAYS_CREDIT_ENDDATE": -200, "DAYS_ENDDATE_FACT": -300},
            {"DAYS_CREDIT": -100, "DAYS_CREDIT_ENDDATE": 265},
            {"DAYS_CREDIT": -100, "DAYS_CREDIT_ENDDATE": 65},
        ]
    )
    assert features["bureau_days_ended_early_mean_closed"] == 100
    assert features["bureau_days_since_end_min_closed"] == 300
    assert features["bureau_days_left_max_active"] == 265
    assert features["bureau_days_left_mean_active"] == 165
    assert features["bureau_planned_days_mean"] == pytest.approx((800 + 365 + 165) / 3)


@pytest.mark.parametrize("closed_on", [5, -42_000])
def test_an_end_after_the_application_or_before_the_start_is_missing(closed_on: int) -> None:
    credit = {"CREDIT_ACTIVE": "Closed", "DAYS_CREDIT": -1000, "DAYS_CREDIT_ENDDATE": -200}
    features = history_of(bureau=[credit | {"DAYS_ENDDATE_FACT": closed_on}])
    assert features["bureau_days_since_end_min_closed"] is None
    assert features["bureau_days_ended_early_mean_closed"] is None


@pytest.mark.parametrize("future", [{"DAYS_CREDIT": 1}, {"DAYS_CREDIT_UPDATE": 10}])
def test_a_credit_known_only_after_the_application_does_not_count(future: dict[str, int]) -> None:
    assert history_of(bureau=[future]) == history_of()
