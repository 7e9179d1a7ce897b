"""Feature flags: one value for each environment, as docs/CICD.md shows them, and nothing else decides the same."""

import json
import re

import pytest
import yaml

from scripts.kubernetes.manifests import CHART
from scripts.kubernetes.programs import ROOT
from tests.support.chart import ENVIRONMENTS, named, refusal, rendered

FLAGS = yaml.safe_load((CHART / "values.yaml").read_text())["flags"]
SECTION = (ROOT / "docs" / "CICD.md").read_text().split("### Feature flags")[1].split("\n## ")[0]
ROWS = re.findall(r"^\| `flags\.(\w+)` \| .+? \| `(.*?)` \| `(.*?)` \| `(.*?)` \|$", SECTION, re.MULTILINE)
DOCUMENTED = {
    environment: {name: json.loads(values[position]) for name, *values in ROWS}
    for position, environment in enumerate(("dev", "staging", "production"))
}
VARIABLES = {
    "reasonsByDefault": "CREDIT_API_REASONS_BY_DEFAULT",
    "shadowModel": "CREDIT_API_SHADOW_ALIAS",
    "monotoneConstraints": "CREDIT_TRAINING_MONOTONE_CONSTRAINTS",
}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_environment_sets_every_flag_as_it_is_documented(environment: str) -> None:
    values = yaml.safe_load((CHART / ENVIRONMENTS[environment]).read_text())["flags"]
    assert values.keys() == FLAGS.keys()
    assert values == DOCUMENTED[environment]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_what_is_rendered_follows_the_documented_flags(environment: str) -> None:
    objects, documented = rendered(environment), DOCUMENTED[environment]
    (service,) = named(objects, "Deployment", "api")["spec"]["template"]["spec"]["containers"]
    variables = {variable["name"]: variable["value"] for variable in service["env"]}
    settings = {**named(objects, "ConfigMap", "settings")["data"], **variables}
    for flag, variable in VARIABLES.items():
        value = documented[flag]
        assert settings[variable] == (value if isinstance(value, str) else str(value).lower()), flag
    (rule,) = named(objects, "Ingress", "api")["spec"]["rules"]
    paths = {path["path"] for path in rule["http"]["paths"]}
    assert (paths & {"/docs", "/openapi.json"} != set()) is documented["docsExposed"]
    assert {"/predict", "/health"} <= paths


def test_a_gateway_publishes_the_documentation_by_the_same_flag() -> None:
    gateway = ("ingress.enabled=false", "httpRoute.enabled=true", "httpRoute.parentRefs[0].name=traefik")
    for exposed in (True, False):
        route = named(rendered("staging", *gateway, f"flags.docsExposed={str(exposed).lower()}"), "HTTPRoute", "api")
        paths = {match["path"]["value"] for rule in route["spec"]["rules"] for match in rule["matches"]}
        assert ("/docs" in paths) is exposed and ("/openapi.json" in paths) is exposed


@pytest.mark.parametrize("where", ["settings", "api.settings", "bootstrap.settings", "batch.jobs.training.settings"])
@pytest.mark.parametrize("variable", VARIABLES.values())
def test_a_setting_that_would_hide_a_flag_is_refused(where: str, variable: str) -> None:
    message = refusal("staging", f"{where}.{variable}=x")
    assert f"{where}.{variable} is decided by a feature flag" in message


def test_a_flag_reaches_pods_by_replacing_them() -> None:
    def template(*settings: str) -> object:
        return named(rendered("production", *settings), "Deployment", "api")["spec"]["template"]

    assert template("flags.reasonsByDefault=true") != template()
