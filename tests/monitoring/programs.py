"""Prometheus and Alertmanager with their tools: Debian's, and those of the images that the platform deploys."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

IMAGES = {
    "prom/prometheus:v3.5.3": ("prometheus", "promtool"),
    "prom/alertmanager:v0.33.1": ("alertmanager", "amtool"),
}


@dataclass(frozen=True)
class Programs:
    """Paths of the programs of one origin."""

    origin: str
    prometheus: str
    promtool: str
    alertmanager: str
    amtool: str

    @property
    def versions(self) -> str:
        """As 2.42.0 and 0.25.0."""
        return " and ".join(".".join(map(str, version_of(tool))) for tool in (self.promtool, self.amtool))


def version_of(tool: str) -> tuple[int, ...]:
    """The version that a program prints."""
    printed = subprocess.run([tool, "--version"], capture_output=True, text=True, check=True)
    found = re.search(r"version (\d+)\.(\d+)\.(\d+)", printed.stdout + printed.stderr)
    assert found is not None, printed
    return tuple(int(part) for part in found.groups())


def debian_programs() -> Programs:
    """Those of Debian's packages, which `make install` installs."""
    found = [shutil.which(name) for name in ("prometheus", "promtool", "prometheus-alertmanager", "amtool")]
    assert all(found), "Prometheus is not installed; scripts/install_servers.sh installs it"
    return Programs("debian", *(str(path) for path in found))


def image_programs(folder: Path) -> Programs | None:
    """Those of the images, copied out of them; None where there is no engine that has the images."""
    docker = shutil.which("docker")
    if docker is None:
        return None
    for image, names in IMAGES.items():
        created = subprocess.run([docker, "create", "--pull=never", image], capture_output=True, text=True, check=False)
        if created.returncode != 0:
            return None
        container = created.stdout.strip()
        for name in names:
            copied = [docker, "cp", "--quiet", f"{container}:/bin/{name}", str(folder / name)]
            subprocess.run(copied, capture_output=True, check=True)
        subprocess.run([docker, "rm", container], capture_output=True, check=True)
    return Programs("images", *(str(folder / name) for programs in IMAGES.values() for name in programs))
