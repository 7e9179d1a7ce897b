"""The branches of the DAGs: approval, alarm, and when a drift alarm starts a training."""

from datetime import UTC, datetime, timedelta

import pytest
from credit_airflow.decisions import approver, ignores_old_data, is_alarm, may_request_training, production_step

DUE = datetime(2026, 11, 29, 1, tzinfo=UTC)
NEW, OLD = DUE + timedelta(hours=1), DUE - timedelta(days=7)


@pytest.mark.parametrize(
    ("in_production", "trained_at", "require_approval", "expected"),
    [
        (4, NEW, True, "approve_production"),
        (None, NEW, True, "approve_production"),
        (4, NEW, False, "promote_production"),
        (5, NEW, True, None),
        (5, NEW, False, None),
        (4, OLD, True, None),
        (4, OLD, False, None),
    ],
)
def test_only_a_new_version_goes_on_to_production(in_production, trained_at, require_approval, expected):
    assert production_step(5, in_production, trained_at, DUE, require_approval) == expected


@pytest.mark.parametrize(
    ("approval", "expected"),
    [
        (None, "airflow"),
        ({"chosen_options": ["Approve"], "responded_by_user": None}, "airflow"),
        ({"chosen_options": ["Approve"], "responded_by_user": {"id": "1", "name": "ada"}}, "ada"),
    ],
)
def test_the_promotion_log_names_who_approved(approval, expected):
    assert approver(approval) == expected


@pytest.mark.parametrize(
    ("drift", "performance", "expected"),
    [
        ({"alarm": True}, {"alarm": False}, True),
        ({"alarm": False}, {"alarm": True}, True),
        ({"alarm": False}, {"alarm": False}, False),
        ({"alarm": True}, None, True),
        (None, None, False),
    ],
)
def test_an_alarm_of_either_comparison_counts_also_if_the_other_failed(drift, performance, expected):
    assert is_alarm(drift, performance) is expected


@pytest.mark.parametrize(
    ("force", "run_type", "expected"),
    [(False, "scheduled", False), (False, "manual", False), (True, "manual", True), (False, "asset_triggered", True)],
)
def test_old_data_is_trained_on_only_for_a_reason(force, run_type, expected):
    assert ignores_old_data(force, run_type) is expected


@pytest.mark.parametrize(
    ("alarm", "earlier", "expected"),
    [
        (False, None, False),
        (True, None, True),
        (True, NEW - timedelta(days=6), False),
        (True, NEW - timedelta(days=7), True),
    ],
)
def test_an_alarm_starts_one_training_in_the_cool_down(alarm, earlier, expected):
    assert may_request_training(alarm, earlier, NEW, timedelta(days=7)) is expected
