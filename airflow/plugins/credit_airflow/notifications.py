"""Messages to people: by e-mail, and to Slack if a connection is set."""

from logging import getLogger
from typing import Any, NamedTuple

from airflow.sdk import Context
from credit_airflow.settings import CreditSettings, read_settings


class Message(NamedTuple):
    """A message; both texts are plain."""

    subject: str
    text: str


def notify_failure(context: Context) -> None:
    """Tell people that a task failed for good; the callback of every task."""
    send(failure_message(context), context)


def notify_timeout(context: Context) -> None:
    """Tell people that a run was ended because its time was over; the callback of every DAG.

    A run that failed for another reason had a task that failed, which sent a message itself.
    """
    if context.get("reason") == "timed_out":
        send(timeout_message(context), context)


def timeout_message(context: Context) -> Message:
    """Which run was ended."""
    dag = context["dag"]
    hours = dag.dagrun_timeout.total_seconds() / 3600 if dag.dagrun_timeout else 0
    return Message(
        f"{dag.dag_id}: a run was ended",
        f"Run {context['run_id']} of {dag.dag_id} was not over after {hours:g} hours, so Airflow ended it.\n"
        "What had not run was skipped. Find out what held it up, then clear its tasks; docs/AIRFLOW.md says how.",
    )


def failure_message(context: Context) -> Message:
    """What failed, why, and where to look."""
    instance, run = context["ti"], context["dag_run"]
    reason = context.get("exception")
    mapped = f" [{instance.map_index}]" if getattr(instance, "map_index", -1) >= 0 else ""
    return Message(
        f"{instance.dag_id}: task {instance.task_id} failed",
        f"Task {instance.task_id}{mapped} of {instance.dag_id}, run {run.run_id}, "
        f"failed after try {instance.try_number}.\n"
        f"{type(reason).__name__ if reason else 'Reason'}: {reason or 'the log says why'}\n"
        f"Log: {instance.log_url}\n"
        "docs/AIRFLOW.md says what each failure means, and how to run the task again.",
    )


def notify_approval(context: Context) -> None:
    """Tell people that a model waits for them.

    A message that cannot be sent is only logged: the request is in Airflow's list of required actions all the same.
    """
    try:
        send(approval_message(context), context)
    except Exception:
        getLogger(__name__).exception("The request for approval could not be sent.")


def approval_message(context: Context) -> Message:
    """What waits for approval, and where to answer."""
    # An ApprovalOperator, whose class the triggerer need not import.
    task: Any = context["task"]
    address = task.generate_link_to_ui_from_context(context=context)
    return Message(f"{context['ti'].dag_id}: {task.subject}", f"{task.body}\nAnswer at {address}")


def send(message: Message, context: Context) -> None:
    """Send a message to everyone that the settings name, by each way that works.

    A way that fails is only logged if another one works: a task that is tried again would send the message twice.

    Raises:
        ExceptionGroup: of the mail server and of Slack, if no way works.
    """
    settings = read_settings()
    notifiers = [email(message, settings)] if settings.recipients else []
    notifiers += [slack(message, settings)] if settings.slack_connection else []
    errors: list[Exception] = []
    for notifier in notifiers:
        try:
            notifier.notify(context)
        except Exception as error:
            getLogger(__name__).exception("%s could not send %r.", type(notifier).__name__, message.subject)
            errors.append(error)
    if errors and len(errors) == len(notifiers):
        raise ExceptionGroup(f"{message.subject!r} could not be sent", errors)


def email(message: Message, settings: CreditSettings) -> Any:
    """The e-mail notifier of a message, with the connection ``smtp_default``."""
    from airflow.providers.smtp.notifications.smtp import SmtpNotifier

    return SmtpNotifier(
        to=settings.recipients,
        from_email=settings.sender,
        subject=message.subject,
        html_content=_as_html(message.text),
    )


def slack(message: Message, settings: CreditSettings) -> Any:
    """The Slack notifier of a message."""
    from airflow.providers.slack.notifications.slack_webhook import SlackWebhookNotifier

    return SlackWebhookNotifier(
        slack_webhook_conn_id=settings.slack_connection, text=f"*{message.subject}*\n{message.text}"
    )


def _as_html(text: str) -> str:
    from html import escape

    return f"<pre>{escape(text)}</pre>"
