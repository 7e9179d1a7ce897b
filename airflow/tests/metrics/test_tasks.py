"""Tasks and pools."""

import pytest
from metadata_rows import Database, ago


@pytest.fixture
def run(database: Database) -> str:
    """A run in progress of a DAG with a pool of one slot."""
    database.dag("credit_training")
    database.pool("credit_training", slots=1)
    return database.run("credit_training", "running", ago(hours=1))


def test_tasks_are_counted_by_state_and_those_that_ended_are_left_out(database: Database, run: str) -> None:
    for task_id, state in (("ingest", "success"), ("validate", "running"), ("train", "up_for_retry")):
        database.task("credit_training", run, task_id, state)
    shown = {state: value for (state,), value in database.metric("tasks").items() if value}
    assert shown == {"running": 1.0, "up_for_retry": 1.0}


def test_failed_instances_of_recent_runs_are_counted_by_task(database: Database, run: str) -> None:
    for family in range(2):
        database.task("credit_training", run, "train", "failed", map_index=family)
    old = database.run("credit_training", "failed", ago(days=31), ago(days=31))
    database.task("credit_training", old, "ingest", "failed")
    assert database.metric("task_failures") == {("credit_training", "train"): 2.0}


def test_a_pool_shows_its_slots_and_the_task_that_waits_longest(database: Database, run: str) -> None:
    in_pool = {"pool": "credit_training"}
    database.task("credit_training", run, "train", "running", map_index=0, **in_pool)
    for index, hours in ((1, 7), (2, 2)):
        since = {"scheduled_dttm": ago(hours=hours)}
        database.task("credit_training", run, "train", "scheduled", map_index=index, **in_pool, **since)
    pool = ("credit_training",)
    assert database.metric("pool_slots")[pool] == 1.0
    assert database.metric("pool_used_slots")[pool] == 1.0
    assert database.metric("pool_waiting_tasks")[pool] == 2.0
    assert database.metric("pool_longest_wait_seconds") == {pool: 7 * 3_600.0, ("default_pool",): 0.0}
