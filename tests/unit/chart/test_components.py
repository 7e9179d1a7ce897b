"""What the chart decides for each component, and the values that change it."""

import pytest

from monitoring.description.dashboards import DASHBOARDS, KUBERNETES_DASHBOARDS
from tests.support.chart import named, of_kind, pods, rendered


def test_replicas_are_left_to_the_autoscaler_where_there_is_one() -> None:
    production = rendered("production")
    assert "replicas" not in named(production, "Deployment", "api")["spec"]
    scaler = named(production, "HorizontalPodAutoscaler", "api")["spec"]
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (3, 10)
    resource = scaler["metrics"][0]["containerResource"]
    assert (resource["name"], resource["target"]["averageUtilization"]) == ("cpu", 70)
    assert resource["container"] in {
        one["name"] for one in named(production, "Deployment", "api")["spec"]["template"]["spec"]["containers"]
    }
    assert {"scaleUp", "scaleDown"} == set(scaler["behavior"])


@pytest.mark.parametrize(("environment", "replicas"), [("dev", 1), ("staging", 2)])
def test_without_an_autoscaler_the_number_of_replicas_is_fixed(environment: str, replicas: int) -> None:
    assert named(rendered(environment), "Deployment", "api")["spec"]["replicas"] == replicas
    assert of_kind(rendered(environment), "HorizontalPodAutoscaler") == []


def test_a_budget_protects_several_replicas_and_never_a_single_one() -> None:
    assert of_kind(rendered("dev"), "PodDisruptionBudget") == []
    for environment in ("staging", "production"):
        assert named(rendered(environment), "PodDisruptionBudget", "api")["spec"]["maxUnavailable"] == 1


