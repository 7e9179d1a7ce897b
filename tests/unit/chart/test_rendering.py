"""The chart renders for every environment, and every object is one that Kubernetes knows."""

import json
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from kubernetes_validate.utils import schema_contents
from referencing import Registry, Resource

from scripts.kubernetes.manifests import CHART
from scripts.kubernetes.programs import ROOT, run
from tests.support.chart import DIGESTS, ENVIRONMENTS, VERSIONS, Object, rendered

# Many renderings, and large schemas: too long for the commit hook.
pytestmark = pytest.mark.slow

SCHEMAS = ROOT / ".venv-tools" / "schemas"
# Everything that an option adds.
ADDED = {
    "as it is": (),
    "upgrade": (),
    "gateway": ("ingress.enabled=false", "httpRoute.enabled=true", "httpRoute.parentRefs[0].name=traefik"),
    "load balancer": (
        "api.service.type=LoadBalancer",
        "api.service.loadBalancerSourceRanges={192.0.2.0/24}",
        "networkPolicy.clientCidrs={192.0.2.0/24}",
    ),
    "external": (
        "postgres.enabled=false",
        "mlflow.enabled=false",
        "mlflow.externalUrl=https://mlflow.example.org",
        "networkPolicy.externalCidrs={192.0.2.0/24}",
        "secrets.generate=false",
        "secrets.existingSecret=",
        "secrets.external.enabled=true",
        "secrets.external.store.name=store",
    ),
    "canary": ("api.rollout.enabled=true", "api.autoscaling.enabled=true"),
    "loader": ("rawLoader.enabled=true", "bootstrap.enabled=true", "image.registry=registry.example.org/credit"),
}
CUSTOM = {
    "ServiceMonitor": "servicemonitors-crd.json",
    "PodMonitor": "podmonitors-crd.json",
    "Probe": "probes-crd.json",
    "PrometheusRule": "prometheusrules-crd.json",
    "ExternalSecret": "external-secrets.io_externalsecrets.yaml",  # pragma: allowlist secret
    "HTTPRoute": "gateway.networking.k8s.io_httproutes.yaml",
    "Rollout": "rollout-crd.yaml",
    "AnalysisTemplate": "analysis-template-crd.yaml",
}
DEFINITIONS = {**CUSTOM, "Application": "application-crd.yaml", "ApplicationSet": "applicationset-crd.yaml"}


@cache
def validator(api_version: str, kind: str, version: str) -> Draft202012Validator | None:
    """Strict: unknown fields are refused. None for a kind that Kubernetes does not have."""
    folder = f"kubernetes-json-schema/v{version}-local-strict"
    group, _, number = api_version.rpartition("/")
    name = "-".join(filter(None, (kind.lower(), group.split(".")[0], number)))
    try:
        schema = schema_contents(f"{folder}/{name}.json", version)
    except FileNotFoundError:
        return None
    return Draft202012Validator(schema, registry=_definitions(folder, version))


@cache
def _definitions(folder: str, version: str) -> Registry[Any]:
    contents = schema_contents(f"{folder}/_definitions.json", version)
    # Where the schemas look for it; searched once, rather than by every validator.
    registry: Registry[Any] = Registry().with_resource("/api/_definitions.json", Resource.from_contents(contents))
    return registry.crawl()


@cache
def custom_validator(kind: str, api_version: str) -> Draft202012Validator:
    """Of a kind that an operator defines; unknown fields are refused, as the API server drops them in silence."""
    definition = yaml.load((SCHEMAS / DEFINITIONS[kind]).read_text(), Loader=yaml.CSafeLoader)
    served = {one["name"]: one for one in definition["spec"]["versions"] if one["served"]}
    schema = served[api_version.rpartition("/")[2]]["schema"]["openAPIV3Schema"]
    return Draft202012Validator(_closed(json.loads(json.dumps(schema))))


