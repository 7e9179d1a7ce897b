"""Alerts on what runs now and then: training, drift."""

from monitoring.description import limits
from monitoring.description.alert import Alert, Severity
from monitoring.description.durations import Durations
from monitoring.description.measures import API


def batch_alerts(durations: Durations) -> tuple[Alert, ...]:
    """Steps that failed, or did not succeed for too long, or never."""
    training = 'credit_step_last_success_timestamp_seconds{step="train"}'
    drift = f"credit_drift_last_run_timestamp_seconds{{{API}}}"
    failed, succeeded = (
        f'max by (step) (credit_step_last_{result}_timestamp_seconds{{job="node"}})'
        for result in ("failure", "success")
    )
    return (
        Alert(
            "CreditTrainingStale",
            Severity.WARNING,
            "batch",
            f"time() - max ({training}) > {durations.number(days=limits.TRAINING_AGE_DAYS):g} or absent({training})",
            "No training has succeeded for 8 days",
            "{{ if eq $value 1.0 }}No successful training is known."
            "{{ else }}The last successful training is {{ $value | humanizeDuration }} old.{{ end }}",
            "credit-model",
            pending=durations.of(hours=1),
        ),
        Alert(
            "CreditDriftRunStale",
            Severity.WARNING,
            "drift",
            # NaN is what the service shows before the first run; only NaN differs from itself.
            f"time() - max ({drift}) > {durations.number(hours=limits.DRIFT_AGE_HOURS):g} "
            f"or max ({drift}) != max ({drift})",
            "Drift has not been measured for more than a day",
            "The last result on decisions is {{ $value | humanizeDuration }} old (NaN: none on the model in use).",
            "credit-drift",
            pending=durations.of(hours=1),
        ),
        Alert(
            "CreditStepFailed",
            Severity.WARNING,
            "batch",
            f"{failed} > {succeeded} or {failed} unless {succeeded}",
            "The newest run of step {{ $labels.step }} failed",
            "Step `{{ $labels.step }}` failed at {{ $value | humanizeTimestamp }} and has not succeeded since; "
            "its previous result stays in use.",
            "credit-model",
        ),
        Alert(
            "CreditBackupStale",
            Severity.WARNING,
            "database",
            # Without the profile `backup` there is no such series.
            'time() - max (credit_step_last_success_timestamp_seconds{job="node", step="backup"}) '
            f"> {durations.number(hours=limits.BACKUP_AGE_HOURS):g}",
            "There is no backup of the last day",
            "The newest backup is {{ $value | humanizeDuration }} old.",
            "credit-model",
            pending=durations.of(minutes=15),
        ),
        Alert(
            "CreditStepMetricsUnreadable",
            Severity.WARNING,
            "batch",
            'max by (instance) (node_textfile_scrape_error{job="node"}) > 0',
            "The metrics of the batch steps cannot be read",
            "The node exporter fails to read the files of the batch steps (errors: {{ $value }}).",
            "credit-model",
            pending=durations.of(minutes=15),
        ),
    )
