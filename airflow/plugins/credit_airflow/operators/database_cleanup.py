"""The clean-up of Airflow's own database."""

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from airflow.sdk import BaseOperator, Context
from airflow.sdk.exceptions import AirflowException, AirflowSkipException
from credit_airflow.settings import read_settings
from credit_airflow.subprocess_run import SubprocessRun

_VARIABLE = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"


class DatabaseCleanupOperator(BaseOperator):
    """Deletes what Airflow's database holds about older runs, by ``airflow db clean``.

    Airflow hides the address of its database from tasks; ``[credit] airflow_database_command`` prints it. Without that
    setting the task is skipped: the chart for Kubernetes has a job of its own for it.

    Args:
        kept_days: age above which records are deleted; templated.
    """

    template_fields: Sequence[str] = ("kept_days",)
    ui_color = "#e8e8e8"

    def __init__(self, *, kept_days: int | str, **options: Any) -> None:
        super().__init__(**options)
        self.kept_days = kept_days
        self._running: SubprocessRun | None = None

    def execute(self, context: Context) -> None:
        """Clean; AirflowException if a table could not be cleaned."""
        command = read_settings().airflow_database_command
        if not command:
            raise AirflowSkipException("[credit] airflow_database_command is not set.")
        arguments = clean_command(context["dag_run"].run_after, timedelta(days=int(self.kept_days)))
        # The command instead of the address, which any process of this user could read in the environment.
        environment = {name: value for name, value in os.environ.items() if name != _VARIABLE}
        self._running = SubprocessRun(arguments, {**environment, f"{_VARIABLE}_CMD": command}, self.log.info)
        if exit_code := self._running.run():
            raise AirflowException(f"`{' '.join(arguments)}` ended with exit code {exit_code}.")

    def on_kill(self) -> None:
        """End the command with the task."""
        if self._running is not None:
            self._running.kill()


def clean_command(now: datetime, kept: timedelta) -> list[str]:
    """The command that deletes what is older."""
    before = (now - kept).isoformat(timespec="seconds")
    options = ["--clean-before-timestamp", before, "--skip-archive", "--error-on-cleanup-failure", "--yes"]
    return ["airflow", "db", "clean", *options]
