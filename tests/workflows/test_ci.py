"""ci.yml, executed: which targets run on which machines, and `make check` for real on one version of Python."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.delivery.job_results import failed_jobs
from tests.workflows.runs import IMAGES, ROOT, Finished, Workspace

PYTHONS = ("3.11", "3.12", "3.13")
THIS_PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """A push to main."""
    workspace = Workspace(tmp_path_factory.mktemp("ci"))
    # What MyPy remembers of this tree; its copy has the same contents.
    cache = Path(os.environ.get("MYPY_CACHE_DIR", ROOT / ".mypy_cache"))
    kept = workspace.folder / "mypy"
    if cache.is_dir():
        shutil.copytree(cache, kept)
    return workspace.run("ci.yml", "push", REAL_CHECK_PYTHON=THIS_PYTHON, MYPY_CACHE_DIR=str(kept))


def test_every_job_succeeds_and_make_check_was_run_for_real(finished: Finished) -> None:
    assert finished.exit_code == 0, finished.output[-8000:]
    assert set(finished.results.values()) == {"success"}
    assert finished.calls("make", "ran") == [["check"]]
    assert "All jobs succeeded." in finished.output


def test_each_version_of_python_is_installed_checked_and_tested_in_this_order(finished: Finished) -> None:
    made = [
        one["what"]
        for one in finished.records
        if one["job"] == "check" and one["name"] == "make" and one["kind"] != "ran"
    ]
    assert sorted(call[1] for call in made if call[0] == "install") == [f"PYTHON=python{one}" for one in PYTHONS]
    assert [call[0] for call in made].count("check") == 3
    assert made.count(["test-part", "PART=unit"]) == 3
    first = {target: [call[0] for call in made].index(target) for target in ("install", "check", "test-part")}
    assert sorted(first, key=lambda target: first[target]) == ["install", "check", "test-part"]


def test_coverage_is_judged_after_all_parts_and_then_shown_by_codecov(finished: Finished) -> None:
    parts = ("unit", "integration", "e2e", "faults")
    tested = [
        index for index, one in enumerate(finished.records) if one["name"] == "make" and one["what"][0] == "test-part"
    ]
    judged = finished.position("make", "coverage")
    assert max(tested) < judged
    uploaded = {one["name"] for one in finished.calls("actions/upload-artifact", "action")}
    assert uploaded == {f"coverage-{part}" for part in parts}
    (shown,) = finished.calls("codecov/codecov-action", "action")
    assert shown == {
        "use_oidc": "true",
        "files": "dist/coverage.xml",
        "disable_search": "true",
        "fail_ci_if_error": "false",
    }


def test_every_image_is_built_and_scanned_and_the_repository_too(finished: Finished) -> None:
    built = sorted(call[1] for call in finished.calls("make") if call[0] == "images")
    assert built == [f"IMAGES={name}" for name in IMAGES]
    scans = finished.calls("aquasecurity/trivy-action", "action")
    assert {(one["scan-type"], one["image-ref"]) for one in scans} == {
        ("fs", ""),
        *(("image", f"credit-scoring-{name}:latest") for name in IMAGES),
    }
    assert all(one["version"] == "v0.69.3" and one["trivy-config"] == "trivy.yaml" for one in scans)
    assert sorted(one["exit-code"] for one in scans) == ["0"] * (len(scans) // 2) + ["1"] * (len(scans) // 2)


@pytest.mark.parametrize("result", ["failure", "cancelled", "skipped"])
def test_ci_ok_fails_unless_every_job_succeeded(result: str) -> None:
    needs = json.dumps({"check": {"result": "success"}, "images": {"result": result}})
    assert failed_jobs(needs) == {"images": result}
    command = [sys.executable, "-m", "scripts.delivery.job_results"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "NEEDS": needs}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1 and f"images: {result}" in done.stdout
