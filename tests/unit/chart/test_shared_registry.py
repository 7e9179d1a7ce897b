"""A staging that serves candidates from production's registry, when Airflow trains for both."""

import yaml

from scripts.kubernetes.manifests import CHART
from scripts.kubernetes.programs import run
from tests.support.chart import Object, named, of_kind, rendered


def test_staging_serves_the_alias_staging() -> None:
    for environment, alias in (("staging", "staging"), ("production", None)):
        settings = named(rendered(environment), "ConfigMap", "settings")["data"]
        assert settings.get("CREDIT_REGISTRY_MODEL_ALIAS") == alias


def test_a_staging_that_shares_the_registry_is_the_service_alone_and_may_connect_to_production() -> None:
    objects = _shared()
    assert [one["metadata"]["name"] for one in of_kind(objects, "Deployment")] == ["credit-scoring-api"]
    for kind in ("StatefulSet", "Job", "CronJob", "PersistentVolumeClaim"):
        assert of_kind(objects, kind) == []
    settings = named(objects, "ConfigMap", "settings")["data"]
    assert settings["CREDIT_REGISTRY_TRACKING_URI"] == "http://credit-scoring-mlflow.mlops-credit-scoring:5000"
    *_, outside = named(objects, "NetworkPolicy", "programs")["spec"]["egress"]
    namespace = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "mlops-credit-scoring"}}}
    assert outside["to"] == [namespace]
    assert [port["port"] for port in outside["ports"]] == [5432, 5000]


def test_production_admits_the_namespaces_that_it_names() -> None:
    other = "mlops-credit-scoring-staging"
    settings = (f"networkPolicy.clientNamespaces={{{other}}}", f"networkPolicy.databaseNamespaces={{{other}}}")
    for component in ("mlflow", "postgres"):
        (rule,) = named(rendered("production", *settings), "NetworkPolicy", component)["spec"]["ingress"]
        assert {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": other}}} in rule["from"]


def test_its_address_is_one_that_mlflow_accepts() -> None:
    (container,) = named(rendered("production"), "Deployment", "mlflow")["spec"]["template"]["spec"]["containers"]
    (hosts,) = [one["value"] for one in container["env"] if one["name"] == "MLFLOW_SERVER_ALLOWED_HOSTS"]
    assert "credit-scoring-mlflow.mlops-credit-scoring:5000" in hosts.split(",")


def _shared() -> list[Object]:
    values = [part for name in ("staging", "staging-shared") for part in ("--values", CHART / f"values-{name}.yaml")]
    finished = run("helm", "template", "credit-scoring", CHART, *values)
    assert finished.returncode == 0, finished.stderr
    return [found for found in yaml.safe_load_all(finished.stdout) if found is not None]
