"""Publishes the report of a comparison where people can read it."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from airflow.sdk import Context
from airflow.sdk.exceptions import AirflowSkipException
from credit_airflow.links import ReportLink
from credit_airflow.operators.credit_scoring import CreditScoringOperator
from credit_airflow.settings import CreditSettings, read_settings

REPORT_PAGE = "drift/drift_report.html"


class DriftReportOperator(CreditScoringOperator):
    """Copies the drift reports into a folder of this run below ``[credit] report_directory``.

    Without that setting the reports stay in the data directory, and their paths are listed. If there was no comparison,
    the task is skipped: the reports there are those of an earlier one.

    Args:
        compared_by: id of the task that compared.

    Returns:
        ``report``: where people find the page; empty without ``[credit] report_url``.
    """

    template_fields: Sequence[str] = ()
    template_fields_renderers = {}
    ui_color = "#e8e8e8"
    operator_extra_links = (ReportLink(),)

    def __init__(self, *, compared_by: str, **options: Any) -> None:
        super().__init__(**{"arguments": [], **options})
        self.compared_by = compared_by

    def execute(self, context: Context) -> dict[str, Any]:
        """Copy, or list; AirflowSkipException if there was no comparison."""
        if context["ti"].xcom_pull(task_ids=self.compared_by) is None:
            raise AirflowSkipException(f"{self.compared_by} did not compare anything.")
        settings, run_after = read_settings(), context["dag_run"].run_after
        folder = [settings.report_directory] if settings.report_directory else []
        collect = ["--collect", str(Path(*folder, folder_of_run(run_after)))] if folder else []
        self.run_command(["reports", "--step", "drift", *collect], context)
        address = report_address(settings, run_after)
        if address:
            ReportLink().store(context["ti"], address)
        return {"report": address}


def report_address(settings: CreditSettings, run_after: datetime) -> str:
    """Where people find the report of a run, also before it is there; empty without ``[credit] report_url``."""
    if not settings.report_url:
        return ""
    return f"{settings.report_url.rstrip('/')}/{folder_of_run(run_after)}/{REPORT_PAGE}"


def folder_of_run(run_after: datetime) -> str:
    """Name of the folder of a run: the time from which it was due, which stays the same when it is repeated."""
    return run_after.strftime("%Y%m%dT%H%M%S")
