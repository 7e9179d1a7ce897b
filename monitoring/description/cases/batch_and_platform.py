"""Cases of batch steps, machines, database server and the monitoring itself. Prometheus' clock starts at 0 here."""

from typing import Final

from monitoring.description.cases.case import Case, Series, below, episode
from monitoring.description.scrapes import EXPECTED_JOBS

_TRAIN: Final = 'credit_step_last_success_timestamp_seconds{job="node", instance="m", step="train"}'
_DRIFT: Final = 'credit_drift_last_run_timestamp_seconds{job="credit-api", instance="a"}'
# promtool cannot repeat it.
_NEVER: Final = " ".join(["NaN"] * 80)
_TEXTFILE: Final = 'node_textfile_scrape_error{job="node", instance="m"}'
_DISK: Final = '{job="node", instance="m", device="/dev/vda", fstype="ext4", mountpoint="/"}'
_EXPIRY: Final = 'probe_ssl_earliest_cert_expiry{job="probe", probe="%s"}'
_FAILED: Final = 'credit_step_last_failure_timestamp_seconds{job="node", instance="m", step="%s"}'
_SUCCEEDED: Final = 'credit_step_last_success_timestamp_seconds{job="node", instance="m", step="%s"}'
_BACKENDS: Final = 'pg_stat_database_numbackends{job="postgres", instance="p", datname="%s"}'
_MAXIMUM: Final = 'pg_settings_max_connections{job="postgres", instance="p"}'
_FAILURES: Final = 'prometheus_rule_evaluation_failures_total{job="prometheus", rule_group="g"}'
_NOT_SENT: Final = 'alertmanager_notifications_failed_total{job="alertmanager", integration="email"}'
_EIGHT_DAYS: Final = 691_200
_TWENTY_SIX_HOURS: Final = 93_600
_FOURTEEN_DAYS: Final = 1_209_600
_TWO_DAYS: Final = 172_800


def _jobs(missing: str, values: str) -> Series:
    return {f'up{{job="{job}", instance="{job}"}}': values if job == missing else "1x60" for job in EXPECTED_JOBS}


def _disk(free: str) -> Series:
    return {f"node_filesystem_avail_bytes{_DISK}": free, f"node_filesystem_size_bytes{_DISK}": "100x300"}


def _memory(free: str) -> Series:
    return {
        'node_memory_MemAvailable_bytes{job="node", instance="m"}': free,
        'node_memory_MemTotal_bytes{job="node", instance="m"}': "100x60",
    }


BATCH_CASES: Final = (
    episode("CreditTrainingStale", {_TRAIN: f"-{_EIGHT_DAYS}x80 4800x40"}, 55, 70, 85),
    below("CreditTrainingStale", {_TRAIN: f"-{_EIGHT_DAYS - 7_200}x110"}, 70, 110),
    episode("CreditTrainingStale", {_TRAIN: "_x80 4800x40"}, 55, 70, 85),
    episode(
        "CreditTrainingStale",
        {_TRAIN: f"-{_EIGHT_DAYS}x80 4800x40", _SUCCEEDED % "ingest": "3000x120"},
        55,
        70,
        85,
        title="fires although other steps succeed",
    ),
    episode("CreditBackupStale", {_SUCCEEDED % "backup": f"-{_TWENTY_SIX_HOURS}x80 4800x40"}, 10, 20, 85),
    below(
        "CreditBackupStale",
        {_SUCCEEDED % "backup": f"-{_TWENTY_SIX_HOURS - 7_200}x110", _TRAIN: "-900000x110"},
        20,
        110,
    ),
    episode("CreditStepFailed", {_FAILED % "ingest": "_x9 600x60", _SUCCEEDED % "ingest": "60x29 1800x30"}, 8, 12, 32),
    episode("CreditStepFailed", {_FAILED % "ingest": "_x9 600x60", _SUCCEEDED % "ingest": "_x29 1800x30"}, 8, 12, 32),
    below("CreditStepFailed", {_FAILED % "ingest": "600x60", _SUCCEEDED % "ingest": "601x60"}, 12, 40),
    episode("CreditDriftRunStale", {_DRIFT: f"-{_TWENTY_SIX_HOURS}x80 4800x40"}, 55, 70, 85),
    below("CreditDriftRunStale", {_DRIFT: f"-{_TWENTY_SIX_HOURS - 7_200}x110"}, 70, 110),
    episode("CreditDriftRunStale", {_DRIFT: f"{_NEVER} 4800x40"}, 55, 70, 85),
    episode("CreditStepMetricsUnreadable", {_TEXTFILE: "0x4 1x20 0x20"}, 18, 21, 30),
    below("CreditStepMetricsUnreadable", {_TEXTFILE: "0x4 1x13 0x20"}, 18, 21),
)