def test_a_rolling_update_never_takes_a_replica_before_another_is_ready() -> None:
    spec = named(rendered("production"), "Deployment", "api")["spec"]
    assert spec["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    (container,) = spec["template"]["spec"]["containers"]
    assert container["lifecycle"]["preStop"] == {"sleep": {"seconds": 6}}
    variables = {one["name"]: one["value"] for one in container["env"]}
    lasts = 6 + int(variables["CREDIT_API_DRAIN_SECONDS"]) + int(variables["CREDIT_API_SHUTDOWN_TIMEOUT_SECONDS"])
    assert spec["template"]["spec"]["terminationGracePeriodSeconds"] > lasts


def test_the_service_keeps_no_decision_that_the_ledger_does_not_have() -> None:
    for pod in pods(rendered("production")):
        for container in pod.spec["containers"]:
            if container.get("args", [""])[0] == "serve":
                assert {"name": "CREDIT_LEDGER_SPOOL_MEGABYTES", "value": "0"} in container["env"]
                return
    raise AssertionError("No pod serves.")


def test_readiness_asks_the_service_and_not_mlflow() -> None:
    (container,) = named(rendered("production"), "Deployment", "api")["spec"]["template"]["spec"]["containers"]
    assert container["readinessProbe"]["httpGet"] == {"path": "/health/ready", "port": "http"}
    assert container["startupProbe"]["failureThreshold"] * container["startupProbe"]["periodSeconds"] >= 120


def test_every_replica_can_be_addressed() -> None:
    service = named(rendered("production"), "Service", "api-replicas")
    assert service["spec"]["clusterIP"] == "None"
    assert service["metadata"]["labels"]["credit-scoring/job"] == "credit-api"


def test_a_load_balancer_is_for_named_sources() -> None:
    settings = ("api.service.type=LoadBalancer", "api.service.loadBalancerSourceRanges={192.0.2.0/24}")
    service = named(rendered("staging", *settings, "networkPolicy.clientCidrs={192.0.2.0/24}"), "Service", "api")
    assert service["spec"]["type"] == "LoadBalancer"
    assert service["spec"]["loadBalancerSourceRanges"] == ["192.0.2.0/24"]
    assert named(rendered("staging"), "Service", "api")["spec"]["type"] == "ClusterIP"


def test_callers_outside_reach_neither_metrics_nor_probes() -> None:
    (rule,) = named(rendered("production"), "Ingress", "api")["spec"]["rules"]
    paths = {path["path"]: path["pathType"] for path in rule["http"]["paths"]}
    assert paths["/health"] == "Exact"
    assert not [path for path in paths if path == "/" or path.startswith(("/metrics", "/health/"))]


def test_everything_is_denied_that_no_policy_allows() -> None:
    policies = {one["metadata"]["name"]: one["spec"] for one in of_kind(rendered("production"), "NetworkPolicy")}
    default = policies["credit-scoring-default"]
    assert default["podSelector"] == {"matchLabels": {"app.kubernetes.io/instance": "credit-scoring"}}
    assert default["policyTypes"] == ["Ingress", "Egress"]
    assert "ingress" not in default
    assert {port["port"] for rule in default["egress"] for port in rule["ports"]} == {53}
    callers = policies["credit-scoring-postgres"]["ingress"][0]["from"]
    assert len(callers) == 1, "pods of this release alone"
    assert "denied-test" not in str(policies)


@pytest.mark.parametrize(
    ("settings", "component"),
    [
        (("api.enabled=false",), "api"),
        (("bootstrap.enabled=false",), "bootstrap"),
        (("batch.enabled=false",), "batch"),
        (("backup.enabled=false",), "backup"),
        (("migration.enabled=false",), "migrate"),
        (("monitoring.postgresExporter.enabled=false",), "postgres-exporter"),
        (
            ("mlflow.enabled=false", "mlflow.externalUrl=http://m", "networkPolicy.externalCidrs={192.0.2.0/24}"),
            "mlflow",
        ),
        (("postgres.enabled=false", "networkPolicy.externalCidrs={192.0.2.0/24}"), "postgres"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_a_component_can_be_left_out(settings: tuple[str, ...], component: str) -> None:
    def has(*given: str) -> bool:
        return any(pod.labels["app.kubernetes.io/component"] == component for pod in pods(rendered("staging", *given)))

    assert has()
    assert not has(*settings)


def test_registry_tag_and_resources_are_values() -> None:
    settings = ("image.registry=registry.example.org/credit", "image.tag=1.2.3", "api.image.digest=")
    pod = named(rendered("staging", *settings, "api.resources.limits.cpu=3"), "Deployment", "api")
    (container,) = pod["spec"]["template"]["spec"]["containers"]
    assert container["image"] == "registry.example.org/credit/credit-scoring-api:1.2.3"
    assert container["resources"]["limits"]["cpu"] == 3


def test_a_changed_setting_replaces_the_pods_and_a_changed_version_of_the_chart_does_not() -> None:
    def template(*settings: str) -> object:
        return named(rendered("staging", *settings), "Deployment", "api")["spec"]["template"]

    assert template("settings.CREDIT_LOG_FORMAT=json") != template()
    assert template("secrets.revision=second") != template()
    assert template("api.replicas=5") == template()


def test_a_job_that_cannot_change_gets_a_new_name() -> None:
    def name(*settings: str) -> str:
        jobs = of_kind(rendered("staging", *settings), "Job")
        return next(str(job["metadata"]["name"]) for job in jobs if "bootstrap" in job["metadata"]["name"])

    assert name("image.tag=v2", "batch.images.training.digest=") != name()
    assert name("api.replicas=5") == name()


def test_steps_of_one_cronjob_run_in_their_order_and_an_alarm_of_drift_is_no_failure() -> None:
    objects = rendered("staging")
    etl = named(objects, "CronJob", "etl")["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert [one["name"] for one in (*etl["initContainers"], *etl["containers"])] == ["ingest", "validate", "features"]
    drift = named(objects, "CronJob", "drift")["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]
    assert drift["command"][2].endswith("test $? -eq 14")
    assert drift["args"] == ["drift", "--window", "7d"]


@pytest.mark.parametrize("name", ["etl", "materialise", "training", "drift", "backup"])
def test_a_cronjob_runs_alone_and_ends_in_time(name: str) -> None:
    spec = named(rendered("production"), "CronJob", name)["spec"]
    assert spec["concurrencyPolicy"] == "Forbid"
    assert spec["timeZone"] == "Europe/Paris"
    assert spec["startingDeadlineSeconds"] and spec["jobTemplate"]["spec"]["activeDeadlineSeconds"]


def test_an_installation_keeps_what_cannot_be_made_again() -> None:
    objects = rendered("production")
    for claim in of_kind(objects, "PersistentVolumeClaim"):
        assert claim["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep"
    retention = named(objects, "StatefulSet", "postgres")["spec"]["persistentVolumeClaimRetentionPolicy"]
    assert retention == {"whenDeleted": "Retain", "whenScaled": "Retain"}


def test_rules_and_dashboards_are_those_of_this_installation() -> None:
    objects = rendered("production")
    (rules,) = of_kind(objects, "PrometheusRule")
    text = str(rules)
    assert 'up{job="credit-api", namespace="mlops-credit-scoring"}' in text
    assert "mlops-credit-scoring.*" not in text
    names = {rule.get("alert") for group in rules["spec"]["groups"] for rule in group["rules"]}
    assert {"CreditApiDown", "KubernetesAutoscalerAtMaximum", "KubernetesPodNotReady"} <= names
    assert "{{ $value" in text, "Helm must not evaluate the templates of Prometheus"
    dashboards = [one for one in of_kind(objects, "ConfigMap") if "grafana_dashboard" in one["metadata"]["labels"]]
    assert len(dashboards) == len(DASHBOARDS) + len(KUBERNETES_DASHBOARDS)
