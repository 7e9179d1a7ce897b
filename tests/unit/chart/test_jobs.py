"""Jobs that an installation or an upgrade runs, and what they leave for others."""

import shutil
from pathlib import Path

import pytest
import yaml

from scripts.kubernetes.manifests import CHART
from scripts.kubernetes.programs import run
from tests.support.chart import ENVIRONMENTS, Object, named, of_kind, pods, rendered

_AT_INSTALLATION = {"Deployment", "StatefulSet", "Job"}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_claim_is_used_at_the_installation_because_helm_waits_until_it_is_bound(environment: str) -> None:
    objects = rendered(environment)
    used = {
        volume["persistentVolumeClaim"]["claimName"]
        for pod in pods(objects)
        if pod.owner["kind"] in _AT_INSTALLATION
        for volume in pod.spec.get("volumes", ())
        if "persistentVolumeClaim" in volume
    }
    assert {claim["metadata"]["name"] for claim in of_kind(objects, "PersistentVolumeClaim")} <= used


@pytest.mark.parametrize("upgrade", [False, True])
def test_rights_to_read_are_given_after_the_tables_exist(upgrade: bool) -> None:
    job = named(rendered("staging", upgrade=upgrade), "Job", "migrate" if upgrade else "migrate-first")
    pod = job["spec"]["template"]["spec"]
    names = [container["name"] for container in (*pod["initContainers"], *pod["containers"])]
    assert names == ["create-databases", "upgrade-mlflow", "migrate", "grant-reading"]


def test_an_external_database_is_migrated_and_not_administered() -> None:
    settings = ("postgres.enabled=false", "networkPolicy.externalCidrs={10.20.0.0/16}")
    pod = named(rendered("staging", *settings), "Job", "migrate")["spec"]["template"]["spec"]
    assert [container["name"] for container in pod["containers"]] == ["migrate"]


def test_another_template_of_the_bootstrap_makes_another_job_because_a_job_cannot_change(tmp_path: Path) -> None:
    changed = tmp_path / "helm"
    shutil.copytree(CHART, changed)
    template = changed / "templates" / "_pods.tpl"
    template.write_text(template.read_text().replace("time.sleep(2)", "time.sleep(3)"))
    assert _bootstrap(CHART)["spec"] != _bootstrap(changed)["spec"]
    assert _bootstrap(CHART)["metadata"]["name"] != _bootstrap(changed)["metadata"]["name"]


def _bootstrap(chart: Path) -> Object:
    values, template = chart / "values-dev.yaml", "templates/jobs/bootstrap.yaml"
    finished = run("helm", "template", "credit-scoring", chart, "--values", values, "--show-only", template)
    assert finished.returncode == 0, finished.stderr
    job: Object = yaml.safe_load(finished.stdout)
    return job