PLATFORM_CASES: Final = (
    Case("Watchdog", "always fires", {}, fires_at=(1, 30)),
    episode("TargetDown", {'up{job="node", instance="m"}': "1x4 0x20 1x20"}, 9, 11, 28),
    below("TargetDown", {'up{job="node", instance="m"}': "1x4 0x3 1x40"}, 8, 12),
    *(
        episode(
            "TargetMissing", _jobs(job, "1x4 stale _x20 1x20"), 13, 17, 30, title=f"fires and resolves for job {job}"
        )
        for job in EXPECTED_JOBS
    ),
    episode(
        "TargetMissing",
        {**_jobs("", ""), 'up{job="logs", instance="v"}': "1x4 stale _x20 1x20"},
        13,
        17,
        30,
        title="fires for a target of a profile that was started",
    ),
    below("TargetMissing", _jobs("node", "1x4 stale _x8 1x40"), 13, 17),
    episode("DiskFullPredicted", _disk("39-0.02x120 90x120"), 55, 75, 130),
    below("DiskFullPredicted", _disk("39-0.004x240"), 75, 200),
    below("DiskFullPredicted", _disk("90-0.05x240"), 75, 200, title="is silent while much is free"),
    below(
        "DiskFullPredicted", _disk("39x60 39-0.5x40 19x200"), 180, 290, title="is silent after a disk was filled once"
    ),
    episode("MemoryHigh", _memory("9x30 20x30"), 14, 17, 35),
    below("MemoryHigh", _memory("11x60"), 17, 50),
    episode("CertificateExpiresSoon", {_EXPIRY % "service": f"{_FOURTEEN_DAYS - 1}x80 9000000x40"}, 59, 63, 85),
    episode(
        "CertificateExpiresSoon",
        {_EXPIRY % "service": f"{_FOURTEEN_DAYS - 1}x80 9000000x40", _EXPIRY % "mlflow": "9000000x120"},
        59,
        63,
        85,
        title="fires for one certificate of two",
    ),
    below("CertificateExpiresSoon", {_EXPIRY % "service": f"{_FOURTEEN_DAYS + 7_200}x110"}, 63, 110),
    episode("CertificateAlmostExpired", {_EXPIRY % "service": f"{_TWO_DAYS - 1}x40 9000000x40"}, 14, 18, 50),
    below("CertificateAlmostExpired", {_EXPIRY % "service": f"{_TWO_DAYS + 7_200}x110"}, 18, 110),
    episode(
        "PostgresConnectionsHigh",
        {_BACKENDS % "credit": "50x20 10x20", _BACKENDS % "mlflow": "31x40", _MAXIMUM: "100x40"},
        4,
        7,
        25,
    ),
    below("PostgresConnectionsHigh", {_BACKENDS % "credit": "80x40", _MAXIMUM: "100x40"}, 7, 25),
    episode("RuleEvaluationFails", {_FAILURES: "0x4 1x40"}, 3, 6, 30),
    below("RuleEvaluationFails", {_FAILURES: "3x40"}, 6, 30),
    episode("NotificationsFail", {_NOT_SENT: "0x4 1+1x10 11x40"}, 9, 12, 40),
    below("NotificationsFail", {_NOT_SENT: "3x40"}, 6, 30),
)
