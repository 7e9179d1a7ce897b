"""gitops/: environments agree with those of the deployment, and a canary is judged by the criteria of one place."""

import json
from pathlib import Path

import pytest
import yaml

from monitoring.description.canary import CRITERIA, PLAN
from scripts.delivery.environments import ENVIRONMENTS
from scripts.delivery.promote import FOLDER, config, write_environment
from scripts.delivery.release import Chart, Image, Release
from scripts.delivery.rollouts import analysis_template, rollout

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


def test_each_criterion_is_a_metric_with_the_same_condition() -> None:
    metrics = analysis_template()["spec"]["metrics"]
    assert {one["name"]: one["successCondition"] for one in metrics} == {one.name: one.condition for one in CRITERIA}
    assert all("{{args.candidate}}" in one["provider"]["prometheus"]["query"] for one in metrics)
    assert not any("failureCondition" in one for one in metrics), "both together end as inconclusive"


def test_a_canary_is_analysed_at_every_weight() -> None:
    steps = rollout()["spec"]["strategy"]["canary"]["steps"]
    assert [one["setWeight"] for one in steps[::2]] == list(PLAN.weights)
    assert all("analysis" in one for one in steps[1::2])
