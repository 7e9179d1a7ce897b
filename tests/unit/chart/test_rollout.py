"""With `api.rollout.enabled`, a canary of Argo Rollouts takes the place of the rolling update."""

from copy import deepcopy

import pytest

from monitoring.description.canary import CRITERIA, PLAN
from tests.support.chart import Object, named, of_kind, rendered

NAMESPACE = 'namespace="mlops-credit-scoring"'


@pytest.fixture(scope="module")
def canary() -> tuple[Object, ...]:
    """Production with a canary."""
    return rendered("production", "api.rollout.enabled=true")


def test_a_rollout_has_the_pods_of_the_deployment_and_takes_its_place(canary: tuple[Object, ...]) -> None:
    deployment = deepcopy(named(rendered("production"), "Deployment", "api")["spec"])
    rollout = deepcopy(named(canary, "Rollout", "api")["spec"])
    assert not [one for one in of_kind(canary, "Deployment") if one["metadata"]["name"].endswith("-api")]
    for spec in (deployment, rollout):
        for constraint in spec["template"]["spec"]["topologySpreadConstraints"]:
            # Each controller marks the pods of one version by a label of its own.
            constraint.pop("matchLabelKeys")
    assert rollout["template"] == deployment["template"] and rollout["selector"] == deployment["selector"]


def test_no_replica_is_taken_before_another_is_ready(canary: tuple[Object, ...]) -> None:
    strategy = named(canary, "Rollout", "api")["spec"]["strategy"]["canary"]
    assert (strategy["maxUnavailable"], strategy["maxSurge"]) == (0, 1)


def test_a_canary_is_analysed_at_every_weight(canary: tuple[Object, ...]) -> None:
    steps = named(canary, "Rollout", "api")["spec"]["strategy"]["canary"]["steps"]
    assert [one["setWeight"] for one in steps[::2]] == list(PLAN.weights)
    for one in steps[1::2]:
        assert one["analysis"]["templates"] == [{"templateName": "credit-scoring-api"}]
        hashes = {given["name"]: given["valueFrom"]["podTemplateHashValue"] for given in one["analysis"]["args"]}
        assert hashes == {"candidate": "Latest", "stable": "Stable"}


def test_each_criterion_is_a_metric_of_this_installation_that_is_safe_on_empty_answers(
    canary: tuple[Object, ...],
) -> None:
    spec = named(canary, "AnalysisTemplate", "api")["spec"]
    metrics = {one["name"]: one for one in spec["metrics"]}
    assert {name: one["successCondition"] for name, one in metrics.items()} == {
        one.name: one.condition for one in CRITERIA
    }
    assert all(condition["successCondition"].startswith("len(result)") for condition in metrics.values())
    assert not any("failureCondition" in one for one in metrics.values()), "both together end as inconclusive"
    for one in metrics.values():
        prometheus = one["provider"]["prometheus"]
        assert prometheus["address"] == "http://kube-prometheus-stack-prometheus.monitoring:9090"
        query = prometheus["query"]
        assert "{{args.candidate}}" in query and query.count('job="credit-api"') == query.count(NAMESPACE) > 0
    assert {one["name"] for one in spec["args"]} == {"candidate", "stable"}


def test_prometheus_tells_the_versions_apart_and_the_autoscaler_scales_the_rollout(canary: tuple[Object, ...]) -> None:
    assert named(canary, "ServiceMonitor", "api")["spec"]["podTargetLabels"] == ["rollouts-pod-template-hash"]
    target = named(canary, "HorizontalPodAutoscaler", "api")["spec"]["scaleTargetRef"]
    assert target == {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "name": "credit-scoring-api"}
    assert "replicas" not in named(canary, "Rollout", "api")["spec"]


def test_nothing_of_argo_is_rendered_without_it() -> None:
    for environment in ("dev", "staging", "production"):
        objects = rendered(environment)
        assert not [one for one in objects if one["apiVersion"].startswith("argoproj.io")]
        assert not [one for one in of_kind(objects, "ServiceMonitor") if "podTargetLabels" in one["spec"]]
