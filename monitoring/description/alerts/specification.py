"""The seven alerts of the specification, with its limits and durations."""

from monitoring.description import limits, measures
from monitoring.description.alert import Alert, Severity
from monitoring.description.durations import Durations


def specification_alerts(durations: Durations) -> tuple[Alert, ...]:
    """Three critical ones and four warnings."""
    window = durations.window(minutes=5)
    calm = durations.of(minutes=5)
    return (
        Alert(
            "CreditApiDown",
            Severity.CRITICAL,
            "api",
            # A replica that vanished from service discovery has no series at all, which `== 0` alone would miss.
            f"absent(up{{{measures.API}}} == 1)",
            "No replica of the prediction service answers",
            "Prometheus has reached no replica of the prediction service for more than 5 minutes "
            "({{ $value }}: none is up).",
            "credit-api",
            pending=durations.of(minutes=5),
        ),
        Alert(
            "CreditApiErrorRateHigh",
            Severity.CRITICAL,
            "api",
            f"{measures.error_share(window)} > {limits.ERROR_SHARE}",
            "More than 5 % of the requests fail",
            "{{ $value | humanizePercentage }} of the requests got a server error for more than 5 minutes.",
            "credit-api",
            pending=durations.of(minutes=5),
            keep_firing=calm,
        ),
        Alert(
            "CreditDatabaseConnectionLost",
            Severity.CRITICAL,
            "database",
            'label_replace(pg_up{job="postgres"} == 0, "database", "server", "", "")'
            f" or min by (database) (credit_database_connected{{{measures.API}}}) == 0",
            "The connection to the database {{ $labels.database }} is lost",
            "Database `{{ $labels.database }}` does not answer (connected: {{ $value }}). Its runbook says "
            "what goes on without it.",
            "credit-infrastructure",
            keep_firing=durations.of(minutes=1),
        ),
        Alert(
            "CreditApiLatencyHigh",
            Severity.WARNING,
            "api",
            f"{measures.latency(0.95, window)} > {limits.LATENCY_P95_SECONDS:g}",
            "The 95th percentile of the decision time exceeds 1 s",
            "5 % of the decisions have taken longer than {{ $value | humanizeDuration }} for more than 10 minutes.",
            "credit-api",
            pending=durations.of(minutes=10),
            keep_firing=calm,
        ),
        Alert(
            "CpuHigh",
            Severity.WARNING,
            "host",
            f"{measures.cpu_share(window)} > {limits.CPU_SHARE:g}",
            "The processors of {{ $labels.instance }} are busy",
            "{{ $value | humanizePercentage }} of the processor time has been used for more than 15 minutes.",
            "credit-infrastructure",
            pending=durations.of(minutes=15),
            keep_firing=calm,
        ),
        Alert(
            "CreditDriftHigh",
            Severity.WARNING,
            "drift",
            f"max (credit_drift_score{{{measures.API}}}) > {limits.DRIFT_SCORE:g}",
            "More than half of the features have drifted",
            "{{ $value | humanizePercentage }} of the features have drifted from the training for more than an hour.",
            "credit-drift",
            pending=durations.of(hours=1),
        ),
        Alert(
            "DiskAlmostFull",
            Severity.WARNING,
            "host",
            f"{measures.disk_share()} > {limits.DISK_SHARE:g}",
            "A disk of {{ $labels.instance }} is almost full",
            "{{ $value | humanizePercentage }} of {{ $labels.device }} is used.",
            "credit-infrastructure",
            keep_firing=calm,
        ),
    )
