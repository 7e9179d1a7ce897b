"""Settings, messages, reports and backups."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace

import pytest
from airflow.sdk.exceptions import AirflowSkipException
from credit_airflow import deadline, notifications
from credit_airflow.backups import backup_age
from credit_airflow.drift_messages import drift_message
from credit_airflow.operators.database_cleanup import clean_command
from credit_airflow.operators.reports import DriftReportOperator
from credit_airflow.settings import read_settings

DRIFT = {
    "current": "decisions of 7 days",
    "baseline": "model 3",
    "verdict": "alarm",
    "decisions": 900,
    "features": 40,
    "drifted": 24,
    "score": 0.6,
    "findings": ["score"],
}


def test_a_setting_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("AIRFLOW__CREDIT__FAMILIES", "lightgbm, xgboost")
    monkeypatch.setenv("AIRFLOW__CREDIT__ALLOW_SYNTHETIC", "True")
    assert read_settings().family_names == ["lightgbm", "xgboost"]
    assert read_settings().allow_synthetic is True


@pytest.mark.parametrize(
    ("name", "value"), [("EXECUTION", "docker"), ("TUNING_TRIALS", "few"), ("ALLOW_SYNTHETIC", "perhaps")]
)
def test_a_wrong_setting_is_named(monkeypatch, name, value):
    monkeypatch.setenv(f"AIRFLOW__CREDIT__{name}", value)
    with pytest.raises(ValueError, match=f"(?i){name} is '{value}'"):
        read_settings()


class Notifier:
    def __init__(self, sent, kind, message):
        self.sent, self.kind, self.message = sent, kind, message

    def notify(self, context):
        self.sent.append((self.kind, self.message))

    async def async_notify(self, context):
        self.sent.append((self.kind, self.message))


class Unreachable:
    def notify(self, context):
        raise OSError("no connection")


@pytest.fixture
def sent(monkeypatch):
    messages: list = []
    for module in (notifications, deadline):
        monkeypatch.setattr(module, "email", lambda message, _: Notifier(messages, "email", message))
        monkeypatch.setattr(module, "slack", lambda message, _: Notifier(messages, "slack", message))
    return messages


def test_a_failure_is_sent_to_everyone_in_the_settings(monkeypatch, context, sent):
    monkeypatch.setenv("AIRFLOW__CREDIT__FAILURE_EMAILS", "a@example.org")
    monkeypatch.setenv("AIRFLOW__CREDIT__SLACK_CONNECTION", "slack")
    notifications.notify_failure({**context(), "exception": ValueError("too many warnings")})
    assert [kind for kind, _ in sent] == ["email", "slack"]
    assert "too many warnings" in sent[0][1].text and "http://airflow/log" in sent[0][1].text


@pytest.mark.parametrize("failing", ["email", "slack"])
def test_a_message_that_one_way_delivers_is_not_sent_twice_because_the_other_fails(monkeypatch, context, sent, failing):
    monkeypatch.setenv("AIRFLOW__CREDIT__FAILURE_EMAILS", "a@example.org")
    monkeypatch.setenv("AIRFLOW__CREDIT__SLACK_CONNECTION", "slack")
    monkeypatch.setattr(notifications, failing, lambda message, _: Unreachable())
    notifications.notify_failure(context())
    assert [kind for kind, _ in sent] == [{"email": "slack", "slack": "email"}[failing]]


def test_a_message_that_no_way_delivers_is_an_error(monkeypatch, context):
    monkeypatch.setenv("AIRFLOW__CREDIT__FAILURE_EMAILS", "a@example.org")
    monkeypatch.setattr(notifications, "email", lambda message, _: Unreachable())
    with pytest.raises(ExceptionGroup, match="could not be sent"):
        notifications.notify_failure(context())


@pytest.mark.parametrize(("reason", "messages"), [("timed_out", 1), ("task_failure", 0)])
def test_a_run_whose_time_is_over_is_reported_and_one_with_a_failed_task_was_already(
    monkeypatch, sent, reason, messages
):
    monkeypatch.setenv("AIRFLOW__CREDIT__FAILURE_EMAILS", "a@example.org")
    dag = SimpleNamespace(dag_id="credit_training", dagrun_timeout=timedelta(days=5))
    notifications.notify_timeout({"dag": dag, "run_id": "scheduled__1", "reason": reason})
    assert len(sent) == messages
    assert all("scheduled__1 of credit_training was not over after 120 hours" in one.text for _, one in sent)


def test_without_addresses_nothing_is_sent(context, sent):
    notifications.notify_failure(context())
    assert sent == []


def test_markup_in_a_message_of_an_error_is_shown_as_text() -> None:
    message = notifications.Message("a", "<script>{{ 1 }}</script>")
    notifier = notifications.email(message, read_settings())
    assert notifier.html_content == "<pre>&lt;script&gt;{{ 1 }}&lt;/script&gt;</pre>"


def test_a_late_run_is_reported_from_the_triggerer(monkeypatch, sent):
    monkeypatch.setenv("AIRFLOW__CREDIT__FAILURE_EMAILS", "a@example.org")
    run = {"dag_run": {"dag_id": "credit_training", "dag_run_id": "scheduled__1"}}
    asyncio.run(deadline.notify_missed_deadline(hours=12, context=run))
    assert "scheduled__1 of credit_training is not over, 12 hours" in sent[0][1].text


def test_the_deadline_names_a_function_that_the_triggerer_can_import() -> None:
    assert deadline.deadline_after(timedelta(hours=2)).callback.path == "credit_airflow.deadline.notify_missed_deadline"
    assert asyncio.iscoroutinefunction(deadline.notify_missed_deadline)


def test_the_alarm_links_to_where_the_report_will_be(monkeypatch, program, context) -> None:
    monkeypatch.setenv("AIRFLOW__CREDIT__REPORT_URL", "http://reports/")
    monkeypatch.setenv("AIRFLOW__CREDIT__REPORT_DIRECTORY", "/reports")
    made = context(results={"data_drift": DRIFT})
    address = DriftReportOperator(task_id="report", compared_by="data_drift").execute(made)["report"]
    assert address == "http://reports/20261129T010000/drift/drift_report.html"
    assert program.calls == ["reports --step drift --collect /reports/20261129T010000"]
    assert list(made["ti"].pushed.values()) == [address]
    message = drift_message(DRIFT, {"measured_cost": 0.61, "expected_cost": 0.5}, address)
    assert address in message.text and "24 of 40 features" in message.text and "0.6100; expected 0.5000" in message.text


def test_without_a_comparison_no_earlier_report_is_published(program, context) -> None:
    with pytest.raises(AirflowSkipException, match="data_drift did not compare"):
        DriftReportOperator(task_id="report", compared_by="data_drift").execute(context())
    assert program.calls == []


def test_the_age_of_the_last_backup_is_read_from_its_metrics(tmp_path) -> None:
    file = tmp_path / "backup.prom"
    file.write_text('# TYPE a gauge\ncredit_step_last_success_timestamp_seconds{step="backup"} 1000\n')
    assert backup_age(file, now=4600) == timedelta(hours=1)


def test_a_backup_that_never_succeeded_is_an_error(tmp_path) -> None:
    with pytest.raises(ValueError, match="No backup succeeded yet"):
        backup_age(tmp_path / "backup.prom")


def test_the_clean_up_names_a_time_and_fails_if_a_table_fails(context) -> None:
    command = clean_command(context()["dag_run"].run_after, timedelta(days=90))
    assert command[:5] == ["airflow", "db", "clean", "--clean-before-timestamp", "2026-08-31T01:00:00+00:00"]
    assert "--error-on-cleanup-failure" in command
