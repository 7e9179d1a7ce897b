"""Programs and actions that workflows use, as stand-ins: each records how it was called and answers as the real one.

Runs without any library, as `NAME ARGUMENTS...` by its link's name, or as an action with its inputs in INPUTS.
"""

import fnmatch
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

RECORDS = Path(os.environ["STAND_IN_RECORDS"])
FOLDER = RECORDS.parent
VERSION_TAG = re.compile(r":[^:/]+$")


def record(kind: str, name: str, what: object) -> None:
    """Append one line; lines of concurrent jobs do not mix."""
    line = json.dumps({"kind": kind, "name": name, "what": what, "job": os.environ.get("GITHUB_JOB", "")})
    with RECORDS.open("a") as file:
        file.write(line + "\n")


def write(path: Path, text: str) -> None:
    """A file with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def make(arguments: list[str]) -> int:
    """Leave behind what later steps upload; run for real what is light, and `make check` on one version of Python."""
    variables = dict(one.split("=", 1) for one in arguments if "=" in one)
    target = arguments[0]
    installed = Path(".venv") / "python"
    if target == "install":
        write(installed, variables.get("PYTHON", ""))
    elif target == "test-part":
        write(Path("dist/coverage") / variables["PART"], "coverage")
    elif target == "sbom":
        for path in Path("docker").glob("Dockerfile.*"):
            write(Path("dist/sbom") / f"credit-scoring-{path.name.removeprefix('Dockerfile.')}.cdx.json", "{}")
    elif target == "check-versions":
        return subprocess.run([os.environ["REAL_MAKE"], *arguments], check=False).returncode
    elif target == "check" and installed.read_text() == os.environ.get("REAL_CHECK_PYTHON"):
        record("ran", "make", arguments)
        environment = {**os.environ, "PYTHONPATH": f"{Path.cwd() / 'src'}:{Path.cwd()}"}
        # Generated manifests need the real Helm.
        Path(".venv-tools").symlink_to(os.environ["REAL_TOOLS"])
        installed_files = ["--old-file=.venv/installed-dev", "--old-file=.venv-tools/installed"]
        command = [os.environ["REAL_MAKE"], *installed_files, *arguments]
        return subprocess.run(command, env=environment, check=False).returncode
    return 0


def docker(arguments: list[str]) -> int:
    """A registry that has nothing of ours yet, and gives each image the digest of its name."""
    if arguments[0] == "pull":
        return int("/credit-scoring-" in arguments[-1])
    if arguments[:2] == ["image", "inspect"] and "RepoDigests" in arguments[3]:
        repository = VERSION_TAG.sub("", arguments[4])
        print(f"{repository}@sha256:{hashlib.sha256(repository.encode()).hexdigest()}")
    return 0


def gh(arguments: list[str]) -> int:
    """CI has passed, unless GH_CI says otherwise; releases have the file of the tests."""
    if arguments[0] == "api":
        print(os.environ.get("GH_CI", "success"))
    elif arguments[:2] == ["release", "download"]:
        shutil.copy(FOLDER / "released.json", Path(arguments[arguments.index("--dir") + 1]) / "release.json")
    return 0


def helm(arguments: list[str]) -> int:
    """Charts in a registry; all else is done by the stand-in of the namespace's cluster."""
    if arguments[0] == "package":
        version = re.search(r'^version = "(.+)"', Path("pyproject.toml").read_text(), re.MULTILINE)
        assert version is not None
        write(Path("dist") / f"credit-scoring-{version.group(1)}.tgz", "chart")
    elif arguments[0] == "push":
        print(f"Digest: sha256:{'c' * 64}")
    elif arguments[0] == "pull":
        (Path(arguments[arguments.index("--untardir") + 1]) / "credit-scoring").mkdir()
    else:
        return in_cluster("helm", arguments)
    return 0


def in_cluster(program: str, arguments: list[str]) -> int:
    """Answer as the namespace's cluster does."""
    namespaces = [value for option, value in zip(arguments, arguments[1:], strict=False) if option == "--namespace"]
    folder = FOLDER / "clusters" / (namespaces[0] if namespaces else "mlops-credit-scoring")
    return subprocess.run([folder / program, *arguments], check=False).returncode


def artifacts(name: str, inputs: dict[str, str]) -> None:
    """Upload and download, in a folder."""
    store = FOLDER / "artifacts"
    if "upload" in name:
        shutil.copy(inputs["path"], ensured(store / inputs["name"]))
        return
    patterns = [inputs["name"]] if inputs.get("name") else expanded(inputs["pattern"])
    for folder in sorted(store.iterdir()):
        if any(fnmatch.fnmatch(folder.name, pattern) for pattern in patterns):
            for file in folder.iterdir():
                shutil.copy(file, ensured(Path(inputs["path"])))


def ensured(folder: Path) -> Path:
    """The folder, made if it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def expanded(pattern: str) -> list[str]:
    """The alternatives of {a,b}."""
    return pattern.strip("{}").split(",")


def main() -> int:
    """Dispatch by the name this is called by."""
    name = Path(sys.argv[0]).name
    if "INPUTS" in os.environ and name == "stand_in.py":
        inputs = json.loads(os.environ["INPUTS"])
        record("action", sys.argv[1], inputs)
        if "artifact" in sys.argv[1]:
            artifacts(sys.argv[1], inputs)
        return 0
    record("program", name, sys.argv[1:])
    answers = {"make": make, "docker": docker, "gh": gh, "helm": helm}
    if name == "kubectl":
        return in_cluster(name, sys.argv[1:])
    return answers[name](sys.argv[1:]) if name in answers else 0


if __name__ == "__main__":
    sys.exit(main())
