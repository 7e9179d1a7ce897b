"""k8s/ is the chart of production, and kubectl accepts it with the files that `make secrets` writes."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from scripts.kubernetes.manifests import FOLDER, NAMESPACE, objects_of, write_manifests
from scripts.kubernetes.programs import ROOT, run
from tests.support.chart import VERSIONS, Object, of_kind, pods
from tests.unit.chart.test_rendering import problems

SPECIFIED = ("deployments", "services", "configmaps", "secrets", "ingress", "hpa")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """k8s/ with secrets that were generated for this test."""
    folder = tmp_path_factory.mktemp("manifests")
    shutil.copytree(FOLDER, folder / "k8s", ignore=shutil.ignore_patterns("generated"))
    environment = {**os.environ, "SECRETS_DIRECTORY": str(folder / "secrets")}
    for command in (
        ["scripts/containers/make_secrets.sh", str(folder / "secrets")],
        ["scripts/kubernetes/write_secrets.sh", str(folder / "k8s" / "secrets" / "generated")],
    ):
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    return folder / "k8s"


@pytest.fixture(scope="module")
def built(copy: Path) -> tuple[Object, ...]:
    """What `kubectl apply -k k8s/` sends."""
    finished = run("kubectl", "kustomize", copy)
    assert finished.returncode == 0, finished.stderr
    return tuple(objects_of(finished.stdout))


def test_the_manifests_are_those_that_the_chart_renders(tmp_path: Path) -> None:
    write_manifests(tmp_path)
    there, rendered_now = _texts(FOLDER), _texts(tmp_path)
    assert sorted(there) == sorted(rendered_now), "Run `make generated`."
    assert [name for name in there if there[name] != rendered_now[name]] == [], "Run `make generated`."


def _texts(folder: Path) -> dict[str, str]:
    paths = [path for path in folder.rglob("*.yaml") if "generated" not in path.parts]
    return {str(path.relative_to(folder)): path.read_text() for path in paths}


@pytest.mark.parametrize("name", SPECIFIED)
def test_the_folders_of_the_specification_exist(name: str) -> None:
    assert list((FOLDER / name).glob("*.yaml"))


def test_every_object_is_valid_and_in_the_namespace(built: tuple[Object, ...]) -> None:
    assert problems(built, VERSIONS[0]) == []
    (namespace,) = of_kind(built, "Namespace")
    assert namespace["metadata"]["name"] == NAMESPACE
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    assert {one["metadata"]["namespace"] for one in built if one is not namespace} == {NAMESPACE}


def test_the_secrets_hold_what_pods_mount(built: tuple[Object, ...]) -> None:
    keys = {one["metadata"]["name"]: set(one["data"]) for one in of_kind(built, "Secret")}
    for pod in pods(built):
        for volume in pod.spec.get("volumes", ()):
            if secret := volume.get("secret"):
                assert {item["key"] for item in secret["items"]} <= keys[secret["secretName"]], pod.name
    (ingress,) = of_kind(built, "Ingress")
    assert keys[ingress["spec"]["tls"][0]["secretName"]] == {"tls.crt", "tls.key"}


def test_an_address_in_the_secrets_names_the_postgresql_of_the_cluster(copy: Path, built: tuple[Object, ...]) -> None:
    url = (copy / "secrets" / "generated" / "credit_url").read_text()
    password = (copy / "secrets" / "generated" / "credit_password").read_text()
    host = url.partition("@")[2].partition(":")[0]
    assert password in url
    assert host in {one["metadata"]["name"] for one in of_kind(built, "Service")}


def test_nothing_of_helm_is_left(built: tuple[Object, ...]) -> None:
    assert "helm.sh" not in str(built)


def test_git_holds_no_secret() -> None:
    listed = subprocess.run(["git", "ls-files", "k8s/secrets"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert listed.stdout.split() == ["k8s/secrets/kustomization.yaml"]


def test_objects_of_the_prometheus_operator_are_applied_on_their_own(copy: Path, built: tuple[Object, ...]) -> None:
    assert not [one for one in built if one["apiVersion"].startswith("monitoring.coreos.com")]
    finished = run("kubectl", "kustomize", copy / "monitoring")
    assert finished.returncode == 0, finished.stderr
    kinds = {one["kind"] for one in objects_of(finished.stdout)}
    assert kinds == {"ConfigMap", "PodMonitor", "Probe", "PrometheusRule", "ServiceMonitor"}
