"""Heartbeats and import errors."""

import math

from metadata_rows import Database, ago

HEARTBEAT = "heartbeat_timestamp_seconds"


def test_the_newest_heartbeat_of_each_process_is_shown(database: Database) -> None:
    database.job("SchedulerJob", ago(seconds=900), "failed")
    database.job("SchedulerJob", ago(seconds=4))
    database.job("DagProcessorJob", ago(seconds=70))
    shown = database.metric(HEARTBEAT)
    assert shown["scheduler",] == ago(seconds=4).timestamp()
    assert shown["dag-processor",] == ago(seconds=70).timestamp()


def test_a_process_without_any_heartbeat_is_not_a_number_rather_than_missing(database: Database) -> None:
    shown = database.metric(HEARTBEAT)
    assert set(shown) == {("scheduler",), ("dag-processor",), ("triggerer",)}
    assert all(math.isnan(value) for value in shown.values())


def test_import_errors_are_counted(database: Database) -> None:
    assert database.metric("import_errors") == {(): 0.0}
    database.import_error("credit_training.py")
    database.import_error("credit_drift.py")
    assert database.metric("import_errors") == {(): 2.0}
