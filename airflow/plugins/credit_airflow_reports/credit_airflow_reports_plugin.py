"""Mounts the reports in the api-server. Airflow executes this file in every process, so it imports almost nothing."""

from typing import Any

from airflow.plugins_manager import AirflowPlugin

URL_PREFIX = "/credit-reports"


class CreditReportsPlugin(AirflowPlugin):
    """Adds one application; what it needs is imported where Airflow asks for applications: in the api-server."""

    name = "credit_airflow_reports"

    def __init__(self) -> None:
        self._applications: list[dict[str, Any]] = []

    @property
    def fastapi_apps(self) -> list[dict[str, Any]]:  # type: ignore[override]
        """The application with its path."""
        if not self._applications:
            from credit_airflow_reports.application import create_application

            self._applications = [{"app": create_application(), "url_prefix": URL_PREFIX, "name": self.name}]
        return self._applications
