from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.handmade_tables import history_of


def paid(number: int, due: int, days_late: int, amount: float = 100.0, **columns: Any) -> Mapping[str, Any]:
    """An instalment of 100, due on a day and paid so many days later."""
    return {
        "NUM_INSTALMENT_NUMBER": number,
        "DAYS_INSTALMENT": due,
        "DAYS_ENTRY_PAYMENT": due + days_late,
        "AMT_PAYMENT": amount,
    } | columns


def test_lateness_overall_and_by_window() -> None:
    features = history_of(installments_payments=[paid(1, -400, 10), paid(2, -365, -2), paid(9, -100, 20)])
    assert features["installments_count"] == 3
    assert features["installments_count_late"] == 2
    assert features["installments_share_late"] == pytest.approx(2 / 3)
    assert features["installments_share_late_15_days"] == pytest.approx(1 / 3)
    assert features["installments_share_late_last_365_days"] == 0.5
    assert features["installments_share_late_first_4_of_loan"] == 0.5
    assert features["installments_days_late_mean"] == 10
    assert features["installments_days_late_mean_late"] == 15
    assert features["installments_days_late_max_last_365_days"] == 20
    assert features["installments_days_late_max_first_4_of_loan"] == 10
    assert features["installments_days_early_mean"] == pytest.approx(2 / 3)
    assert features["installments_delay_min_last_365_days"] == -2
    assert features["installments_delay_latest"] == 20
    assert features["installments_days_since_due_min_late"] == 100


def test_older_delays_weigh_less() -> None:
    recent, old = 0.5, 0.25
    half_life = round(-365.25 * 0.6931471805599453)
    features = history_of(installments_payments=[paid(1, half_life, 8), paid(2, 2 * half_life, 4)])
    assert features["installments_days_late_weighted_sum"] == pytest.approx(recent * 8 + old * 4, rel=2e-3)
    assert features["installments_days_late_weighted_mean"] == pytest.approx(5 / 0.75, rel=2e-3)


def test_the_slope_is_positive_when_delays_grow() -> None:
    growing = [paid(number, -1000 + 30 * number, 2 * number) for number in range(1, 7)]
    features = history_of(installments_payments=growing)
    assert features["installments_delay_slope_last_10"] == pytest.approx(2)


def test_one_instalment_has_no_slope() -> None:
    assert history_of(installments_payments=[paid(1, -100, 1)])["installments_delay_slope_last_10"] is None


def test_lateness_as_of_half_a_year_earlier() -> None:
    features = history_of(
        installments_payments=[paid(1, -300, 10), paid(2, -200, 60), paid(3, -185, 0), paid(4, -100, 4)]
    )
    assert features["installments_days_late_mean_as_of_180_days"] == 5
    assert features["installments_share_late_mean_as_of_180_days"] == 0.5
    assert features["installments_days_late_change_since_180_days"] == 4 - 5


def test_an_instalment_paid_in_two_parts_counts_once_and_is_late_when_the_last_part_is() -> None:
    features = history_of(installments_payments=[paid(1, -100, -5, 40.0), paid(1, -100, 3, 60.0)])
    assert features["installments_count"] == 1
    assert features["installments_paid_share_mean"] == 1
    assert features["installments_days_late_max"] == 3
    assert features["installments_share_in_parts"] == 1
    assert features["installments_shortfall_sum"] == 0


def test_one_payment_shown_under_two_plan_versions_counts_once() -> None:
    features = history_of(
        installments_payments=[
            paid(1, -100, 0, 150.0, NUM_INSTALMENT_VERSION=1, AMT_INSTALMENT=100.0),
            paid(1, -100, 0, 150.0, NUM_INSTALMENT_VERSION=2, AMT_INSTALMENT=50.0),
        ]
    )
    assert features["installments_due_mean"] == 150
    assert features["installments_paid_share_mean"] == 1
    assert features["installments_shortfall_sum"] == 0


def test_two_payments_shown_under_two_plan_versions_count_once_each() -> None:
    rows = [
        paid(1, -100, late, amount, NUM_INSTALMENT_VERSION=version, AMT_INSTALMENT=75.0)
        for version in (1, 2)
        for late, amount in ((0, 100.0), (5, 50.0))
    ]
    features = history_of(installments_payments=rows)
    assert features["installments_due_mean"] == 150
    assert features["installments_paid_sum"] == 150


def test_two_equal_payments_on_one_day_both_count() -> None:
    half = paid(1, -100, 0, 50.0)
    assert history_of(installments_payments=[half, half])["installments_paid_share_mean"] == 1


def test_shortfall_and_overpayment() -> None:
    features = history_of(
        installments_payments=[
            paid(1, -400, 0, 60.0),
            paid(2, -300, 0, 130.0),
            {"NUM_INSTALMENT_NUMBER": 3, "DAYS_INSTALMENT": -50},
        ]
    )
    assert features["installments_shortfall_sum"] == 140
    assert features["installments_shortfall_sum_last_365_days"] == 100
    assert features["installments_overpayment_sum"] == 30
    assert features["installments_share_underpaid"] == pytest.approx(2 / 3)
    assert features["installments_paid_share_min"] == 0
    assert features["installments_days_late_max"] == 50


def test_an_instalment_of_zero_has_no_paid_share() -> None:
    features = history_of(installments_payments=[paid(1, -10, 0, 5.0, AMT_INSTALMENT=0.0)])
    assert features["installments_paid_share_mean"] is None


def test_a_payment_after_the_application_counts_as_not_made_and_late_until_then() -> None:
    features = history_of(installments_payments=[paid(1, -10, 15)])
    assert features["installments_shortfall_sum"] == 100
    assert features["installments_days_late_max"] == 10


def test_aggregates_by_loan() -> None:
    features = history_of(
        installments_payments=[
            paid(1, -900, 10, SK_ID_PREV=1),
            paid(2, -870, 0, SK_ID_PREV=1, NUM_INSTALMENT_VERSION=2),
            paid(5, -100, 4, SK_ID_PREV=2),
            paid(6, -70, 0, SK_ID_PREV=2),
            paid(7, -40, 0, SK_ID_PREV=2),
        ]
    )
    assert features["installments_count_loans"] == 2
    assert features["installments_share_loans_never_late"] == 0
    assert features["installments_share_loans_replanned"] == 0.5
    assert features["installments_loan_late_share_max"] == 0.5
    assert features["installments_loan_late_share_latest"] == pytest.approx(1 / 3)
    assert features["installments_loan_late_days_max_mean"] == 7
    assert features["installments_loan_first_late_days_mean"] == 10
    assert features["installments_loan_instalments_latest"] == 3
