"""scripts/deploy.py against stand-ins for helm and kubectl: what it calls, records, prints and undoes."""

import json
import os
import re
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import pytest

from scripts import deploy as script
from scripts.delivery import programs
from scripts.delivery.deployment import IMAGE_VALUES, image_values
from scripts.delivery.environments import ENVIRONMENTS, RELEASE_NAME
from scripts.delivery.release import Chart, Image, Release
from scripts.kubernetes.manifests import CHART
from scripts.kubernetes.programs import run
from tests.support.chart import VERSIONS
from tests.unit.delivery.cluster import FakeCluster

ROOT = Path(__file__).parents[3]
# Some start several programs.
pytestmark = pytest.mark.slow
ZEROS = "sha256:" + "0" * 64
THIRD_PARTY = {
    "postgres": Image("postgres", ZEROS),
    "postgres-exporter": Image("prometheuscommunity/postgres-exporter", ZEROS),
}
IMAGES = {
    name: Image(f"registry.example.org/credit-scoring-{name}", f"sha256:{str(number) * 64}")
    for number, name in enumerate(("api", "etl", "mlflow", "training", "airflow"))
}


def release_of(version: str, model_version: int | None = None) -> Release:
    """A release with all images."""
    return Release(version, "0" * 40, Chart("helm", version), IMAGES, model_version, THIRD_PARTY)


@pytest.fixture
def cluster(tmp_path: Path) -> FakeCluster:
    """A cluster without any release."""
    return FakeCluster(tmp_path)


def arguments_of(cluster: FakeCluster, options: tuple[str, ...], release: Release | None) -> list[str]:
    """Of the script."""
    if release is None:
        return ["--environment", "staging", *options]
    path = cluster.folder / "release.json"
    path.write_text(release.to_json())
    return ["--environment", "staging", *options, "--release", str(path)]


