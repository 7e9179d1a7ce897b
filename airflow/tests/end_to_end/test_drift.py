"""The drift DAG when applications are unlike those of the training."""

from typing import NamedTuple

import pytest
from end_to_end.support.airflow_stack import AirflowStack
from end_to_end.support.dag_runs import DRIFT, TRAINING, DagRun, Runs
from end_to_end.support.mailbox import Mailbox
from end_to_end.support.scoring_platform import ScoringPlatform
from end_to_end.support.sources import Sources

ALARM = "credit://drift/alarm"


class Comparisons(NamedTuple):
    """Three comparisons in a row, each of other applications; one that deviates is a warning, two are an alarm."""

    warning: DagRun
    alarm: DagRun
    second_alarm: DagRun


@pytest.fixture(scope="module")
def comparisons(runs: Runs, unchanged_run: DagRun, sources: Sources) -> Comparisons:
    """The finished runs."""
    runs.unpause(DRIFT)
    finished = [runs.start(DRIFT, current=str(sources.drifted(number))).finished() for number in (1, 2, 3)]
    return Comparisons(*finished)


@pytest.fixture(scope="module")
def requested(comparisons: Comparisons, runs: Runs) -> list[DagRun]:
    """The finished trainings that an alarm started."""
    assert comparisons.alarm.state == "success", comparisons.alarm.explain()
    runs.airflow.api.wait(lambda: bool(runs.started_by_asset(TRAINING)), lambda: "the alarm started no training")
    return [run.finished() for run in runs.started_by_asset(TRAINING)]


def test_the_first_deviating_window_is_reported_without_alarm(comparisons: Comparisons) -> None:
    run = comparisons.warning
    assert run.state == "success", run.explain()
    assert run.states == {
        **dict.fromkeys(("data_drift", "model_drift", "report", "finish"), "success"),
        **dict.fromkeys(("alert", "request_training"), "skipped"),
    }
    assert run.returned("data_drift")["verdict"] == "warning"


def test_an_alarm_sends_a_message_that_links_the_report_which_is_then_there(
    comparisons: Comparisons, mailbox: Mailbox, airflow: AirflowStack
) -> None:
    run = comparisons.alarm
    tasks = ("data_drift", "model_drift", "alert", "report", "request_training", "finish")
    assert run.states == dict.fromkeys(tasks, "success")
    address = run.returned("report")["report"]
    (mail,) = [mail for mail in mailbox.about("drift alarm") if address in mail.text]
    assert "features have drifted" in mail.text
    assert "drifted_2.csv" in airflow.api.page(address).text
    assert airflow.api.page(address, is_logged_in=False).status_code == 401


def test_an_alarm_starts_one_training_and_another_one_in_the_cool_down_does_not(
    comparisons: Comparisons, requested: list[DagRun], airflow: AirflowStack, platform: ScoringPlatform
) -> None:
    again = comparisons.second_alarm
    assert again.returned("data_drift")["alarm"], again.explain()
    assert (again.states["alert"], again.states["request_training"]) == ("success", "skipped")
    assert [event["source_run_id"] for event in airflow.api.asset_events(ALARM)] == [comparisons.alarm.run_id]
    (training,) = requested
    assert training.state == "success", training.explain()


def test_a_training_after_an_alarm_trains_without_new_data_and_never_changes_production(
    requested: list[DagRun], platform: ScoringPlatform
) -> None:
    (training,) = requested
    states = training.states
    assert states["check_new_data"] == states["evaluate"] == states["test_model"] == states["smoke_tests"] == "success"
    assert {states[task] for task in ("approve_production", "promote_production", "update_production")} == {"skipped"}
    assert platform.aliases()["production"] == training.returned("evaluate")["in_production"]
