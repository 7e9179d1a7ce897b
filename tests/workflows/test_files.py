"""Checkers find nothing, and find something where there is something; workflows only use what exists and is pinned."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.workflows.runs import ACTIONS, IMAGES, ROOT, TOOLS, WORKFLOWS, remote_actions, steps_of

CHECKERS = ("actionlint", "zizmor", "shellcheck", "yamllint", "hadolint", "checkov")
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))
RUNS = [str(step["run"]) for path in (*WORKFLOWS, *ACTIONS) for step in steps_of(path) if "run" in step]
BAD_WORKFLOW = """name: bad
on: pull_request_target
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@main
      - run: echo ${{ github.event.pull_request.title }} ${{ steps.missing.outputs.x }}
"""


def jobs() -> list[tuple[str, dict[str, Any]]]:
    """All jobs with the names of their workflows."""
    return [(path.name, job) for path in WORKFLOWS for job in yaml.safe_load(path.read_text())["jobs"].values()]


@pytest.mark.parametrize("checker", CHECKERS)
def test_checker_finds_nothing(checker: str) -> None:
    command: list[str | Path] = [ROOT / "scripts" / "delivery" / "check_files.sh", checker]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and f"{checker}: clean" in done.stdout, done.stdout[-4000:] + done.stderr[-4000:]


def test_actionlint_and_zizmor_find_what_is_wrong(tmp_path: Path) -> None:
    workflow = tmp_path / ".github" / "workflows" / "bad.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text(BAD_WORKFLOW)
    linted = subprocess.run([TOOLS / "actionlint", workflow], capture_output=True, text=True, check=False)
    assert linted.returncode == 1 and "missing" in linted.stdout
    shutil.copy(ROOT / ".github" / "zizmor.yml", tmp_path / ".github")
    command: list[str | Path] = [TOOLS / "zizmor", "--offline", "--persona", "pedantic", tmp_path / ".github"]
    audited = subprocess.run(command, capture_output=True, text=True, check=False)
    assert audited.returncode != 0
    for audit in ("template-injection", "unpinned-uses", "dangerous-triggers", "excessive-permissions"):
        assert audit in audited.stdout


def test_bandit_and_detect_secrets_find_nothing_in_what_delivers() -> None:
    folders = ["scripts/delivery", "scripts/deploy.py"]
    skipped = [
        "--skip",
        "B101,B404,B603,B607",
    ]  # programs by name on PATH, without a shell, are what these scripts are for
    found = subprocess.run(
        ["bandit", "--quiet", "--recursive", *folders, *skipped], cwd=ROOT, check=False, capture_output=True
    )
    assert found.returncode == 0, found.stdout.decode()
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout.split(b"\0")
    files = [name for name in listed if name.startswith((b".github/", b"scripts/", b"tests/workflows/", b"gitops/"))]
    command: list[str | bytes] = ["detect-secrets-hook", "--baseline", ".secrets.baseline", *files]
    secrets = subprocess.run(command, cwd=ROOT, check=False, capture_output=True)
    assert secrets.returncode == 0, secrets.stdout.decode()


def test_every_step_is_a_make_target_or_a_script_that_exists() -> None:
    for command in RUNS:
        program, *arguments = command.split()
        if program == "make":
            assert arguments[0] in TARGETS or arguments[0] == '"$TARGET"', command
        elif program == "python3" and arguments[0] == "-m":
            assert (ROOT / arguments[1].replace(".", "/")).with_suffix(".py").exists(), command
        else:
            script = arguments[0] if program == "python3" else program
            assert script.startswith("scripts/") and (ROOT / script).exists(), command


def test_ci_runs_every_test_target_and_builds_every_image() -> None:
    ci = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())["jobs"]
    # `test` runs in parts, faults is one of them, and a cluster is upgraded each night.
    elsewhere = {"test-part", "test-faults", "test-cluster"}
    expected = sorted(target for target in TARGETS if target.startswith("test-") and target not in elsewhere)
    assert sorted(ci["platform"]["strategy"]["matrix"]["target"]) == expected
    parts = {"unit", *ci["integration"]["strategy"]["matrix"]["part"]}
    tested = {"containers", "monitoring", "workflows", "cluster", "chart", "airflow", "support"}
    assert (
        parts
        == {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and path.name[0] not in "_."} - tested
    )
    assert ci["images"]["strategy"]["matrix"]["image"] == IMAGES
    cd = yaml.safe_load((ROOT / ".github/workflows/cd.yml").read_text())["jobs"]
    assert cd["images"]["strategy"]["matrix"]["image"] == IMAGES
    assert ("make test-cluster" in RUNS) == ("test-cluster" in TARGETS), "nightly.yml upgrades the chart in a cluster"
    assert set(ci["ci-ok"]["needs"]) == set(ci) - {"ci-ok"}


def test_every_job_has_a_time_limit_and_rights_of_its_own_and_every_workflow_gives_none() -> None:
    for path in WORKFLOWS:
        workflow = yaml.safe_load(path.read_text())
        assert workflow["permissions"] == {}, path.name
        assert "concurrency" in workflow or path.name == "_image.yml", path.name
    for name, job in jobs():
        assert job.get("permissions"), name
        assert "uses" in job or job["timeout-minutes"] <= 60, name
        assert "uses" in job or job["runs-on"] == "ubuntu-24.04", name


def test_jobs_that_scan_see_no_secret() -> None:
    scanning = [job for _, job in jobs() if any("/scan" in step.get("uses", "") for step in job.get("steps", []))]
    assert len(scanning) == 4
    for job in scanning:
        assert "secrets." not in str(job) and "environment" not in job
        assert {one for one, level in job["permissions"].items() if level == "write"} == {"security-events"}


def test_actions_are_pinned_by_a_commit_or_listed_as_to_be_pinned() -> None:
    tags = {one for one in remote_actions() if not re.fullmatch(r"[^@]+@[0-9a-f]{40}", one)}
    section = (ROOT / "docs" / "CICD.md").read_text().split("## Pin before publishing")[1].split("\n## ")[0]
    assert tags == set(re.findall(r"`([\w./-]+@v[\w.]+)`", section))
