from typing import Any

import numpy as np
import pytest

from tests.support.handmade_applications import application_of

REQUEST: dict[str, Any] = {
    "AMT_ANNUITY": 100.0,
    "AMT_CREDIT": 900.0,
    "AMT_INCOME_TOTAL": 1000.0,
    "AMT_GOODS_PRICE": 600.0,
}


def test_the_request_is_compared_with_credits_elsewhere() -> None:
    features = application_of(
        history={
            "bureau_debt_sum_active": 500.0,
            "bureau_credit_sum_active": 2000.0,
            "bureau_credit_mean": 300.0,
            "bureau_count_last_365_days": 1.0,
        },
        **REQUEST,
        AMT_REQ_CREDIT_BUREAU_YEAR=4,
    )
    assert features["cross_bureau_debt_to_income"] == pytest.approx(0.5)
    assert features["cross_bureau_credit_to_income"] == 2
    assert features["cross_credit_to_bureau_mean"] == 3
    assert features["cross_enquiries_per_new_credit"] == 2


def test_the_request_is_compared_with_earlier_loans() -> None:
    features = application_of(
        history={
            "previous_annuity_mean_approved": 50.0,
            "previous_credit_max_approved": 300.0,
            "previous_annuity_mean_refused": 120.0,
            "previous_interest_rate_mean_approved": 0.25,
            "installments_due_max": 80.0,
            "card_limit_latest": 500.0,
        },
        **REQUEST | {"AMT_CREDIT": 1000.0},
    )
    assert features["cross_annuity_to_previous_mean"] == 2
    assert features["cross_credit_to_previous_max"] == pytest.approx(1000 / 300)
    assert features["cross_annuity_minus_previous_mean"] == 50
    assert features["cross_annuity_minus_refused_mean"] == -20
    assert features["cross_rate_minus_previous_mean"] == pytest.approx(4800 / 13000 - 0.25)
    assert features["cross_annuity_to_instalment_max"] == 1.25
    assert features["cross_card_limit_to_income"] == 0.5


def test_all_debts_add_up_and_an_unknown_one_adds_nothing() -> None:
    features = application_of(
        history={"bureau_debt_sum_active": 500.0, "previous_left_to_pay_sum_running": 250.0},
        **REQUEST,
        EXT_SOURCE_2=0.5,
    )
    assert features["cross_debt"] == 750
    assert features["cross_debt_to_income"] == pytest.approx(0.75)
    assert features["cross_debt_with_loan_to_income"] == pytest.approx(1.65)
    assert features["cross_debt_with_loan_to_income_per_ext_source"] == pytest.approx(3.3)


def test_a_client_without_history_cannot_be_compared() -> None:
    features = application_of(**REQUEST)
    assert np.isnan(features["cross_annuity_to_previous_mean"])
    assert np.isnan(features["cross_credit_to_bureau_mean"])
    assert features["cross_bureau_debt_to_income"] == 0
    assert features["cross_debt"] == 0
