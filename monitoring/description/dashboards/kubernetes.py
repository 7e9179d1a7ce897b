"""Kubernetes: replicas, autoscaler, pods, Jobs, volumes."""

from typing import Final

from monitoring.description import limits
from monitoring.description.measures import volume_share
from monitoring.description.panel import WINDOW, Dashboard, Panel, Query, Row
from monitoring.description.platforms import NAMESPACE

_STATE: Final = f'job="kube-state-metrics", {NAMESPACE}'
_CONTAINERS: Final = f'job="kubelet", {NAMESPACE}, container!="", container!="POD"'
_API: Final = f'{_STATE}, deployment=~".*-api"'

KUBERNETES: Final = Dashboard(
    "credit-kubernetes",
    "Credit scoring: Kubernetes",
    "Replicas and autoscaler, pods and their restarts, batch Jobs, volumes.",
    (
        Row(
            "Prediction service",
            (
                Panel(
                    "Replicas",
                    "Replicas that are wanted and that are available; they differ during a rolling update.",
                    (
                        Query(f"sum by (namespace) (kube_deployment_spec_replicas{{{_API}}})", "{{namespace}} wanted"),
                        Query(
                            f"sum by (namespace) (kube_deployment_status_replicas_available{{{_API}}})",
                            "{{namespace}} available",
                        ),
                    ),
                    "short",
                    is_live=False,
                    alert="KubernetesRolloutStuck",
                ),
                Panel(
                    "Autoscaler",
                    "Replicas of the autoscaler between its minimum and its maximum.",
                    tuple(
                        Query(
                            f"max by (horizontalpodautoscaler) (kube_horizontalpodautoscaler_{series}{{{_STATE}}})",
                            f"{{{{horizontalpodautoscaler}}}} {name}",
                        )
                        for series, name in (
                            ("spec_min_replicas", "minimum"),
                            ("status_current_replicas", "current"),
                            ("status_desired_replicas", "desired"),
                            ("spec_max_replicas", "maximum"),
                        )
                    ),
                    "short",
                    is_live=False,
                    alert="KubernetesAutoscalerAtMaximum",
                ),
                Panel(
                    "CPU of each pod",
                    "Processors that each pod uses; the autoscaler compares it with what the pod requests.",
                    (
                        Query(
                            f"sum by (pod) (rate(container_cpu_usage_seconds_total{{{_CONTAINERS}}}[{WINDOW}]))",
                            "{{pod}}",
                        ),
                    ),
                    "short",
                    is_live=False,
                ),
                Panel(
                    "Memory of each pod",
                    "Working set, which the memory limit counts.",
                    (Query(f"sum by (pod) (container_memory_working_set_bytes{{{_CONTAINERS}}})", "{{pod}}"),),
                    "bytes",
                    is_live=False,
                ),
            ),
        ),
        Row(
            "Pods, Jobs, volumes",
            (
                Panel(
                    "Pods that are not ready",
                    "Number of pods that are not ready, those of Jobs included.",
                    (
                        Query(
                            f'sum by (namespace) (kube_pod_status_ready{{{_STATE}, condition="false"}})',
                            "{{namespace}}",
                        ),
                    ),
                    "short",
                    is_live=False,
                    alert="KubernetesPodNotReady",
                ),
                Panel(
                    "Restarts",
                    "Restarts of each container in the window.",
                    (
                        Query(
                            "sum by (pod, container) "
                            f"(increase(kube_pod_container_status_restarts_total{{{_STATE}}}[{WINDOW}]))",
                            "{{pod}} {{container}}",
                        ),
                    ),
                    "short",
                    is_live=False,
                    alert="KubernetesPodRestarts",
                ),
                Panel(
                    "Last success of CronJobs",
                    "When each CronJob last succeeded.",
                    (
                        Query(
                            f"max by (cronjob) (kube_cronjob_status_last_successful_time{{{_STATE}}}) * 1000",
                            "{{cronjob}}",
                        ),
                    ),
                    "dateTimeAsIso",
                    "stat",
                    is_live=False,
                    alert="KubernetesJobFailed",
                ),
                Panel(
                    "Volumes",
                    "Share of each volume that is used.",
                    (Query(volume_share(), "{{namespace}} {{persistentvolumeclaim}}"),),
                    "percentunit",
                    limit=limits.DISK_SHARE,
                    maximum=1,
                    is_live=False,
                    alert="KubernetesVolumeAlmostFull",
                ),
            ),
        ),
    ),
    series="kube_pod_info",
)
