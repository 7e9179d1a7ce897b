"""The deadline of a DAG run: a message when a run is not over in time.

Airflow calls it experimental, so the alert of Prometheus on late runs is the second line.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk.definitions.callback import AsyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference
from credit_airflow.notifications import Message, email, slack
from credit_airflow.settings import read_settings


def deadline_after(interval: timedelta) -> DeadlineAlert:
    """The alert of a run that takes some time longer than the last ten on average; the first run has none.

    Not a time after the run was queued: with such a deadline, Airflow 3.3 answers 500 when a task is cleared.
    """
    hours = interval.total_seconds() / 3600
    callback = AsyncCallback("credit_airflow.deadline.notify_missed_deadline", kwargs={"hours": hours})
    reference = DeadlineReference.AVERAGE_RUNTIME(max_runs=10, min_runs=1)
    return DeadlineAlert(reference=reference, interval=interval, callback=callback)


async def notify_missed_deadline(hours: float, context: dict[str, Any]) -> None:
    """Tell people that a run is late. Runs in the triggerer, which must be able to import it."""
    settings, message = read_settings(), missed_deadline_message(hours, context)
    if settings.recipients:
        await email(message, settings).async_notify(context)
    if settings.slack_connection:
        await slack(message, settings).async_notify(context)


def missed_deadline_message(hours: float, context: dict[str, Any]) -> Message:
    """Which run is late.

    Args:
        context: the simple one that a deadline has: the DAG run as Airflow's REST interface describes it.
    """
    run = context.get("dag_run") or {}
    dag, name = run.get("dag_id", "a DAG"), run.get("dag_run_id", run.get("run_id", "unknown"))
    return Message(
        f"{dag}: a run is late",
        f"Run {name} of {dag} is not over, {hours:g} hours after the average duration of the last ones.\n"
        "Does it wait for an approval, under Required actions? docs/AIRFLOW.md says what else may hold it up.",
    )
