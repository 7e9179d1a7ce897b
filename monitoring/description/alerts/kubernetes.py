"""Alerts on pods, rollouts, autoscaler, Jobs and volumes; outside Kubernetes their series do not exist."""

from monitoring.description import limits
from monitoring.description.alert import Alert, Severity
from monitoring.description.durations import Durations
from monitoring.description.measures import volume_share
from monitoring.description.platforms import NAMESPACE

_STATE = f'job="kube-state-metrics", {NAMESPACE}'
_DASHBOARD = "credit-kubernetes"


def kubernetes_alerts(durations: Durations) -> tuple[Alert, ...]:
    """What kube-state-metrics and the kubelet know."""
    quarter = durations.of(minutes=15)
    return (
        Alert(
            "KubernetesPodNotReady",
            Severity.WARNING,
            "kubernetes",
            # The pods of Jobs end, and are not ready then.
            f'max by (namespace, pod) (kube_pod_status_ready{{{_STATE}, condition="false"}}) == 1 '
            f'unless on (namespace, pod) kube_pod_owner{{{_STATE}, owner_kind="Job"}}',
            "Pod {{ $labels.pod }} is not ready",
            "Pod `{{ $labels.pod }}` in {{ $labels.namespace }} has not been ready for more than 15 minutes "
            "(not ready: {{ $value }}).",
            _DASHBOARD,
            pending=quarter,
        ),
        Alert(
            "KubernetesPodRestarts",
            Severity.WARNING,
            "kubernetes",
            f"sum by (namespace, pod, container) (increase(kube_pod_container_status_restarts_total{{{_STATE}}}"
            f"[{durations.window(minutes=30)}])) > {limits.CONTAINER_RESTARTS}",
            "Container {{ $labels.container }} of {{ $labels.pod }} keeps restarting",
            "It restarted {{ $value | humanize }} times within half an hour.",
            _DASHBOARD,
        ),
        Alert(
            "KubernetesRolloutStuck",
            Severity.CRITICAL,
            "kubernetes",
            f"max by (namespace, deployment) (kube_deployment_status_condition{{{_STATE}, "
            'condition="Progressing", status="false"}) == 1',
            "The rolling update of {{ $labels.deployment }} does not go on",
            "Deployment `{{ $labels.deployment }}` in {{ $labels.namespace }} passed its deadline "
            "(stuck: {{ $value }}); the pods of the old version still answer.",
            _DASHBOARD,
            pending=durations.of(minutes=1),
        ),
        Alert(
            "KubernetesAutoscalerAtMaximum",
            Severity.WARNING,
            "kubernetes",
            "max by (namespace, horizontalpodautoscaler) "
            f"(kube_horizontalpodautoscaler_status_current_replicas{{{_STATE}}} "
            f"/ kube_horizontalpodautoscaler_spec_max_replicas{{{_STATE}}}) >= 1",
            "The autoscaler {{ $labels.horizontalpodautoscaler }} has reached its maximum",
            "For more than 15 minutes it has run {{ $value | humanizePercentage }} of its maximum number of replicas; "
            "more load makes answers slower.",
            _DASHBOARD,
            pending=quarter,
        ),
        Alert(
            "KubernetesAutoscalerBlind",
            Severity.WARNING,
            "kubernetes",
            f"max by (namespace, horizontalpodautoscaler) (kube_horizontalpodautoscaler_status_condition{{{_STATE}, "
            'condition="ScalingActive", status="false"}) == 1',
            "The autoscaler {{ $labels.horizontalpodautoscaler }} has no measured values",
            "It has not scaled for more than 15 minutes, whatever the load (blind: {{ $value }}).",
            _DASHBOARD,
            pending=quarter,
        ),
        Alert(
            "KubernetesJobFailed",
            Severity.WARNING,
            "batch",
            f'max by (namespace, job_name) (kube_job_failed{{{_STATE}, condition="true"}}) > 0',
            "Job {{ $labels.job_name }} failed",
            "Job `{{ $labels.job_name }}` in {{ $labels.namespace }} failed, after all its attempts "
            "(failed: {{ $value }}).",
            _DASHBOARD,
            pending=durations.of(minutes=1),
        ),
        Alert(
            "KubernetesVolumeAlmostFull",
            Severity.CRITICAL,
            "kubernetes",
            f"{volume_share()} > {limits.DISK_SHARE:g}",
            "The volume {{ $labels.persistentvolumeclaim }} is almost full",
            "{{ $value | humanizePercentage }} of the volume `{{ $labels.persistentvolumeclaim }}` in "
            "{{ $labels.namespace }} is used.",
            _DASHBOARD,
            pending=durations.of(minutes=5),
        ),
    )
