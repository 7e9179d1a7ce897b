import pytest

from tests.support.handmade_tables import history_of


def test_amounts_requested_and_granted() -> None:
    features = history_of(
        previous_application=[
            {"DAYS_DECISION": -300, "AMT_APPLICATION": 50.0, "AMT_CREDIT": 100.0, "AMT_ANNUITY": 10.0},
            {"DAYS_DECISION": -200, "AMT_APPLICATION": 400.0, "AMT_CREDIT": 300.0, "AMT_ANNUITY": 30.0},
            {
                "DAYS_DECISION": -100,
                "NAME_CONTRACT_STATUS": "Refused",
                "AMT_APPLICATION": 0.0,
                "AMT_CREDIT": 900.0,
                "AMT_ANNUITY": 90.0,
            },
        ]
    )
    assert features["previous_application_max"] == 400
    assert features["previous_application_latest"] == 0
    assert features["previous_credit_mean_approved"] == 200
    assert features["previous_credit_latest_approved"] == 300
    assert features["previous_credit_max_refused"] == 900
    assert features["previous_annuity_mean_approved"] == 20
    assert features["previous_annuity_mean_refused"] == 90
    assert features["previous_granted_share_min"] == 0.75
    assert features["previous_granted_share_latest"] == 0.75
    assert features["previous_cut_max"] == 100
    assert features["previous_cut_min"] == -900
    assert features["previous_credit_to_annuity_mean_approved"] == 10


def test_a_requested_amount_of_zero_gives_a_missing_share() -> None:
    only = history_of(previous_application=[{"AMT_APPLICATION": 0.0, "AMT_CREDIT": 100.0, "AMT_ANNUITY": 0.0}])
    assert only["previous_granted_share_mean"] is None
    assert only["previous_credit_to_annuity_mean_approved"] is None


def test_interest_follows_from_instalment_term_and_amount() -> None:
    features = history_of(previous_application=[{"AMT_CREDIT": 1000.0, "AMT_ANNUITY": 110.0, "CNT_PAYMENT": 10}])
    assert features["previous_interest_share_mean_approved"] == pytest.approx(0.1)
    assert features["previous_interest_rate_mean_approved"] == pytest.approx(24 * 100 / (1000 * 11))


def test_a_revolving_line_without_a_term_has_no_interest() -> None:
    features = history_of(previous_application=[{"AMT_CREDIT": 1000.0, "AMT_ANNUITY": 50.0, "CNT_PAYMENT": 0}])
    assert features["previous_interest_rate_mean_approved"] is None


def test_the_schedule_of_running_loans_gives_the_amount_still_to_be_paid() -> None:
    running = {"DAYS_TERMINATION": 365_243, "AMT_ANNUITY": 10.0}
    features = history_of(
        previous_application=[
            running | {"DAYS_LAST_DUE_1ST_VERSION": 29},
            running | {"DAYS_LAST_DUE_1ST_VERSION": 600},
            running | {"DAYS_LAST_DUE_1ST_VERSION": -5},
            {"DAYS_TERMINATION": -5, "DAYS_LAST_DUE_1ST_VERSION": 600, "AMT_ANNUITY": 10.0},
        ]
    )
    assert features["previous_instalments_ahead_sum_running"] == 1 + 21
    assert features["previous_left_to_pay_sum_running"] == 220
    assert features["previous_due_next_year_sum_running"] == 10 + 120
    assert features["previous_annuity_sum_running"] == 30


def test_the_latest_product_is_its_index_in_the_contract() -> None:
    features = history_of(
        previous_application=[
            {"DAYS_DECISION": -20, "NAME_YIELD_GROUP": "high", "NAME_CONTRACT_TYPE": "Revolving loans"},
            {"DAYS_DECISION": -30, "NAME_YIELD_GROUP": "low_action"},
            {"DAYS_DECISION": -10, "NAME_YIELD_GROUP": "XNA", "NAME_CONTRACT_TYPE": "XNA"},
        ]
    )
    assert features["previous_yield_group_latest_approved"] == 3
    assert features["previous_yield_group_mean_approved"] == 1.5
    assert features["previous_contract_type_latest"] == 2
