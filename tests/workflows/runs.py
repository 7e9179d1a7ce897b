"""Executing workflows with act on this machine: jobs, conditions, outputs and artifacts are real, GitHub is not."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.unit.delivery.cluster import FakeCluster

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".venv-tools" / "bin"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTIONS = sorted((ROOT / ".github" / "actions").glob("*/action.yml"))
PROGRAMS = ("make", "docker", "gh", "helm", "kubectl", "cosign")
NAMESPACES = ("mlops-credit-scoring", "mlops-credit-scoring-staging")
IMAGES = sorted({path.suffix[1:] for path in (ROOT / "docker").glob("Dockerfile.*")} - {"jinja"})
NOT_DELIVERED = ("airflow/", "benchmarks/", "docs/pictures/", "k8s/", "requirements", "src/", "tests/")
"""What images are built of, which stand-ins do not build, and what no step of a delivery reads."""
OWNER_AND_NAME = "Example/credit-scoring"


def steps_of(path: Path) -> list[dict[str, Any]]:
    """All steps of a workflow or composite action."""
    parsed = yaml.safe_load(path.read_text())
    jobs = [parsed["runs"]] if "runs" in parsed else parsed["jobs"].values()
    return [step for job in jobs for step in job.get("steps", [])]


def remote_actions() -> dict[str, set[str]]:
    """Inputs that are given to each action of others, by owner/name[/path]@reference."""
    found: dict[str, set[str]] = {}
    for path in (*WORKFLOWS, *ACTIONS):
        for step in steps_of(path):
            if not step.get("uses", "./").startswith("./"):
                found.setdefault(step["uses"], set()).update(step.get("with", {}))
    return found


@dataclass(frozen=True)
class Finished:
    """A workflow that was executed.

    Attributes:
        results: of jobs: success or failure, by name; jobs that were skipped are absent.
        records: calls of stand-ins, in order.
    """

    exit_code: int
    output: str
    results: dict[str, str]
    records: list[dict[str, Any]] = field(repr=False)

    def calls(self, name: str, kind: str = "program") -> list[Any]:
        """Arguments of each call of a program, or inputs of each use of an action whose name begins so."""
        return [one["what"] for one in self.records if one["kind"] == kind and one["name"].startswith(name)]

    def position(self, name: str, *arguments: str) -> int:
        """Index of the only call of a program that has these arguments."""
        (found,) = [
            index
            for index, one in enumerate(self.records)
            if one["name"] == name and one["kind"] == "program" and set(arguments) <= set(one["what"])
        ]
        return found


class Workspace:
    """A copy of this working tree with stand-ins for programs and actions, and two clusters.

    Args:
        is_complete: with all commits and files. A delivery needs neither, and act copies them into each of its jobs.

    Attributes:
        clusters: by namespace.
    """

    def __init__(self, folder: Path, is_complete: bool = True) -> None:
        self.folder = folder
        self.tree = folder / "tree"
        self.programs = folder / "programs"
        self.clusters = {}
        for namespace in NAMESPACES:
            (folder / "clusters" / namespace).mkdir(parents=True)
            self.clusters[namespace] = FakeCluster(folder / "clusters" / namespace)
        self._copy_tree(is_complete)
        self._write_programs()
        self._options = [option for reference in remote_actions() for option in self._stand_in_for(reference)]

    def git(self, *arguments: str) -> None:
        """Run git in the copy, without settings of this machine's user."""
        identity = ["-c", "user.name=clerk", "-c", "user.email=clerk@example.org", "-c", "core.hooksPath=/dev/null"]
        subprocess.run(["git", *identity, *arguments], cwd=self.tree, check=True, capture_output=True)

    def _copy_tree(self, is_complete: bool) -> None:
        how_much = ["--no-hardlinks", str(ROOT)] if is_complete else ["--depth", "1", ROOT.as_uri()]
        subprocess.run(["git", "clone", "--quiet", *how_much, self.tree], check=True, capture_output=True)
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
        for name in listed.stdout.decode().split("\0"):
            source, target = ROOT / name, self.tree / name
            if name and not is_complete and name.startswith(NOT_DELIVERED):
                target.unlink(missing_ok=True)
            elif name and source.is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)
            elif name:
                target.unlink(missing_ok=True)
        for path in (self.tree / ".github" / "workflows").iterdir():
            # act's schema does not know this permission yet; it ignores all of them.
            lines = path.read_text().splitlines(keepends=True)
            path.write_text("".join(line for line in lines if "artifact-metadata:" not in line))
        self.git("remote", "set-url", "origin", f"https://github.com/{OWNER_AND_NAME}.git")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "test: what is tested")
        if not is_complete:
            return
        # Whether the page is up to date is no question for this test, but `make check` asks it.
        subprocess.run([self.tree / "scripts/changelog.sh", "write"], check=True, env=self._environment())
        self.git("commit", "--quiet", "--all", "--allow-empty", "--message", "docs(changelog): update")

    def _write_programs(self) -> None:
        self.programs.mkdir()
        for name in PROGRAMS:
            (self.programs / name).write_text(
                f"#!{sys.executable} -SE\nimport sys\nsys.path.insert(0, {str(Path(__file__).parent)!r})\n"
                "import stand_in\nsys.exit(stand_in.main())\n"
            )
            (self.programs / name).chmod(0o755)

    def _stand_in_for(self, reference: str) -> list[str]:
        name, _, version = reference.partition("@")
        repository, path = "/".join(name.split("/")[:2]), "/".join(name.split("/")[2:])
        folder = self.folder / "actions" / repository
        action = {
            "name": name,
            "inputs": {one: {"required": False} for one in sorted(remote_actions()[reference])},
            "outputs": {"token": {"value": "token-of-the-app"}},
            "runs": {
                "using": "composite",
                "steps": [
                    {
                        "shell": "bash",
                        "env": {"INPUTS": "${{ toJSON(inputs) }}"},
                        "run": f"{sys.executable} -SE {Path(__file__).parent / 'stand_in.py'} {name}",
                    }
                ],
            },
        }
        (folder / path).mkdir(parents=True, exist_ok=True)
        (folder / path / "action.yml").write_text(yaml.safe_dump(action))
        return ["--local-repository", f"{repository}@{version}={folder}"]

    def _environment(self, **variables: str) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "MAKE"))}
        path = [str(self.programs), str(Path(sys.executable).parent), os.environ["PATH"]]
        return {
            **inherited,
            "PATH": os.pathsep.join(path),
            # Inside the copy act would copy them into itself.
            "HOME": str(self.folder),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "STAND_IN_RECORDS": str(self.folder / "records.jsonl"),
            "SECONDS_PER_MINUTE": "0.1",
            "REAL_TOOLS": str(TOOLS.parent),
            "REAL_MAKE": str(shutil.which("make")),
            **variables,
        }

    def execute(self, *command: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        """Run a command in the copy, with the stand-ins."""
        environment = self._environment(GITHUB_REPOSITORY=OWNER_AND_NAME, GH_TOKEN="token-of-a-test", **variables)
        return subprocess.run(command, cwd=self.tree, env=environment, capture_output=True, text=True, check=False)

    def records(self) -> list[dict[str, Any]]:
        """Calls of stand-ins so far, since the last workflow."""
        path = self.folder / "records.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def run(
        self,
        workflow: str,
        event: str,
        *options: str,
        ref: str = "refs/heads/main",
        inputs: Mapping[str, str] | None = None,
        **variables: str,
    ) -> Finished:
        """Execute a workflow; inputs are those of a start by hand, variables those that its programs see."""
        (self.folder / "records.jsonl").write_text("")
        shutil.rmtree(self.folder / "artifacts", ignore_errors=True)
        (self.folder / "event.json").write_text(json.dumps({"ref": ref, "inputs": inputs or {}}))
        command: list[str | Path] = [TOOLS / "act", event, "--workflows", f".github/workflows/{workflow}", "--json"]
        command += ["--platform", "ubuntu-24.04=-self-hosted", "--container-daemon-socket", "-", "--no-cache-server"]
        command += ["--eventpath", self.folder / "event.json", *self._options, *options]
        done = subprocess.run(
            command, cwd=self.tree, env=self._environment(**variables), capture_output=True, text=True, check=False
        )
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        results = {line["job"]: line["jobResult"] for line in lines if "jobResult" in line}
        output = "\n".join(f"{line.get('job', '')} {line.get('msg', '').rstrip()}" for line in lines)
        return Finished(done.returncode, output + done.stderr, results, self.records())
