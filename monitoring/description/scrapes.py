"""What Prometheus scrapes. Kubernetes replaces these targets by ServiceMonitors; the job names stay."""

from dataclasses import dataclass
from typing import Final

EXPECTED_JOBS: Final = ("credit-api", "node", "postgres", "probe", "alertmanager")


@dataclass(frozen=True)
class Probe:
    """What the blackbox exporter requests.

    Attributes:
        module: of blackbox.yml.
    """

    name: str
    url: str
    module: str = "http"


@dataclass(frozen=True)
class Targets:
    """Addresses of everything that is scraped: by default those in Compose's network.

    Attributes:
        api: host and port; the name resolves to all replicas.
        api_replicas: addresses of replicas instead, where no name resolves to them.
        victoria_logs, log_collector: without the profile `logs`, no name resolves to them.
        airflow: the api-server, which shows the state of all processes of Airflow; without the profile `airflow`, no
            name resolves to it.
    """

    api: str = "api:8000"
    api_replicas: tuple[str, ...] = ()
    prometheus: str = "localhost:9090"
    alertmanager: str = "alertmanager:9093"
    node: str = "node-exporter:9100"
    postgres: str = "postgres-exporter:9187"
    cadvisor: str = "cadvisor:8080"
    grafana: str = "grafana:3000"
    victoria_logs: str = "victoria-logs:9428"
    log_collector: str = "log-collector:2020"
    airflow: str = "airflow-api-server:8080"
    blackbox: str = "blackbox-exporter:9115"
    probes: tuple[Probe, ...] = (
        Probe("service", "https://proxy:8443/health", "service"),
        Probe("proxy", "https://proxy:8443/proxy-health"),
        Probe("mlflow", "http://mlflow:5000/health"),
    )
