"""cd.yml and rollback.yml, executed: the order, one digest for all environments, and what happens when a test fails."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.delivery.release import Chart, Image, Release
from tests.unit.delivery.cluster import FakeCluster
from tests.workflows.runs import IMAGES, ROOT, Finished, Workspace

STAGING, PRODUCTION = "mlops-credit-scoring-staging", "mlops-credit-scoring"
TAG = (
    "refs/tags/v"
    + subprocess.run(
        [sys.executable, "-m", "scripts.delivery.versions", "check"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
)
SECRET = ("--secret", "KUBECONFIG=credentials-of-a-test")  # pragma: allowlist secret


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A working tree, and two clusters in which version 0.0.9 was deployed and verified."""
    return prepared(tmp_path)


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Finished]:
    """A release without a fault."""
    made = prepared(tmp_path_factory.mktemp("good"))
    return made, deliver(made)


def prepared(tmp_path: Path) -> Workspace:
    """A workspace whose clusters have version 0.0.9."""
    made = Workspace(tmp_path, is_complete=False)
    images = {name: Image(f"ghcr.io/example/credit-scoring-{name}", "sha256:" + "a" * 64) for name in IMAGES}
    chart = Chart("oci://ghcr.io/example/charts/credit-scoring", "0.0.9", "sha256:" + "b" * 64)
    (tmp_path / "released.json").write_text(Release("0.0.9", "0" * 40, chart, images).to_json())
    for environment, namespace in (("staging", STAGING), ("production", PRODUCTION)):
        deploy_before(made.clusters[namespace], environment, tmp_path / "released.json")
    return made


def deploy_before(cluster: FakeCluster, environment: str, release: Path) -> None:
    """Deploy what is there before the workflow runs."""
    text = release.read_text().replace('"source": "oci://ghcr.io/example/charts/credit-scoring"', '"source": "helm"')
    (cluster.folder / "before.json").write_text(text)
    command = [sys.executable, "-SE", "scripts/deploy.py", "--environment", environment]
    command += ["--release", str(cluster.folder / "before.json")]
    path = f"{cluster.folder}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(command, cwd=ROOT, env={**os.environ, "PATH": path}, check=True, capture_output=True)


def deliver(workspace: Workspace, ci: str = "success") -> Finished:
    """Push the tag of this version."""
    return workspace.run("cd.yml", "push", *SECRET, ref=TAG, GH_CI=ci)


def test_a_release_goes_to_staging_is_tested_and_then_goes_to_production_with_the_same_digests(
    delivered: tuple[Workspace, Finished],
) -> None:
    workspace, done = delivered
    assert done.exit_code == 0, done.output[-6000:]
    staging, production = workspace.clusters[STAGING], workspace.clusters[PRODUCTION]
    order = [
        done.position("helm", "upgrade", STAGING),
        done.position("helm", "test", STAGING),
        done.position("helm", "upgrade", PRODUCTION),
        done.position("helm", "test", PRODUCTION),
        done.position("gh", "release", "create"),
    ]
    assert order == sorted(order)
    pushed = {arguments[2] for arguments in done.calls("docker") if arguments[0] == "push"}
    assert len(pushed) == len(IMAGES), "each image is built and pushed once"
    digests = [cluster.state["values"] for cluster in (staging, production)]
    assert digests[0] == digests[1] and "sha256:" in digests[0]["api"]["image"]["digest"]
    assert "sha256:" in digests[0]["postgres"]["image"]["digest"], "production refuses an image without a digest"
    assert production.state["config_map"]["data"]["version"] == TAG.removeprefix("refs/tags/v")
    signed = [arguments[-1] for arguments in done.calls("cosign") if arguments[0] == "sign"]
    assert len(signed) == len(IMAGES) + 1 and all("@sha256:" in one for one in signed), "images and the chart"


def test_everything_is_verified_before_a_cluster_sees_it(delivered: tuple[Workspace, Finished]) -> None:
    _, done = delivered
    verified = [
        index for index, one in enumerate(done.records) if one["name"] == "cosign" and one["what"][0] == "verify"
    ]
    assert len(verified) == 2 * (len(IMAGES) + 1), "in staging and in production"
    assert verified[len(IMAGES)] < done.position("helm", "upgrade", STAGING)
    assert verified[-1] < done.position("helm", "upgrade", PRODUCTION)
    (identity,) = {
        one["what"][one["what"].index("--certificate-identity-regexp") + 1]
        for one in map(done.records.__getitem__, verified)
    }
    assert "Example/credit-scoring" in identity and identity.endswith("@refs/tags/v")


