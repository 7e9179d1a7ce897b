"""Images and the chart go to a registry once per version, and come back by digest: with a real registry."""

import json
import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workflows.runs import IMAGES, TOOLS, Workspace

THIRD_PARTY = ("postgres", "postgres-exporter")
HELM = shutil.which("helm", path=f"{TOOLS}{os.pathsep}{os.environ['PATH']}")


def docker(*arguments: str, stdin: bytes | None = None) -> str:
    """Output of Docker's client."""
    return subprocess.run(["docker", *arguments], input=stdin, check=True, capture_output=True).stdout.decode().strip()


@pytest.fixture(scope="module")
def registry() -> Iterator[str]:
    """A registry of its own on a free port, with a path for this run, as 127.0.0.1:PORT/PATH."""
    if (
        shutil.which("docker") is None
        or subprocess.run(["docker", "info"], capture_output=True, check=False).returncode
    ):
        pytest.skip("not run: no Docker engine answers")
    container = docker("run", "--detach", "--rm", "--publish", "127.0.0.1::5000", "registry:2")
    try:
        port = docker("port", container, "5000/tcp").splitlines()[0].rsplit(":", 1)[1]
        yield f"127.0.0.1:{port}/{uuid.uuid4().hex[:8]}"
    finally:
        docker("rm", "--force", "--volumes", container)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A working tree whose dist/ belongs to the test."""
    return Workspace(tmp_path_factory.mktemp("registry"), is_complete=False)


@pytest.fixture(scope="module")
def tag() -> Iterator[str]:
    """Tag of small images under the names of ours, which are removed afterwards."""
    name = f"test-{uuid.uuid4().hex[:8]}"
    yield name
    for image in IMAGES:
        subprocess.run(["docker", "image", "rm", f"credit-scoring-{image}:{name}"], check=False, capture_output=True)


def build(image: str, tag: str, revision: str) -> None:
    """A small image that says it was built from a commit."""
    recipe = f'FROM scratch\nLABEL org.opencontainers.image.revision={revision} name={image}\nCMD ["/none"]\n'
    docker("build", "--quiet", "--tag", f"credit-scoring-{image}:{tag}", "-", stdin=recipe.encode())


def push(workspace: Workspace, image: str, registry: str, tag: str) -> "subprocess.CompletedProcess[str]":
    """Run the script of the workflow."""
    return subprocess.run(
        [workspace.tree / "scripts/delivery/push_image.sh", image],
        env={**os.environ, "REGISTRY": registry, "IMAGE_TAG": tag},
        capture_output=True,
        text=True,
        check=False,
    )


def test_images_are_pushed_once_and_pulled_by_the_digest_that_was_written(
    workspace: Workspace, registry: str, tag: str
) -> None:
    for image in IMAGES:
        build(image, tag, "a" * 40)
        done = push(workspace, image, registry, tag)
        assert done.returncode == 0, done.stderr
    reference = (workspace.tree / "dist/references/api.txt").read_text().strip()
    version_tag = docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}", reference.split("@")[0])
    docker("image", "rm", version_tag)
    docker("pull", "--quiet", reference)
    assert docker("image", "inspect", "--format", '{{index .Config.Labels "name"}}', reference) == "api"


def test_a_repeated_job_takes_what_it_pushed_and_another_commit_cannot_replace_a_version(
    workspace: Workspace, registry: str, tag: str
) -> None:
    before = (workspace.tree / "dist/references/api.txt").read_text()
    again = push(workspace, "api", registry, tag)
    assert again.returncode == 0 and "already published from this commit" in again.stdout
    assert (workspace.tree / "dist/references/api.txt").read_text() == before
    build("api", tag, "b" * 40)
    other = push(workspace, "api", registry, tag)
    assert other.returncode == 1 and "Raise the version; nothing was pushed" in other.stderr


@pytest.mark.skipif(HELM is None, reason="not run: Helm is not installed")
def test_the_chart_is_pushed_and_the_release_file_names_everything_by_digest(
    workspace: Workspace, registry: str, tag: str, tmp_path: Path
) -> None:
    assert HELM is not None
    environment = {**os.environ, "REGISTRY": registry, "HELM_PUSH_OPTIONS": "--plain-http"}
    mirrored = {name: f"{registry}/{name}:{tag}" for name in THIRD_PARTY}
    for image in mirrored.values():
        docker("build", "--quiet", "--tag", image, "-", stdin=b'FROM scratch\nLABEL of=others\nCMD ["/none"]\n')
        docker("push", "--quiet", image)
    environment["THIRD_PARTY"] = " ".join(f"{name}={image}" for name, image in mirrored.items())
    environment["PATH"] = f"{Path(HELM).parent}{os.pathsep}{os.environ['PATH']}"
    script = workspace.tree / "scripts/delivery/release.sh"
    done = subprocess.run([script], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    release = json.loads((workspace.tree / "dist/release.json").read_text())
    assert set(release["images"]) == set(IMAGES)
    assert {name: one["repository"] for name, one in release["third_party"].items()} == {
        name: f"{registry}/{name}" for name in THIRD_PARTY
    }
    chart = release["chart"]
    command = [
        HELM,
        "pull",
        f"{chart['source']}@{chart['digest']}",
        "--plain-http",
        "--untar",
        "--untardir",
        str(tmp_path),
    ]
    subprocess.run(command, check=True, capture_output=True)
    assert (tmp_path / "credit-scoring" / "values-prod.yaml").exists(), "environments are part of the chart"