def _closed(schema: Any) -> Any:
    """A schema that refuses fields it does not name."""
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict) and "additionalProperties" not in schema:
            schema["additionalProperties"] = bool(schema.get("x-kubernetes-preserve-unknown-fields"))
            # Of every object.
            if "spec" in schema["properties"]:
                schema["properties"]["metadata"] = {"type": "object"}
        for name, part in schema.items():
            # These parts are applied beside the properties of their parent.
            if name not in ("anyOf", "oneOf", "allOf", "not", "enum", "default"):
                _closed(part)
    return schema


def problems(objects: tuple[Object, ...], version: str) -> list[str]:
    """What is wrong with objects."""
    found = []
    for one in objects:
        name = f"{one['kind']}/{one['metadata']['name']}"
        checker = validator(one["apiVersion"], one["kind"], version)
        if checker is None:
            if one["kind"] not in CUSTOM:
                found.append(f"{name}: Kubernetes {version} has no {one['apiVersion']} {one['kind']}")
            continue
        found += [f"{name}: {error.json_path}: {error.message}" for error in checker.iter_errors(one)]
    return found


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_helm_finds_no_fault(environment: str) -> None:
    finished = run(
        "helm", "lint", "--strict", CHART, "--values", CHART / ENVIRONMENTS[environment], "--values", DIGESTS
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_helm_finds_no_fault_in_the_default_values() -> None:
    assert run("helm", "lint", "--strict", CHART).returncode == 0


@pytest.mark.parametrize(("environment", "version"), list(product(ENVIRONMENTS, VERSIONS)))
def test_every_object_fits_the_schema_of_kubernetes(environment: str, version: str) -> None:
    assert problems(rendered(environment, version=version), version) == []


@pytest.mark.parametrize("option", ADDED)
def test_what_an_option_adds_fits_too(option: str) -> None:
    assert problems(rendered("staging", *ADDED[option], upgrade=option == "upgrade"), VERSIONS[-1]) == []


def test_an_unknown_kind_and_an_unknown_field_are_noticed() -> None:
    deployment = next(one for one in rendered("staging") if one["kind"] == "Deployment")
    wrong = {**deployment, "spec": {**deployment["spec"], "replica": 3}}
    assert any("replica" in problem for problem in problems((wrong,), VERSIONS[-1]))
    unknown = {**deployment, "kind": "Deploiment"}
    assert problems((unknown,), VERSIONS[-1]) == [
        f"Deploiment/{deployment['metadata']['name']}: Kubernetes {VERSIONS[-1]} has no apps/v1 Deploiment"
    ]


@pytest.mark.skipif(not SCHEMAS.is_dir(), reason="Go was not installed when `make .venv-tools/installed` ran")
@pytest.mark.parametrize(
    ("kind", "option"),
    [(kind, "as it is") for kind in list(CUSTOM)[:4]]
    + [("ExternalSecret", "external"), ("HTTPRoute", "gateway"), ("Rollout", "canary"), ("AnalysisTemplate", "canary")],
)
def test_a_custom_resource_fits_the_definition_of_its_operator(kind: str, option: str) -> None:
    found = [one for one in rendered("staging", *ADDED[option]) if one["kind"] == kind]
    assert found
    for one in found:
        checker = custom_validator(kind, one["apiVersion"])
        assert [f"{error.json_path}: {error.message}" for error in checker.iter_errors(one)] == []
        wrong = {**one, "spec": {**one["spec"], "unknownField": 1}}
        assert not checker.is_valid(wrong)


def test_only_known_operators_define_custom_resources() -> None:
    kinds = {
        one["kind"]
        for options in ADDED.values()
        for one in rendered("staging", *options)
        if validator(one["apiVersion"], one["kind"], VERSIONS[-1]) is None
    }
    assert kinds == set(CUSTOM)


def test_an_option_of_the_table_changes_something() -> None:
    plain = rendered("staging")
    assert [name for name, options in ADDED.items() if options and rendered("staging", *options) == plain] == []


def test_chart_and_program_have_one_version() -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    pyproject = (ROOT / "pyproject.toml").read_text()
    assert f'version = "{chart["appVersion"]}"' in pyproject
    assert Path(CHART / "values.schema.json").exists()
