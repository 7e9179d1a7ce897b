"""All alerts; one file per origin."""

from monitoring.description.alert import Alert
from monitoring.description.alerts.airflow import airflow_alerts
from monitoring.description.alerts.batch import batch_alerts
from monitoring.description.alerts.kubernetes import kubernetes_alerts
from monitoring.description.alerts.objectives import objective_alerts
from monitoring.description.alerts.platform import platform_alerts
from monitoring.description.alerts.service import service_alerts
from monitoring.description.alerts.specification import specification_alerts
from monitoring.description.durations import Durations
from monitoring.description.platforms import COMPOSE, Platform


def all_alerts(durations: Durations, platform: Platform = COMPOSE) -> dict[str, tuple[Alert, ...]]:
    """The alerts by rule group."""
    return {
        "specification": specification_alerts(durations),
        "objectives": objective_alerts(durations),
        "service": service_alerts(durations, platform),
        "batch": batch_alerts(durations),
        "airflow": airflow_alerts(durations),
        "platform": platform_alerts(durations, platform),
        "kubernetes": kubernetes_alerts(durations),
    }
