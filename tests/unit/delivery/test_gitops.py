"""gitops/: environments agree with those of the deployment, and what Argo CD makes of them is valid."""

import json
from pathlib import Path

import pytest
import yaml

from scripts.delivery.environments import ENVIRONMENTS
from scripts.delivery.promote import FOLDER, config, write_environment
from scripts.delivery.release import Chart, Image, Release
from scripts.kubernetes.manifests import CHART, objects_of
from scripts.kubernetes.programs import run
from tests.support.applications import application, application_set
from tests.support.applications import config as config_of
from tests.support.chart import VERSIONS, Object
from tests.unit.chart.test_rendering import SCHEMAS, custom_validator, problems

RELEASE = Release(
    "2.0.0",
    "0" * 40,
    Chart("oci://registry.example.org/charts/credit-scoring", "2.0.0", "sha256:" + "0" * 64),
    {name: Image(f"registry.example.org/credit-scoring-{name}", "sha256:" + "1" * 64) for name in ("api", "etl")},
)


@pytest.mark.parametrize("environment", sorted(ENVIRONMENTS))
def test_a_promotion_changes_digests_and_version_of_one_environment(environment: str, tmp_path: Path) -> None:
    write_environment(environment, RELEASE, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [environment]
    values = yaml.safe_load((tmp_path / environment / "release.yaml").read_text())
    assert values["api"]["image"]["digest"] == "sha256:" + "1" * 64
    written = json.loads((tmp_path / environment / "config.json").read_text())
    assert written["chart"] == {"registry": "registry.example.org/charts", "version": "2.0.0"}


def test_production_alone_is_synchronised_by_hand() -> None:
    assert {one for one in ENVIRONMENTS if not config(one, RELEASE)["automated"]} == {"production"}


def test_every_environment_has_its_folder_with_the_keys_that_the_application_set_reads() -> None:
    template = (FOLDER.parent / "appsets" / "credit-scoring.yaml").read_text()
    assert {path.name for path in FOLDER.iterdir()} == set(ENVIRONMENTS)
    for name, environment in ENVIRONMENTS.items():
        found = json.loads((FOLDER / name / "config.json").read_text())
        assert (found["environment"], found["namespace"]) == (name, environment.namespace)
        assert all(f".{key}" in template for key in found)


@pytest.fixture(scope="module")
def applications(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Object]:
    """The Application of each environment."""
    return {name: application(name, tmp_path_factory.mktemp(name)) for name in ENVIRONMENTS}


@pytest.mark.parametrize("environment", sorted(ENVIRONMENTS))
def test_the_application_of_an_environment_has_its_namespace_chart_and_values(
    environment: str, applications: dict[str, Object]
) -> None:
    made, given = applications[environment], config_of(environment)
    assert made["metadata"]["name"] == f"credit-scoring-{environment}"
    assert made["spec"]["destination"]["namespace"] == ENVIRONMENTS[environment].namespace
    chart, repository = made["spec"]["sources"]
    assert (chart["repoURL"], chart["targetRevision"]) == (given["chart"]["registry"], given["chart"]["version"])
    first, *others = chart["helm"]["valueFiles"]
    assert (CHART / first).exists()
    for name in others:
        reference, _, path = name.partition("/")
        assert reference == f"${repository['ref']}" and (FOLDER.parents[1] / path).exists(), name


def test_production_is_the_only_application_without_automatic_synchronisation(
    applications: dict[str, Object],
) -> None:
    automated = {name for name, made in applications.items() if "automated" in made["spec"]["syncPolicy"]}
    assert automated == set(ENVIRONMENTS) - {"production"}


@pytest.mark.parametrize("environment", sorted(ENVIRONMENTS))
def test_what_argo_cd_deploys_is_rendered_and_valid(environment: str, applications: dict[str, Object]) -> None:
    first, *others = applications[environment]["spec"]["sources"][0]["helm"]["valueFiles"]
    files = [CHART / first, *(FOLDER.parents[1] / name.partition("/")[2] for name in others)]
    values = [argument for path in files for argument in ("--values", path)]
    namespace = ENVIRONMENTS[environment].namespace
    done = run(
        "helm", "template", "credit-scoring", CHART, "--namespace", namespace, "--kube-version", VERSIONS[-1], *values
    )
    assert done.returncode == 0, done.stderr
    objects = tuple(objects_of(done.stdout))
    assert problems(objects, VERSIONS[-1]) == []
    assert bool([one for one in objects if one["kind"] == "Rollout"]) is (environment != "dev")


@pytest.mark.skipif(not SCHEMAS.is_dir(), reason="Go was not installed when `make .venv-tools/installed` ran")
def test_objects_of_argo_cd_fit_its_definitions(applications: dict[str, Object]) -> None:
    root = yaml.safe_load((FOLDER.parent / "bootstrap" / "root-app.yaml").read_text())
    for one in (root, application_set(), *applications.values()):
        checker = custom_validator(one["kind"], one["apiVersion"])
        assert [f"{error.json_path}: {error.message}" for error in checker.iter_errors(one)] == [], one["kind"]
        assert not checker.is_valid({**one, "spec": {**one["spec"], "unknownField": 1}})


def test_everything_in_gitops_is_of_a_kind_that_a_test_validates() -> None:
    kinds = {
        one["kind"]
        for path in FOLDER.parent.rglob("*.yaml")
        for one in yaml.safe_load_all(path.read_text())
        if "kind" in one
    }
    assert kinds == {"Application", "ApplicationSet"}
    others = {path.name for path in FOLDER.rglob("*") if path.is_file()}
    assert others == {"config.json", "release.yaml", "values.yaml"}
