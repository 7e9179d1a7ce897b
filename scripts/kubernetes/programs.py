"""Where helm and kubectl are."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
_FOLDER: Final = ROOT / ".venv-tools" / "bin"


def program(name: str) -> str:
    """Path of a program.

    Raises:
        FileNotFoundError: it is not installed.
    """
    found = shutil.which(name, path=f"{_FOLDER}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        raise FileNotFoundError(f"{name} is neither in {_FOLDER} nor on the PATH. Run `make .venv-tools/installed`.")
    return found


def run(name: str, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run helm or kubectl to its end, whatever its exit code; no cluster is contacted."""
    environment = {**os.environ, "KUBECONFIG": "/dev/null"}
    return subprocess.run(
        [program(name), *map(str, arguments)], capture_output=True, text=True, check=False, env=environment
    )
