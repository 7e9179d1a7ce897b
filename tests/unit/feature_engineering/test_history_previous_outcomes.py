import pytest

from tests.support.handmade_tables import history_of

REFUSED = {"NAME_CONTRACT_STATUS": "Refused"}


def test_outcomes_are_counted_by_status_product_reason_and_window() -> None:
    features = history_of(
        previous_application=[
            {"DAYS_DECISION": -800},
            {"DAYS_DECISION": -365, "NAME_CONTRACT_TYPE": "Consumer loans"},
            REFUSED | {"DAYS_DECISION": -180, "CODE_REJECT_REASON": "HC"},
            {"DAYS_DECISION": -10, "NAME_CONTRACT_STATUS": "Canceled", "NAME_CLIENT_TYPE": "New"},
        ]
    )
    assert features["previous_count"] == 4
    assert features["previous_count_approved"] == 2
    assert features["previous_count_refused"] == 1
    assert features["previous_count_cancelled"] == 1
    assert features["previous_count_approved_consumer"] == 1
    assert features["previous_count_refused_cash"] == 1
    assert features["previous_count_last_365_days"] == 3
    assert features["previous_count_refused_last_180_days"] == 1
    assert features["previous_count_refused_for_hc"] == 1
    assert features["previous_share_approved"] == 0.5
    assert features["previous_share_refused"] == 0.25
    assert features["previous_share_as_new_client"] == 0.25


def test_windows_of_applications_start_at_the_latest() -> None:
    decided = [{"DAYS_DECISION": -day} for day in (900, 800, 700)]
    features = history_of(previous_application=[*decided, REFUSED | {"DAYS_DECISION": -600}])
    assert features["previous_share_refused_last_3"] == pytest.approx(1 / 3)
    assert features["previous_share_refused_last_5"] == 0.25


def test_share_of_refusals_as_of_half_a_year_earlier() -> None:
    features = history_of(
        previous_application=[REFUSED | {"DAYS_DECISION": -180}, {"DAYS_DECISION": -900}, {"DAYS_DECISION": -179}]
    )
    assert features["previous_share_refused_as_of_180_days"] == 0.5
    assert features["previous_count_as_of_180_days"] == 2


def test_times_between_and_since_decisions() -> None:
    features = history_of(
        previous_application=[{"DAYS_DECISION": -700}, {"DAYS_DECISION": -300}, REFUSED | {"DAYS_DECISION": -200}]
    )
    assert features["previous_days_since_decision_mean"] == 400
    assert features["previous_days_since_decision_min_approved"] == 300
    assert features["previous_days_since_decision_min_refused"] == 200
    assert features["previous_days_between_mean"] == 250
    assert features["previous_days_between_latest"] == 100


def test_a_loan_runs_until_its_end_is_in_the_past() -> None:
    features = history_of(
        previous_application=[
            {"DAYS_TERMINATION": 365_243},
            {"DAYS_TERMINATION": 20},
            {"DAYS_TERMINATION": -20, "DAYS_LAST_DUE": -30, "DAYS_LAST_DUE_1ST_VERSION": 70},
            {"DAYS_TERMINATION": None},
        ]
    )
    assert features["previous_count_running"] == 2
    assert features["previous_days_since_end_min_finished"] == 20
    assert features["previous_days_finished_late_mean_finished"] == -100


def test_entries_filed_again_and_later_decisions_do_not_count() -> None:
    features = history_of(
        previous_application=[{"FLAG_LAST_APPL_PER_CONTRACT": "N"}, {"DAYS_DECISION": 1}, {"DAYS_DECISION": 0}]
    )
    assert features["previous_count"] == 1


def test_two_decisions_on_one_day_are_ordered_by_their_number() -> None:
    first, second = {"SK_ID_PREV": 7, "AMT_CREDIT": 10.0}, {"SK_ID_PREV": 8, "AMT_CREDIT": 20.0}
    for rows in ([first, second], [second, first]):
        assert history_of(previous_application=rows)["previous_credit_latest_approved"] == 20