def test_scans_attestations_and_the_release_get_their_arguments(delivered: tuple[Workspace, Finished]) -> None:
    _, done = delivered
    scans = done.calls("aquasecurity/trivy-action", "action")
    assert {one["version"] for one in scans} == {"v0.69.3"} and {one["trivy-config"] for one in scans} == {"trivy.yaml"}
    gates = [one for one in scans if one["exit-code"] == "1"]
    assert len(gates) == len(IMAGES) and all("@sha256:" in one["image-ref"] for one in gates)
    assert len(done.calls("github/codeql-action/upload-sarif", "action")) == len(IMAGES)
    attested = done.calls("actions/attest", "action")
    assert len(attested) == 2 * len(IMAGES), "provenance and list of packages"
    assert all(one["push-to-registry"] == "true" and one["subject-digest"].startswith("sha256:") for one in attested)
    (published,) = [one for one in done.calls("gh") if one[:2] == ["release", "create"]]
    assert "--verify-tag" in published
    assert {Path(one).name for one in published if one.endswith(".json")} == {
        "release.json",
        *(f"credit-scoring-{name}.cdx.json" for name in IMAGES),
    }


def test_a_smoke_test_that_fails_in_staging_rolls_staging_back_and_never_reaches_production(
    workspace: Workspace,
) -> None:
    workspace.clusters[STAGING].set(bad=[TAG.removeprefix("refs/tags/v") + " "])
    done = deliver(workspace)
    assert done.exit_code != 0
    assert len(workspace.clusters[STAGING].called("rollback")) == 1
    assert workspace.clusters[STAGING].running.startswith("0.0.9")
    assert len(workspace.clusters[PRODUCTION].called("upgrade")) == 1, "version 0.0.9 alone"
    results = {name.split("/")[-1]: result for name, result in done.results.items()}
    assert "failure" in results.values()
    assert any("roll" in name.lower() and result == "success" for name, result in results.items()), results
    assert not [one for one in done.calls("gh") if one[:2] == ["release", "create"]]


def test_an_upgrade_that_helm_undid_is_not_rolled_back_once_more(workspace: Workspace) -> None:
    workspace.clusters[STAGING].set(bad=["upgrade"])
    done = deliver(workspace)
    assert done.exit_code != 0 and workspace.clusters[STAGING].called("rollback") == []
    assert workspace.clusters[STAGING].running.startswith("0.0.9")
    assert len(workspace.clusters[PRODUCTION].called("upgrade")) == 1


def test_a_smoke_test_that_fails_in_production_rolls_production_back(workspace: Workspace) -> None:
    workspace.clusters[PRODUCTION].set(bad=[TAG.removeprefix("refs/tags/v") + " "])
    done = deliver(workspace)
    assert done.exit_code != 0
    assert workspace.clusters[PRODUCTION].running.startswith("0.0.9")
    assert not workspace.clusters[STAGING].running.startswith("0.0.9"), "staging keeps it, for the search of the cause"


def test_a_tag_on_a_commit_without_ci_or_of_another_version_builds_nothing(workspace: Workspace) -> None:
    for done in (
        deliver(workspace, ci="failure"),
        workspace.run("cd.yml", "push", *SECRET, ref="refs/tags/v99.0.0"),
    ):
        assert done.exit_code != 0
        assert done.calls("docker") == [] and not [one for one in done.calls("helm") if one[0] == "upgrade"]


def test_a_rollback_by_hand_deploys_the_release_file_of_that_version(workspace: Workspace) -> None:
    inputs = {"environment": "production", "version": "0.0.9", "reason": "wrong reasons"}
    done = workspace.run("rollback.yml", "workflow_dispatch", *SECRET, inputs=inputs)
    assert done.exit_code == 0, done.output[-6000:]
    (download,) = [one for one in done.calls("gh") if one[:2] == ["release", "download"]]
    assert download[2] == "v0.0.9"
    assert workspace.clusters[PRODUCTION].running.endswith("rollback: wrong reasons")
    assert len(workspace.clusters[STAGING].called("upgrade")) == 1
