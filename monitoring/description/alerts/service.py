"""Alerts on the prediction service and its model, beyond the specification's."""

from monitoring.description import limits, measures
from monitoring.description.alert import Alert, Severity
from monitoring.description.durations import Durations
from monitoring.description.measures import API
from monitoring.description.platforms import Platform


def service_alerts(durations: Durations, platform: Platform) -> tuple[Alert, ...]:
    """Replicas, model, spool, decisions."""
    hour = durations.window(hours=1)
    quarter = durations.window(minutes=15)
    decisions = f"sum (increase(credit_predictions_total{{{API}}}[{hour}]))"
    refused = measures.refused_share(hour)
    band = f"({refused} < {limits.REFUSED_SHARE_MINIMUM} or {refused} > {limits.REFUSED_SHARE_MAXIMUM})"
    unseen = f"sum (rate(credit_unseen_categories_total{{{API}}}[{hour}]))"
    others = f'credit_thread_failures_total{{{API}, thread!="deciding"}}'
    champion = f'credit_model_version{{{API}, role="champion"}}'
    return (
        Alert(
            "CreditApiUnreachable",
            Severity.CRITICAL,
            "api",
            f"max ({measures.PROBE_OF_THE_SERVICE}) == 0",
            "The prediction service does not answer through the proxy",
            "The probe of /health through the reverse proxy has failed for more than 5 minutes "
            "(success: {{ $value }}), so callers get no answer.",
            "credit-api",
            pending=durations.of(minutes=5),
        ),
        Alert(
            "CreditReplicasMissing",
            Severity.WARNING,
            "api",
            f"count (up{{{API}}} == 1) < {platform.replicas}",
            "Replicas of the prediction service are missing",
            f"{{{{ $value }}}} {platform.described_replicas} replicas have answered for more than 5 minutes; "
            "the next failure stops the service.",
            "credit-api",
            pending=durations.of(minutes=5),
        ),
        Alert(
            "CreditReplicasRestart",
            Severity.WARNING,
            "api",
            # The newest start of all: a replica that comes back at another address is another series.
            f"changes(max (credit_process_start_time_seconds{{{API}}})"
            f"[{durations.window(minutes=30)}:{durations.scrape}]) > {limits.RESTARTS}",
            "Replicas of the prediction service keep restarting",
            "Replicas were started {{ $value }} times within half an hour.",
            "credit-api",
        ),
        Alert(
            "CreditComponentNotReady",
            Severity.CRITICAL,
            "api",
            f"min by (instance, component_name) (label_replace(credit_component_ready{{{API}}}, "
            '"component_name", "$1", "component", "(.*)")) == 0',
            "{{ $labels.component_name }} of {{ $labels.instance }} does not work",
            "Component `{{ $labels.component_name }}` of {{ $labels.instance }} has not been ready for more than "
            "2 minutes (ready: {{ $value }}); this replica answers 503.",
            "credit-api",
            pending=durations.of(minutes=2),
        ),
        Alert(
            "CreditThreadFailed",
            Severity.WARNING,
            "api",
            f"sum by (instance, thread) (increase({others}[{quarter}])) > 0",
            "A background thread of {{ $labels.instance }} ended unexpectedly",
            "Thread `{{ $labels.thread }}` failed {{ $value | humanize }} times within 15 minutes; it started again.",
            "credit-api",
        ),
        Alert(
            "CreditDecidingStopped",
            Severity.CRITICAL,
            "api",
            f'max by (instance) (credit_thread_failures_total{{{API}, thread="deciding"}}) > 0',
            "{{ $labels.instance }} no longer decides",
            "The thread that decides ended unexpectedly ({{ $value }} times). It is not started again: "
            "this replica answers 503 until it is restarted.",
            "credit-api",
        ),
        Alert(
            "CreditModelVersionsDiffer",
            Severity.WARNING,
            "model",
            f"max ({champion}) != min ({champion})",
            "Replicas decide with different models",
            "Some replicas have used an older model than version {{ $value }} for more than 15 minutes.",
            "credit-model",
            pending=durations.of(minutes=15),
        ),
        Alert(
            "CreditRegistryUnreachable",
            Severity.WARNING,
            "registry",
            'max (probe_success{job="probe", probe="mlflow"}) == 0',
            "The model registry does not answer",
            "The probe of MLflow has failed for more than 10 minutes (success: {{ $value }}). The service decides with "
            "the model that it has; it cannot change it.",
            "credit-model",
            pending=durations.of(minutes=10),
        ),
        Alert(
            "CreditModelChangeFailed",
            Severity.WARNING,
            "model",
            f'sum by (instance) (increase(credit_model_changes_total{{{API}, result="failed"}}[{quarter}])) > 0',
            "{{ $labels.instance }} cannot load the new champion",
            "The new model failed to load {{ $value | humanize }} times within 15 minutes; the previous version "
            "stays in use.",
            "credit-model",
        ),
        Alert(
            "CreditSpoolGrowing",
            Severity.WARNING,
            "database",
            # Decisions that pass through the spool at every moment are no growth.
            f"sum (deriv(credit_ledger_spooled_decisions{{{API}}}[{durations.window(minutes=10)}])) > 0 "
            f"and {measures.waiting_decisions(durations.window(minutes=1))} > 0",
            "The decision spool grows",
            "{{ $value | humanize }} more decisions per second wait for the ledger than it takes.",
            "credit-infrastructure",
            pending=durations.of(minutes=5),
        ),
        Alert(
            "CreditFeaturesOld",
            Severity.WARNING,
            "model",
            f"max (credit_feature_age_seconds{{{API}}}) > {durations.number(days=limits.FEATURE_AGE_DAYS):g}",
            "The served features are old",
            "The feature version in use was published {{ $value | humanizeDuration }} ago.",
            "credit-model",
            pending=durations.of(minutes=15),
        ),
        Alert(
            "CreditRefusedShareUnusual",
            Severity.WARNING,
            "model",
            f"{band} and on () {decisions} > {limits.REFUSED_SHARE_MINIMUM_DECISIONS}",
            "The share of refusals is outside its band",
            "{{ $value | humanizePercentage }} of the decisions of the last hour refuse; the band is "
            f"{limits.REFUSED_SHARE_MINIMUM:.0%} to {limits.REFUSED_SHARE_MAXIMUM:.0%}.",
            "credit-model",
            pending=durations.of(minutes=30),
        ),
        Alert(
            "CreditUnseenCategories",
            Severity.WARNING,
            "model",
            f"{unseen} / sum (rate(credit_predictions_total{{{API}}}[{hour}])) > {limits.UNSEEN_CATEGORY_SHARE} "
            f"and on () {decisions} > {limits.UNSEEN_CATEGORY_MINIMUM_DECISIONS}",
            "Applications hold categories that the model does not know",
            "{{ $value | humanize }} unknown categories per decision; the model treats them as missing.",
            "credit-model",
            pending=durations.of(minutes=30),
        ),
    )
