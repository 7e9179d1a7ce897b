"""Queries that alerts and dashboards share.

Args of all:
    window: range of samples, as 5m or Grafana's $__rate_interval.
    where: matchers of the service's series.
"""

from typing import Final

API: Final = 'job="credit-api"'
# What callers request: neither probes nor scrapes, which would dilute a share of errors.
CALLERS: Final = 'path!~"/metrics|/health.*"'
DECIDING: Final = 'path=~"/predict|/predict/batch"'
# Through the proxy, as callers reach it.
PROBE_OF_THE_SERVICE: Final = 'probe_success{job="probe", probe="service"}'
DISK: Final = 'job="node", fstype!~"tmpfs|ramfs|overlay|squashfs|iso9660"'


def request_rate(window: str, where: str = API, by: str = "") -> str:
    """Requests of callers per second."""
    return f"sum{_by(by)} (rate(credit_requests_total{{{where}, {CALLERS}}}[{window}]))"


def error_share(window: str, where: str = API) -> str:
    """Share of the callers' requests that got a 5xx; NaN without requests."""
    return share_of_status("5..", window, f"{where}, {CALLERS}")


def share_of_status(status: str, window: str, where: str) -> str:
    """Share of requests with a status; 0, rather than nothing, before the first of them."""
    some = f'sum (rate(credit_requests_total{{{where}, status=~"{status}"}}[{window}]))'
    return f"({some} or vector(0)) / sum (rate(credit_requests_total{{{where}}}[{window}]))"


def latency(quantile: float, window: str, where: str = API) -> str:
    """Quantile of the time of a single decision, in seconds."""
    buckets = f'credit_request_duration_seconds_bucket{{{where}, path="/predict"}}'
    return f"histogram_quantile({quantile}, sum by (le) (rate({buckets}[{window}])))"


def refused_share(window: str, where: str = API) -> str:
    """Share of the recorded decisions that refuse."""
    refused = f'sum (rate(credit_predictions_total{{{where}, decision="refused"}}[{window}]))'
    return f"({refused} or vector(0)) / sum (rate(credit_predictions_total{{{where}}}[{window}]))"


def cpu_share(window: str, where: str = 'job="node"') -> str:
    """Share of a machine's processor time that is used."""
    return f'1 - avg by (instance) (rate(node_cpu_seconds_total{{{where}, mode="idle"}}[{window}]))'


def memory_share(where: str = 'job="node"') -> str:
    """Share of a machine's memory that is used."""
    return f"1 - node_memory_MemAvailable_bytes{{{where}}} / node_memory_MemTotal_bytes{{{where}}}"


def disk_share(where: str = DISK) -> str:
    """Share of each disk that is used; several mounts of one device are one disk."""
    ratio = f"node_filesystem_avail_bytes{{{where}}} / node_filesystem_size_bytes{{{where}}}"
    return f"1 - max by (instance, device) ({ratio})"


def database_connection_share(where: str = 'job="postgres"') -> str:
    """Share of PostgreSQL's connections in use."""
    used = f"sum by (instance) (pg_stat_database_numbackends{{{where}}})"
    return f"{used} / max by (instance) (pg_settings_max_connections{{{where}}})"


def volume_share(where: str = 'job="kubelet", namespace=~"mlops-credit-scoring.*"') -> str:
    """Share of each volume of Kubernetes that is used."""
    ratio = f"kubelet_volume_stats_used_bytes{{{where}}} / kubelet_volume_stats_capacity_bytes{{{where}}}"
    return f"max by (namespace, persistentvolumeclaim) ({ratio})"


def waiting_decisions(window: str, where: str = API) -> str:
    """Decisions of one replica that its spool held during the whole window: it was never empty in between."""
    return f"max (min_over_time(credit_ledger_spooled_decisions{{{where}}}[{window}]))"


def _by(labels: str) -> str:
    return f" by ({labels})" if labels else ""
