"""Links from a task to other pages. An operator stores the address when it has run; Airflow shows it as a button."""

from typing import Any

from airflow.sdk import BaseOperatorLink


class _StoredLink(BaseOperatorLink):
    def get_link(self, operator: Any, *, ti_key: Any) -> str:
        """Nothing: Airflow reads the address that was stored under ``xcom_key``."""
        return ""

    def store(self, task_instance: Any, address: str) -> None:
        """Store the address of one task instance."""
        task_instance.xcom_push(key=self.xcom_key, value=address)


class RegisteredModelLink(_StoredLink):
    """The version in MLflow."""

    name = "Model in MLflow"


class ServiceLink(_StoredLink):
    """The documentation of the service that was updated."""

    name = "Service"


class ReportLink(_StoredLink):
    """The report that was published."""

    name = "Report"
