"""`make sbom`: a CycloneDX list of the packages of each image, from its lock files.

Usage: python -m scripts.containers.sbom FOLDER
"""

import re
import subprocess
import sys
from pathlib import Path

from scripts.containers.images import IMAGES, ROOT, Image

PYTHON_VERSION = "3.12"


def main() -> None:
    """Write one file for each image."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for image in IMAGES:
        target = folder / f"credit-scoring-{image.name}.cdx.json"
        command: list[str | Path] = [ROOT / ".venv-tools/bin/cyclonedx-py", "requirements", "--output-reproducible"]
        command += ["--outfile", target, "-"]
        subprocess.run(command, input=packages_of(image), text=True, check=True)
        print(target)


def packages_of(image: Image) -> str:
    """The packages of an image, and of the one that it extends, with their hashes, for its Python and Linux alone."""
    extended = [packages_of(base) for base in IMAGES if base.name == image.base]
    command: list[str | Path] = [
        ROOT / ".venv/bin/uv",
        "pip",
        "compile",
        "--quiet",
        "--no-header",
        "--no-annotate",
        "--generate-hashes",
    ]
    command += ["--python-version", PYTHON_VERSION, "--python-platform", "x86_64-manylinux_2_28"]
    command += [ROOT / f"{name}.txt" for name in image.requirements]
    locked = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    entries = re.split(r"\n(?=\S)", locked.strip())
    own = "\n".join(entry for entry in entries if entry.split("==")[0] not in image.uninstalled) + "\n"
    return "".join([*extended, own])


if __name__ == "__main__":
    main()
