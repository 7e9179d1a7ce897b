"""Mounts the metrics in the api-server. Airflow executes this file in every process, so it imports almost nothing."""

from typing import Any

from airflow.plugins_manager import AirflowPlugin
from credit_airflow.mounted_application import MountedApplication


# Where Airflow has an attribute, this has a property.
class CreditMetricsPlugin(MountedApplication, AirflowPlugin):  # type: ignore[misc]
    """Adds the application below its path."""

    name = "credit_airflow_metrics"
    url_prefix = "/credit-metrics"

    def create_application(self) -> Any:
        """Import and make the application."""
        from credit_airflow_metrics.application import create_application

        return create_application()
