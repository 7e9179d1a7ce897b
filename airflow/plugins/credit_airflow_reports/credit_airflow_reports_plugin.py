"""Mounts the reports in the api-server. Airflow executes this file in every process, so it imports almost nothing."""

from typing import Any

from airflow.plugins_manager import AirflowPlugin
from credit_airflow.mounted_application import MountedApplication


# Where Airflow has an attribute, this has a property.
class CreditReportsPlugin(MountedApplication, AirflowPlugin):  # type: ignore[misc]
    """Adds the application below its path."""

    name = "credit_airflow_reports"
    url_prefix = "/credit-reports"

    def create_application(self) -> Any:
        """Import and make the application."""
        from credit_airflow_reports.application import create_application

        return create_application()
