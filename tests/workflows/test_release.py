"""The release pull request and the tag of a merged one, with a repository on this machine as the remote."""

import subprocess
from pathlib import Path

import pytest

from tests.workflows.runs import Workspace

SCRIPT = "scripts/delivery/release_pull_request.sh"


def git(folder: Path, *arguments: str) -> str:
    """Output of git in a folder."""
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A working tree and an empty remote."""
    made = Workspace(tmp_path)
    git(tmp_path, "init", "--quiet", "--bare", "remote.git")
    return made


def test_the_next_version_is_proposed_as_a_pull_request_and_tagged_once_it_is_merged(workspace: Workspace) -> None:
    remote = workspace.folder / "remote.git"
    version = workspace.execute("python", "-m", "scripts.delivery.versions", "next").stdout.strip()
    proposed = workspace.execute(SCRIPT, RELEASE_REMOTE=str(remote))
    assert proposed.returncode == 0, proposed.stderr
    assert ["generated", "golden"] in [one["what"] for one in workspace.records() if one["name"] == "make"]
    (created,) = [one["what"] for one in workspace.records() if one["what"][:2] == ["pr", "create"]]
    assert created[created.index("--title") + 1] == f"chore(release): {version}"
    assert created[created.index("--head") + 1] == "release"
    assert f'version = "{version}"' in git(remote, "show", "release:pyproject.toml")
    assert f"## {version} (" in git(remote, "show", "release:CHANGELOG.md")
    assert git(remote, "tag") == ""
    # Its branch is what main is after the merge.
    assert workspace.execute("make", "check-versions").returncode == 0
    tagged = workspace.execute(SCRIPT, RELEASE_REMOTE=str(remote))
    assert tagged.returncode == 0 and f"Tagged v{version}" in tagged.stdout, tagged.stderr
    assert git(remote, "tag").strip() == f"v{version}"


def test_a_commit_after_a_release_that_asks_for_none_opens_no_pull_request(workspace: Workspace) -> None:
    version = workspace.execute("python", "-m", "scripts.delivery.versions", "next").stdout.strip()
    workspace.git("tag", f"v{version}")
    quiet = workspace.execute(SCRIPT, RELEASE_REMOTE=str(workspace.folder / "remote.git"))
    assert quiet.returncode == 0 and f"No commit since v{version} asks for a release." in quiet.stdout, quiet.stderr
    assert not [one for one in workspace.records() if one["what"][:2] == ["pr", "create"]]
