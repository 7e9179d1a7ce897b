"""Cases of pods, rollouts, autoscaler, Jobs and volumes."""

from typing import Final

from monitoring.description.cases.case import below, episode

_OURS: Final = 'job="kube-state-metrics", namespace="mlops-credit-scoring"'
_NOT_READY: Final = f'kube_pod_status_ready{{{_OURS}, pod="p", condition="false"}}'
_OF_A_JOB: Final = f'kube_pod_owner{{{_OURS}, pod="p", owner_kind="Job", owner_name="etl"}}'
_RESTARTS: Final = f'kube_pod_container_status_restarts_total{{{_OURS}, pod="p", container="api"}}'
_STUCK: Final = f'kube_deployment_status_condition{{{_OURS}, deployment="d", condition="Progressing", status="false"}}'
_CURRENT: Final = f'kube_horizontalpodautoscaler_status_current_replicas{{{_OURS}, horizontalpodautoscaler="h"}}'
_MAXIMUM: Final = f'kube_horizontalpodautoscaler_spec_max_replicas{{{_OURS}, horizontalpodautoscaler="h"}}'
_BLIND: Final = (
    f'kube_horizontalpodautoscaler_status_condition{{{_OURS}, horizontalpodautoscaler="h", '
    'condition="ScalingActive", status="false"}'
)
_FAILED: Final = f'kube_job_failed{{{_OURS}, job_name="j", condition="true"}}'
_VOLUME: Final = '{job="kubelet", namespace="mlops-credit-scoring", persistentvolumeclaim="data-postgres-0"}'
_USED: Final = f"kubelet_volume_stats_used_bytes{_VOLUME}"
_CAPACITY: Final = f"kubelet_volume_stats_capacity_bytes{_VOLUME}"

KUBERNETES_CASES: Final = (
    episode("KubernetesPodNotReady", {_NOT_READY: "0x4 1x30 0x20"}, 18, 22, 40),
    below("KubernetesPodNotReady", {_NOT_READY: "0x4 1x12 0x20"}, 15, 30),
    below("KubernetesPodNotReady", {_NOT_READY: "1x60", _OF_A_JOB: "1x60"}, 30, 50, title="is silent for a Job"),
    below(
        "KubernetesPodNotReady",
        {_NOT_READY.replace("mlops-credit-scoring", "other"): "1x60"},
        30,
        50,
        title="is silent for other namespaces",
    ),
    episode("KubernetesPodRestarts", {_RESTARTS: "0x9 1+1x4 5x60"}, 11, 20, 60),
    below("KubernetesPodRestarts", {_RESTARTS: "0x9 1x5 2x60"}, 20, 60),
    episode("KubernetesRolloutStuck", {_STUCK: "0x4 1x10 0x20"}, 5, 7, 20),
    below("KubernetesRolloutStuck", {_STUCK: "0x30"}, 7, 20),
    episode("KubernetesAutoscalerAtMaximum", {_CURRENT: "3x4 10x30 9x20", _MAXIMUM: "10x60"}, 18, 22, 40),
    below("KubernetesAutoscalerAtMaximum", {_CURRENT: "9x60", _MAXIMUM: "10x60"}, 22, 50),
    episode("KubernetesAutoscalerBlind", {_BLIND: "0x4 1x30 0x20"}, 18, 22, 40),
    below("KubernetesAutoscalerBlind", {_BLIND: "0x4 1x12 0x20"}, 15, 30),
    episode("KubernetesJobFailed", {_FAILED: "_x4 1x20 stale"}, 4, 7, 35),
    below("KubernetesJobFailed", {_FAILED: "0x30"}, 7, 20),
    episode("KubernetesVolumeAlmostFull", {_USED: "80x4 86x20 50x20", _CAPACITY: "100x60"}, 8, 12, 30),
    below("KubernetesVolumeAlmostFull", {_USED: "84x60", _CAPACITY: "100x60"}, 12, 40),
)
