"""prometheus.yml and the modules of the blackbox exporter."""

from typing import Any

from monitoring.description.durations import Durations
from monitoring.description.scrapes import Targets


def prometheus_configuration(durations: Durations, targets: Targets, environment: str) -> dict[str, Any]:
    """What is scraped and evaluated, and where alerts go."""
    jobs = {
        "node": targets.node,
        "postgres": targets.postgres,
        "cadvisor": targets.cadvisor,
        "grafana": targets.grafana,
        "prometheus": targets.prometheus,
        "alertmanager": targets.alertmanager,
    }
    return {
        "global": {
            "scrape_interval": durations.scrape,
            "scrape_timeout": durations.of(seconds=10) if durations.speed == 1 else durations.scrape,
            "evaluation_interval": durations.scrape,
            "external_labels": {"environment": environment},
        },
        "rule_files": ["recording_rules.yml", "alerts.yml"],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [targets.alertmanager]}]}]},
        "scrape_configs": [
            {"job_name": "credit-api", **_replicas(targets)},
            *([{"job_name": "logs", **_resolved(targets.victoria_logs)}] if targets.victoria_logs else []),
            *([_log_collector(targets)] if targets.log_collector else []),
            *([_airflow(targets)] if targets.airflow else []),
            *({"job_name": job, "static_configs": [{"targets": [target]}]} for job, target in jobs.items() if target),
            _probes(targets),
        ],
    }


def _replicas(targets: Targets) -> dict[str, Any]:
    if targets.api_replicas:
        return {"static_configs": [{"targets": list(targets.api_replicas)}]}
    return _resolved(targets.api)


def _log_collector(targets: Targets) -> dict[str, Any]:
    path = "/api/v2/metrics/prometheus"
    return {"job_name": "log-collector", "metrics_path": path, **_resolved(targets.log_collector)}


def _airflow(targets: Targets) -> dict[str, Any]:
    return {"job_name": "airflow", "metrics_path": "/credit-metrics/metrics", **_resolved(targets.airflow)}


def _resolved(target: str) -> dict[str, Any]:
    """What a name resolves to, which may be nothing; an address of numbers is scraped as it is."""
    name, port = target.split(":")
    if name.replace(".", "").isdigit():
        return {"static_configs": [{"targets": [target]}]}
    return {"dns_sd_configs": [{"names": [name], "type": "A", "port": int(port), "refresh_interval": "15s"}]}


def _probes(targets: Targets) -> dict[str, Any]:
    return {
        "job_name": "probe",
        "metrics_path": "/probe",
        "static_configs": [
            {"targets": [probe.url], "labels": {"probe": probe.name, "__param_module": probe.module}}
            for probe in targets.probes
        ],
        "relabel_configs": [
            {"source_labels": ["__address__"], "target_label": "__param_target"},
            {"source_labels": ["__param_target"], "target_label": "instance"},
            {"target_label": "__address__", "replacement": targets.blackbox},
        ],
    }


def blackbox_configuration() -> dict[str, Any]:
    """The modules: any successful answer, and any answer of the service, whose parts have alerts of their own."""
    # Certificates of a test installation are signed by itself.
    common = {"preferred_ip_protocol": "ip4", "tls_config": {"insecure_skip_verify": True}}
    answers = {
        "valid_status_codes": [200, 503],
        "fail_if_body_not_matches_regexp": ['"status": ?"(healthy|degraded|unhealthy)"'],
    }
    return {
        "modules": {
            name: {"prober": "http", "timeout": "5s", "http": {**common, **options}}
            for name, options in (("http", {}), ("service", answers))
        }
    }
