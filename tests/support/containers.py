"""Docker's client for tests."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".venv-tools" / "bin"


def output_of(*command: str | Path, timeout_seconds: float = 300, variables: Mapping[str, str] | None = None) -> str:
    """Standard output of a command; a failure shows all of its output."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **(variables or {})},
        capture_output=True,
        text=True,
        timeout=timeout_seconds,
        check=False,
    )
    assert (
        done.returncode == 0
    ), f"{command} ended with {done.returncode}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def image_name(name: str) -> str:
    """Name and tag of one of our images."""
    return f"credit-scoring-{name}:{os.environ.get('IMAGE_TAG', 'latest')}"


def run_hardened(name: str, *arguments: str, entrypoint: str = "", user: str = "1234567:0") -> str:
    """Output of a program in an image: any user id, no network, no capability, nothing writable but /tmp."""
    command = ["docker", "run", "--rm", "--read-only", "--tmpfs", "/tmp", "--network", "none", "--user", user]
    command += ["--cap-drop", "ALL", "--security-opt", "no-new-privileges"]
    command += ["--entrypoint", entrypoint] if entrypoint else []
    return output_of(*command, image_name(name), *arguments)


def inspected(kind: str, name: str) -> Any:
    """What `docker KIND inspect` says of one object."""
    return json.loads(output_of("docker", kind, "inspect", name))[0]
