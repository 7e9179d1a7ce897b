"""Alerts on machines, database server and certificates, and on the monitoring itself."""

from monitoring.description import limits, measures
from monitoring.description.alert import Alert, Severity
from monitoring.description.durations import Durations
from monitoring.description.platforms import Platform


def platform_alerts(durations: Durations, platform: Platform) -> tuple[Alert, ...]:
    """Everything that is not ours, and the dead-man switch."""
    absent = " or ".join(f'absent(up{{job="{job}"}})' for job in platform.expected_jobs)
    vanished = f"group by (job) (last_over_time(up[{durations.window(days=1)}])) unless on (job) up"
    free = f"node_filesystem_avail_bytes{{{measures.DISK}}}"
    ahead = durations.number(days=limits.DISK_FULL_IN_DAYS)
    window = durations.window(minutes=15)
    return (
        Alert(
            "Watchdog",
            Severity.NONE,
            "monitoring",
            "vector(1)",
            "Alerting works",
            "Always fires ({{ $value }}). A dead-man switch outside raises the alarm when it no longer arrives.",
            "credit-overview",
        ),
        Alert(
            "TargetDown",
            Severity.WARNING,
            "monitoring",
            "up == 0",
            "{{ $labels.job }} at {{ $labels.instance }} cannot be scraped",
            "Prometheus has not reached {{ $labels.instance }} for more than 5 minutes (up: {{ $value }}).",
            "credit-overview",
            pending=durations.of(minutes=5),
        ),
        Alert(
            "TargetMissing",
            Severity.WARNING,
            "monitoring",
            f"{absent} or {vanished}",
            "Prometheus knows no target {{ $labels.job }}",
            "Job `{{ $labels.job }}` has had no target for more than 10 minutes (targets missing: {{ $value }}).",
            "credit-overview",
            pending=durations.of(minutes=10),
        ),
        Alert(
            "DiskFullPredicted",
            Severity.WARNING,
            "host",
            # Nearly empty disks and those that were filled once, and no longer are, give no reason to act.
            f"min by (instance, device) (predict_linear({free}[{durations.window(hours=6)}], {ahead:g}) < 0 "
            f"and {free} / node_filesystem_size_bytes{{{measures.DISK}}} < 0.4 "
            f"and deriv({free}[{durations.window(hours=1)}]) < 0)",
            "A disk of {{ $labels.instance }} will be full within 4 days",
            "At the current rate, {{ $labels.device }} runs out of space within 4 days "
            "(predicted then: {{ $value | humanize1024 }}B).",
            "credit-infrastructure",
            pending=durations.of(hours=1),
        ),
        Alert(
            "MemoryHigh",
            Severity.WARNING,
            "host",
            f"{measures.memory_share()} > {limits.MEMORY_SHARE:g}",
            "The memory of {{ $labels.instance }} is almost used up",
            "{{ $value | humanizePercentage }} of the memory has been used for more than 15 minutes.",
            "credit-infrastructure",
            pending=durations.of(minutes=15),
        ),
        _certificate_alert(
            "CertificateExpiresSoon",
            Severity.WARNING,
            "soon",
            limits.CERTIFICATE_DAYS,
            durations.of(hours=1),
            durations,
        ),
        _certificate_alert(
            "CertificateAlmostExpired",
            Severity.CRITICAL,
            "within 2 days",
            limits.CERTIFICATE_CRITICAL_DAYS,
            durations.of(minutes=15),
            durations,
        ),
        Alert(
            "PostgresConnectionsHigh",
            Severity.WARNING,
            "database",
            f"{measures.database_connection_share()} > {limits.DATABASE_CONNECTION_SHARE:g}",
            "PostgreSQL runs out of connections",
            "{{ $value | humanizePercentage }} of the connections of {{ $labels.instance }} are in use.",
            "credit-infrastructure",
            pending=durations.of(minutes=5),
        ),
        Alert(
            "RuleEvaluationFails",
            Severity.WARNING,
            "monitoring",
            f'sum by (rule_group) (increase(prometheus_rule_evaluation_failures_total{{job="prometheus"}}[{window}]))'
            " > 0",
            "Prometheus cannot evaluate a rule",
            "Rules of {{ $labels.rule_group }} failed {{ $value | humanize }} times within 15 minutes.",
            "credit-overview",
        ),
        Alert(
            "NotificationsFail",
            Severity.CRITICAL,
            "monitoring",
            'sum by (integration) (increase(alertmanager_notifications_failed_total{job="alertmanager"}'
            f"[{window}])) > 0",
            "Alertmanager cannot send notifications through {{ $labels.integration }}",
            "{{ $value | humanize }} notifications by {{ $labels.integration }} failed within 15 minutes.",
            "credit-overview",
            pending=durations.of(minutes=5),
        ),
    )


def _certificate_alert(
    name: str, severity: Severity, when: str, days: float, pending: str, durations: Durations
) -> Alert:
    return Alert(
        name,
        severity,
        "certificate",
        # The probe of the proxy itself sees the certificate of the service.
        'min by (probe) (probe_ssl_earliest_cert_expiry{job="probe", probe!="proxy"}) - time() '
        f"< {durations.number(days=days):g}",
        f"The certificate of {{{{ $labels.probe }}}} expires {when}",
        "The certificate of `{{ $labels.probe }}` expires in {{ $value | humanizeDuration }}.",
        "credit-overview",
        pending=pending,
    )