def run_script(cluster: FakeCluster, *options: str, release: Release) -> "subprocess.CompletedProcess[str]":
    """Run the script as people do, with helm and kubectl as programs on PATH."""
    command = [sys.executable, "-SE", str(ROOT / "scripts" / "deploy.py"), *arguments_of(cluster, options, release)]
    environment = {**os.environ, "PATH": f"{cluster.folder}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def deploy(cluster: FakeCluster, *options: str, release: Release | None = None) -> "subprocess.CompletedProcess[str]":
    """The same in this process: each of hundreds of programs would take as long as a test."""

    def answer(command: tuple[str, ...], input: str | None, **_: object) -> "subprocess.CompletedProcess[str]":
        fails, text = cluster.answer(command[0], list(command[1:]), lambda: input or "")
        texts = ("", f"{text}\n") if fails else (f"{text}\n", "")
        return subprocess.CompletedProcess(command, int(fails), *texts)

    stand_in = SimpleNamespace(run=answer, TimeoutExpired=subprocess.TimeoutExpired)
    printed, complained, code = StringIO(), StringIO(), 0
    arguments = ["deploy.py", *arguments_of(cluster, options, release)]
    with patch.object(programs, "subprocess", stand_in), patch.object(sys, "argv", arguments):
        with redirect_stdout(printed), redirect_stderr(complained):
            try:
                script.main()
            except SystemExit as ended:
                # As the interpreter does with a message.
                code = ended.code if isinstance(ended.code, int) else 1
                complained.write(f"{ended.code}\n")
    return subprocess.CompletedProcess(arguments, code, printed.getvalue(), complained.getvalue())


def recorded(cluster: FakeCluster) -> list[tuple[str, int]]:
    """Version and revision of each verified deployment."""
    stored = json.loads(cluster.state["config_map"]["data"]["deployments.json"])
    return [(one["release"]["version"], one["revision"]) for one in stored]


def test_a_good_release_is_deployed_by_digest_tested_and_recorded(cluster: FakeCluster) -> None:
    done = run_script(cluster, "--reason", "first", release=release_of("1.2.3"))
    assert done.returncode == 0, done.stderr
    (upgrade,) = cluster.called("upgrade")
    assert "--rollback-on-failure" in upgrade and "--wait" in upgrade
    assert upgrade[upgrade.index("--namespace") + 1] == "mlops-credit-scoring-staging"
    assert upgrade[upgrade.index("--values") + 1] == "helm/values-staging.yaml"
    assert cluster.state["values"]["api"]["image"] == {
        "repository": "registry.example.org/credit-scoring-api",
        "digest": IMAGES["api"].digest,
    }
    data = cluster.state["config_map"]["data"]
    assert (data["version"], data["commit"], data["model_version"]) == ("1.2.3", "0" * 40, "4")
    assert recorded(cluster) == [("1.2.3", 1)]
    assert re.search(r"Deployed 1\.2\.3 to staging in \d+ s", done.stdout)


def test_helm_3_has_another_name_for_undoing_a_failure(cluster: FakeCluster) -> None:
    cluster.set(version="v3.22.0")
    assert deploy(cluster, release=release_of("1.2.3")).returncode == 0
    assert "--atomic" in cluster.called("upgrade")[0]


def test_a_release_that_does_not_become_ready_is_undone_by_helm_and_never_recorded(cluster: FakeCluster) -> None:
    deploy(cluster, release=release_of("1.0.0"))
    cluster.set(bad=["upgrade"])
    done = deploy(cluster, release=release_of("1.1.0"))
    assert done.returncode == 1
    assert re.search(r"revision 3 is running\. \d+ s from the start to recovery", done.stderr)
    assert cluster.running.startswith("1.0.0") and recorded(cluster) == [("1.0.0", 1)]


def test_a_release_that_fails_the_smoke_test_is_rolled_back_to_the_verified_one(cluster: FakeCluster) -> None:
    deploy(cluster, release=release_of("1.0.0"))
    cluster.set(bad=["1.1.0"])
    done = run_script(cluster, release=release_of("1.1.0"))
    assert done.returncode == 1 and "1.1.0 was rolled back" in done.stderr
    assert re.search(r"back at version 1\.0\.0 \(revision 1\) after \d+ s", done.stdout)
    assert cluster.running.startswith("1.0.0") and recorded(cluster) == [("1.0.0", 3)]


def test_a_first_release_that_fails_the_smoke_test_has_nothing_to_go_back_to(cluster: FakeCluster) -> None:
    cluster.set(bad=["1.0.0"])
    done = deploy(cluster, release=release_of("1.0.0"))
    assert done.returncode == 1 and "no verified deployment before revision 1" in done.stderr


def test_steps_of_the_workflow_deploy_test_and_roll_back_one_by_one(cluster: FakeCluster) -> None:
    assert deploy(cluster, "--without-smoke", release=release_of("1.0.0")).returncode == 0
    assert cluster.called("test") == [] and cluster.state["config_map"] is None
    assert deploy(cluster, "--smoke", release=release_of("1.0.0")).returncode == 0
    cluster.set(bad=["1.1.0"])
    deploy(cluster, "--without-smoke", release=release_of("1.1.0"))
    assert deploy(cluster, "--smoke", release=release_of("1.1.0")).returncode == 1
    assert cluster.running.startswith("1.1.0"), "the rollback is a job of its own"
    assert deploy(cluster, "--rollback").returncode == 0
    assert cluster.running.startswith("1.0.0")


def test_each_rollback_goes_further_back_and_never_to_a_version_that_was_undone(cluster: FakeCluster) -> None:
    for version in ("1.0.0", "1.1.0", "1.2.0"):
        deploy(cluster, release=release_of(version))
    cluster.set(bad=["upgrade"])
    deploy(cluster, release=release_of("1.3.0"))
    cluster.set(bad=[])
    for expected in ("1.1.0", "1.0.0"):
        assert deploy(cluster, "--rollback", "--reason", "wrong reasons").returncode == 0
        assert cluster.running.startswith(expected)
    done = deploy(cluster, "--rollback")
    assert done.returncode == 1 and "no verified deployment" in done.stderr


def test_a_release_for_a_model_version_fails_where_another_one_answers(cluster: FakeCluster) -> None:
    deploy(cluster, release=release_of("1.0.0", model_version=4))
    done = deploy(cluster, release=release_of("1.1.0", model_version=5))
    assert done.returncode == 1 and "Model version 4 answers, but the release is for version 5" in done.stderr
    assert cluster.running.startswith("1.0.0")


def test_a_rollback_to_a_revision_that_was_never_verified_is_refused(cluster: FakeCluster) -> None:
    for version in ("1.0.0", "1.1.0", "1.2.0"):
        deploy(cluster, release=release_of(version))
    assert deploy(cluster, "--rollback", "--revision", "1").returncode == 0
    assert cluster.running.startswith("1.0.0")
    assert deploy(cluster, "--rollback", "--revision", "3").returncode == 1


def test_missing_programs_and_files_are_named(cluster: FakeCluster) -> None:
    assert "missing.json cannot be read" in deploy(cluster, "--release", "missing.json").stderr
    (cluster.folder / "helm").unlink()
    environment = {**os.environ, "PATH": str(cluster.folder)}
    path = cluster.folder / "release.json"
    path.write_text(release_of("1.0.0").to_json())
    command = [sys.executable, "-SE", "scripts/deploy.py", "--environment", "dev", "--release", str(path)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "helm is not installed" in done.stderr


def test_every_image_of_the_chart_has_its_digest_and_registries_are_not_doubled() -> None:
    values = image_values(release_of("1.0.0"))
    assert values["image"] == {"registry": ""}
    assert set(IMAGE_VALUES) == {*IMAGES, *THIRD_PARTY} - {"airflow"}
    assert values["batch"] == {
        "images": {
            name: {"repository": IMAGES[name].repository, "digest": IMAGES[name].digest} for name in ("etl", "training")
        }
    }


def test_a_release_names_every_digest_that_production_asks_for(tmp_path: Path) -> None:
    values, production = tmp_path / "images.json", CHART / ENVIRONMENTS["production"].values_file
    command = ("helm", "template", RELEASE_NAME, CHART, "--kube-version", VERSIONS[-1], "--values", production)
    values.write_text(json.dumps(image_values(release_of("1.0.0"))))
    complete = run(*command, "--values", values)
    assert complete.returncode == 0, complete.stderr
    values.write_text(json.dumps(image_values(replace(release_of("1.0.0"), third_party={}))))
    assert "has no digest (monitoring.postgresExporter.image.digest)" in run(*command, "--values", values).stderr


def test_a_chart_in_a_registry_is_fetched_by_digest(cluster: FakeCluster) -> None:
    chart = Chart("oci://registry.example.org/charts/credit-scoring", "1.0.0", "sha256:" + "9" * 64)
    deploy(cluster, release=replace(release_of("1.0.0"), chart=chart))
    assert cluster.called("pull")[0][0] == f"{chart.source}@{chart.digest}"


def test_environments_have_the_names_of_the_design() -> None:
    assert {name: one.namespace for name, one in ENVIRONMENTS.items()} == {
        "dev": "mlops-credit-scoring-dev",
        "staging": "mlops-credit-scoring-staging",
        "production": "mlops-credit-scoring",
    }
