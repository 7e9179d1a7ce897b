import pytest

from tests.handmade_tables import history_of


def test_outcomes_of_earlier_applications() -> None:
    features = history_of(
        previous_application=[
            {"DAYS_DECISION": -300, "AMT_ANNUITY": 10.0, "AMT_CREDIT": 100.0, "AMT_APPLICATION": 50.0},
            {"DAYS_DECISION": -200, "AMT_ANNUITY": 30.0, "AMT_CREDIT": 300.0, "AMT_APPLICATION": 0.0},
            {"DAYS_DECISION": -100, "NAME_CONTRACT_STATUS": "Refused"},
        ]
    )
    assert features["previous_count"] == 3
    assert features["previous_share_refused"] == pytest.approx(1 / 3)
    assert features["previous_days_since_decision_min_approved"] == 200
    assert features["previous_days_since_decision_min_refused"] == 100
    assert features["previous_annuity_mean_approved"] == 20
    assert features["previous_credit_max_approved"] == 300
    assert features["previous_granted_share_mean"] == 2


def test_entries_made_again_and_later_decisions_do_not_count() -> None:
    features = history_of(
        previous_application=[
            {"FLAG_LAST_APPL_PER_CONTRACT": "N"},
            {"DAYS_DECISION": 1},
            {"DAYS_DECISION": 0},
        ]
    )
    assert features["previous_count"] == 1
