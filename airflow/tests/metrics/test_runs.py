"""Runs of DAGs: how they ended, how long they took, deadlines, approvals."""

from metadata_rows import NOW, Database, ago

TRAINING = ("credit_training",)


def test_a_dag_is_shown_with_its_pause_its_next_run_and_since_when_it_is_known(database: Database) -> None:
    database.dag("credit_training", known_since=ago(days=9), is_paused=True)
    database.dag("credit_drift", next_dagrun_create_after=NOW)
    database.dag("removed", is_stale=True)
    assert database.metric("dag_paused") == {TRAINING: 1.0, ("credit_drift",): 0.0}
    assert database.metric("dag_next_run_timestamp_seconds") == {("credit_drift",): NOW.timestamp()}
    assert database.metric("dag_known_since_timestamp_seconds")[TRAINING] == ago(days=9).timestamp()


def test_a_dag_without_runs_has_neither_success_nor_failure(database: Database) -> None:
    database.dag("credit_training")
    for result in ("success", "failure", "run_end"):
        assert database.metric(f"dag_last_{result}_timestamp_seconds") == {}
    assert database.metric("dag_running_seconds") == {TRAINING: 0.0}
    assert database.metric("dag_recent_runs") == {(*TRAINING, "success"): 0.0, (*TRAINING, "failed"): 0.0}


def test_a_failure_after_a_success_is_the_newer_of_both(database: Database) -> None:
    database.dag("credit_training")
    database.run("credit_training", "success", ago(days=8), ago(days=7))
    database.run("credit_training", "failed", ago(hours=3), ago(hours=1))
    assert database.metric("dag_last_success_timestamp_seconds") == {TRAINING: ago(days=7).timestamp()}
    assert database.metric("dag_last_failure_timestamp_seconds") == {TRAINING: ago(hours=1).timestamp()}
    assert database.metric("dag_last_run_end_timestamp_seconds") == {TRAINING: ago(hours=1).timestamp()}
    states = database.metric("dag_last_run_state")
    assert {state for (_, state), value in states.items() if value} == {"failed"}
    assert database.metric("dag_last_success_duration_seconds") == {TRAINING: 86_400.0}


def test_the_time_in_which_a_run_waits_for_a_person_is_not_its_duration(database: Database) -> None:
    database.dag("credit_training")
    ended = database.run("credit_training", "success", ago(days=8, hours=5), ago(days=8))
    request = database.task("credit_training", ended, "approve_production", "success")
    database.approval(request, ago(days=8, hours=4), answered=ago(days=8, hours=1))
    current = database.run("credit_training", "running", ago(hours=40))
    request = database.task("credit_training", current, "approve_production", "awaiting_input")
    database.approval(request, ago(hours=37))
    assert database.metric("dag_last_success_duration_seconds") == {TRAINING: 2 * 3_600.0}
    assert database.metric("dag_running_seconds") == {TRAINING: 3 * 3_600.0}
    assert database.metric("approval_waiting_seconds") == {TRAINING: 37 * 3_600.0}


def test_an_answered_or_expired_request_waits_no_longer(database: Database) -> None:
    database.dag("credit_training")
    run = database.run("credit_training", "running", ago(hours=9))
    database.approval(database.task("credit_training", run, "answered", "success"), ago(hours=8), ago(hours=7))
    expired = database.task("credit_training", run, "expired", "failed", end_date=ago(hours=4))
    database.approval(expired, ago(hours=6))
    assert database.metric("approval_waiting_seconds") == {TRAINING: 0.0}
    assert database.metric("dag_running_seconds") == {TRAINING: 6 * 3_600.0}


def test_runs_and_missed_deadlines_of_a_month_are_counted(database: Database) -> None:
    database.dag("credit_training")
    database.run("credit_training", "success", ago(days=31), ago(days=31))
    database.run("credit_training", "success", ago(days=9), ago(days=9))
    database.run("credit_training", "failed", ago(days=2), ago(days=2))
    database.run("credit_training", "running", ago(hours=1))
    for number, missed in ((1, True), (2, False), (3, True), (3, True), (4, True)):
        database.missed_deadline(number, missed)
    assert database.metric("dag_recent_runs") == {(*TRAINING, "success"): 1.0, (*TRAINING, "failed"): 1.0}
    assert database.metric("dag_missed_deadlines") == {TRAINING: 1.0}
