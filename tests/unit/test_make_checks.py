"""`make check-changelog` compares the page with the commits; `make check-dependencies` does not pass in silence."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VULNERABLE = "jinja2 2.11.2 PYSEC-2021-66"
WHAT_GIT_KNOWS = {
    "GIT_AUTHOR_NAME": "clerk",
    "GIT_AUTHOR_EMAIL": "clerk@example.org",
    "GIT_COMMITTER_NAME": "clerk",
    "GIT_COMMITTER_EMAIL": "clerk@example.org",
    "GIT_CONFIG_GLOBAL": "/dev/null",
}


def run(folder: Path, *command: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """A command in a folder, with the tools of this environment and no hook or setting of its user."""
    path = os.pathsep.join((variables.pop("tools", ""), str(Path(sys.executable).parent), os.environ["PATH"]))
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "MAKE"))}
    environment = {**inherited, **WHAT_GIT_KNOWS, "PATH": path.lstrip(os.pathsep), **variables}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def commit(folder: Path, message: str) -> None:
    """Commit everything; a commit without a change is allowed."""
    run(folder, "git", "add", "--all")
    assert run(folder, "git", "commit", "--quiet", "--allow-empty", "--message", message).returncode == 0


def make(folder: Path, target: str) -> "subprocess.CompletedProcess[str]":
    """Run a target of this project's Makefile without installing anything."""
    return run(folder, "make", "--old-file=.venv/installed-dev", target)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with two changes and the changelog of both."""
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "scripts").mkdir()
    for name in ("Makefile", "pyproject.toml", "scripts/changelog.sh"):
        shutil.copy(ROOT / name, folder / name)
    run(folder, "git", "init", "--quiet")
    commit(folder, "feat: the first change")
    commit(folder, "fix(api): the second change")
    assert make(folder, "changelog").returncode == 0
    commit(folder, "docs(changelog): update")
    return folder


def test_the_commit_of_the_changelog_needs_no_entry_of_its_own(repository: Path) -> None:
    page = (repository / "CHANGELOG.md").read_text()
    assert "the first change" in page and "api: the second change" in page
    assert make(repository, "check-changelog").returncode == 0, "also after it was committed"


def test_a_change_that_the_changelog_lacks_is_named(repository: Path) -> None:
    commit(repository, "feat: a forgotten change")
    checked = make(repository, "check-changelog")
    assert checked.returncode != 0
    assert "> - a forgotten change" in checked.stdout and "make changelog" in checked.stdout


def test_a_release_is_headed_before_it_is_tagged_and_compared_after_it_too(repository: Path) -> None:
    assert run(repository, "make", "--old-file=.venv/installed-dev", "changelog", "VERSION=1.2.3").returncode == 0
    commit(repository, "chore(release): 1.2.3")
    page = repository / "CHANGELOG.md"
    assert "## 1.2.3 (" in page.read_text() and "Not released" not in page.read_text()
    assert make(repository, "check-changelog").returncode == 0
    run(repository, "git", "tag", "v1.2.3")
    assert make(repository, "check-changelog").returncode == 0, "tagged"
    commit(repository, "fix: after the release")
    assert make(repository, "changelog").returncode == 0
    assert page.read_text().index("## Not released") < page.read_text().index("## 1.2.3 (")
    notes = run(repository, "scripts/changelog.sh", "notes", "1.2.3").stdout
    assert "second change" in notes and "after the release" not in notes


def test_a_shallow_clone_is_not_compared(repository: Path, tmp_path: Path) -> None:
    assert run(tmp_path, "git", "clone", "--quiet", "--depth=1", f"file://{repository}", "shallow").returncode == 0
    checked = make(tmp_path / "shallow", "check-changelog")
    assert checked.returncode != 0
    assert "This clone is shallow" in checked.stdout


@pytest.mark.parametrize(
    ("answer", "exit_code", "said"),
    [
        ("exit 0", 0, "not run: no access to the database"),
        ("echo unreachable >&2; exit 1", 0, "not run: no access to the database"),
        (f'[[ "$*" == *requirements.txt* ]] || {{ echo "{VULNERABLE}"; exit 1; }}', 0, ""),
        (f'echo "{VULNERABLE}"; exit 1', 1, VULNERABLE),
    ],
    ids=["the database knows nothing", "no connection", "nothing found", "something found"],
)
def test_a_scan_that_did_not_happen_is_not_a_scan_without_findings(
    answer: str, exit_code: int, said: str, tmp_path: Path
) -> None:
    tool = tmp_path / "pip-audit"
    tool.write_text(f'#!/usr/bin/env bash\n[ "$*" != --version ] || exit 0\n{answer}\n')
    tool.chmod(0o755)
    scan = run(tmp_path, str(ROOT / "scripts" / "check_dependencies.sh"), tools=str(tmp_path))
    assert scan.returncode == exit_code
    assert said in scan.stdout and ("not run" in scan.stdout) == ("not run" in said)
