"""The version of the platform: where it is written, whether all agree, and the next one.

python -m scripts.delivery.versions check [--tag v1.2.3]
python -m scripts.delivery.versions set 1.2.3
python -m scripts.delivery.versions next
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from scripts.delivery.release import VERSION, DeliveryError

ROOT = Path(__file__).parents[2]
NUMBER = VERSION.pattern.replace("(-", "(?:-")


class Written(NamedTuple):
    """One version string.

    Attributes:
        path: relative to the root.
        text: the matched line or part of it.
    """

    path: str
    text: str
    version: str


# The first group of each pattern is the version. Files that do not exist are left out: a chart is optional.
PATTERNS = {
    "pyproject.toml": rf'^version = "({NUMBER})"$',
    "helm/Chart.yaml": rf'^(?:version|appVersion): "?({NUMBER})"?$',
    "docs/API.md": rf'(?:"status": "healthy", "version"|"code_version"): "({NUMBER})"',
    "docs/OPERATIONS.md": rf'(?:"status":"healthy","version":"|Program |│ )({NUMBER})(?=[^.0-9]|$)',
    "docs/openapi.json": rf'^ *"version": "({NUMBER})"$',
}


def written_versions(root: Path = ROOT) -> list[Written]:
    """Every version string of the working tree."""
    return [
        Written(name, match.group(0).strip(), match.group(1))
        for name, pattern in PATTERNS.items()
        if (root / name).exists()
        for match in re.finditer(pattern, (root / name).read_text(), re.MULTILINE)
    ]


def current_version(root: Path = ROOT) -> str:
    """The version of pyproject.toml, which leads."""
    return next(one.version for one in written_versions(root) if one.path == "pyproject.toml")


def require_agreement(root: Path = ROOT, tag: str | None = None) -> str:
    """The one version; DeliveryError names each string, or the tag, that differs."""
    version = current_version(root)
    others = [f"{one.path}: {one.text}" for one in written_versions(root) if one.version != version]
    if others:
        raise DeliveryError(
            f"pyproject.toml has version {version}, but other files differ:\n  "
            + "\n  ".join(others)
            + f"\nRun python -m scripts.delivery.versions set {version}, then make generated golden."
        )
    if tag is not None and tag != f"v{version}":
        raise DeliveryError(
            f"The tag {tag} does not name version {version}. Tag v{version}, or change the version first."
        )
    return version


def set_version(version: str, root: Path = ROOT) -> list[str]:
    """Write the version everywhere; returns the files that changed."""
    if not VERSION.fullmatch(version):
        raise DeliveryError(f"{version!r} is no semantic version such as 1.2.3.")
    changed = []
    for name, pattern in PATTERNS.items():
        path = root / name
        before = path.read_text() if path.exists() else ""
        after = re.sub(
            pattern, lambda match: match.group(0).replace(match.group(1), version), before, flags=re.MULTILINE
        )
        if after != before:
            path.write_text(after)
            changed.append(name)
    return changed


def next_version(root: Path = ROOT) -> str:
    """The version that the commits since the last tag ask for, by semantic versioning."""
    command = ["git-cliff", "--config", "pyproject.toml", "--bumped-version"]
    done = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
    return done.stdout.strip().removeprefix("v")


def main() -> None:
    """Run one command; problems end with exit code 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check", help="compare all version strings").add_argument("--tag")
    commands.add_parser("set", help="write a version everywhere").add_argument("version")
    commands.add_parser("next", help="print the next version")
    given = parser.parse_args()
    try:
        match given.command:
            case "check":
                print(require_agreement(tag=given.tag))
            case "set":
                print("\n".join(set_version(given.version)))
            case _:
                print(next_version())
    except DeliveryError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
