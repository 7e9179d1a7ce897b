"""An environment with only the service's requirements, as it is deployed."""

import subprocess
import sys
from pathlib import Path

_PROJECT = Path(__file__).parents[2]


def service_environment(folder: Path) -> Path:
    """Install the service's requirements, and this project, into a new environment; returns its interpreter."""
    _uv("venv", "--quiet", f"--python={sys.executable}", str(folder))
    python = folder / "bin" / "python"
    install = ("pip", "install", "--quiet", f"--python={python}")
    _uv(*install, "--require-hashes", f"--requirement={_PROJECT / 'requirements' / 'api.txt'}")
    _uv(*install, "--no-deps", f"--editable={_PROJECT}")
    return python


def installed_megabytes(folder: Path) -> float:
    """Size of all files of an environment."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def _uv(*arguments: str) -> None:
    subprocess.run([str(Path(sys.executable).with_name("uv")), *arguments], check=True)
