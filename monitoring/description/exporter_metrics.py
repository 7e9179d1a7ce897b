"""Metrics of other programs that alerts and dashboards use; a name neither here nor in api/metrics.py is a mistake."""

import runpy
from pathlib import Path
from typing import Final

# By job; every version that is supported has them (docs/MONITORING.md: Versions).
EXPORTER_METRICS: Final = {
    "node": (
        "node_cpu_seconds_total",
        "node_filesystem_avail_bytes",
        "node_filesystem_size_bytes",
        "node_memory_MemAvailable_bytes",
        "node_memory_MemTotal_bytes",
        "node_textfile_scrape_error",
    ),
    "postgres": ("pg_up", "pg_stat_database_numbackends", "pg_settings_max_connections"),
    "probe": ("probe_success", "probe_ssl_earliest_cert_expiry"),
    "cadvisor": (
        "container_cpu_usage_seconds_total",
        "container_memory_working_set_bytes",
        "container_network_receive_bytes_total",
        "container_network_transmit_bytes_total",
    ),
    "kube-state-metrics": (
        "kube_cronjob_status_last_successful_time",
        "kube_deployment_spec_replicas",
        "kube_deployment_status_condition",
        "kube_deployment_status_replicas_available",
        "kube_horizontalpodautoscaler_spec_max_replicas",
        "kube_horizontalpodautoscaler_spec_min_replicas",
        "kube_horizontalpodautoscaler_status_condition",
        "kube_horizontalpodautoscaler_status_current_replicas",
        "kube_horizontalpodautoscaler_status_desired_replicas",
        "kube_job_failed",
        "kube_pod_container_status_restarts_total",
        "kube_pod_info",
        "kube_pod_owner",
        "kube_pod_status_ready",
    ),
    "kubelet": ("kubelet_volume_stats_capacity_bytes", "kubelet_volume_stats_used_bytes"),
    "prometheus": ("prometheus_rule_evaluation_failures_total",),
    "alertmanager": ("alertmanager_notifications_total", "alertmanager_notifications_failed_total"),
    "every job": ("up", "ALERTS"),
}
STEP_METRICS: Final = (
    "credit_step_last_success_timestamp_seconds",
    "credit_step_last_failure_timestamp_seconds",
    "credit_step_duration_seconds",
    "credit_step_rows",
)
"""Written by core/step_metrics.py, read by the node exporter."""

# Airflow has an environment of its own, in which this file is a module.
_AIRFLOW: Final = Path(__file__).parents[2] / "airflow" / "plugins" / "credit_airflow_metrics" / "declarations.py"
AIRFLOW_METRICS: Final[dict[str, str]] = {
    metric.name: metric.description for metric in runpy.run_path(str(_AIRFLOW))["METRICS"]
}
"""Description of each metric of Airflow's state, by its name."""
