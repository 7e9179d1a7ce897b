"""Promote a release with GitOps: write its digests to the folder of an environment, as a change for a pull request.

python -m scripts.delivery.promote --environment staging --release release.json
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from scripts.delivery.deployment import image_values
from scripts.delivery.environments import ENVIRONMENTS
from scripts.delivery.release import DeliveryError, Release, read_release
from scripts.delivery.versions import ROOT

FOLDER = ROOT / "gitops" / "envs"
HEADER = "# Written by scripts/delivery/promote.py; a rollback is the revert of its commit.\n"


def config(environment: str, release: Release) -> dict[str, Any]:
    """What the ApplicationSet knows of an environment."""
    one = ENVIRONMENTS[environment]
    registry = release.chart.source.removeprefix("oci://").rpartition("/")[0]
    return {
        "environment": environment,
        "cluster": "https://kubernetes.default.svc",
        "namespace": one.namespace,
        "valuesFile": one.values_file,
        # Production is synchronised by hand: the second approval.
        "automated": environment != "production",
        "chart": {"registry": registry, "version": release.version},
    }


def as_yaml(values: dict[str, Any], depth: int = 0) -> str:
    """Nested mappings of text as YAML."""
    lines = []
    for name, value in values.items():
        if isinstance(value, dict):
            lines.append(f"{'  ' * depth}{name}:\n{as_yaml(value, depth + 1)}")
        else:
            lines.append(f"{'  ' * depth}{name}: {json.dumps(value)}\n")
    return "".join(lines)


def write_environment(environment: str, release: Release, folder: Path = FOLDER) -> None:
    """Write config.json and release.yaml of an environment."""
    target = folder / environment
    target.mkdir(parents=True, exist_ok=True)
    (target / "config.json").write_text(json.dumps(config(environment, release), indent=2) + "\n")
    (target / "release.yaml").write_text(HEADER + as_yaml(image_values(release)))


def main() -> None:
    """Write the files, or name what is wrong and end with exit code 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--environment", required=True, choices=sorted(ENVIRONMENTS))
    parser.add_argument("--release", type=Path, required=True)
    given = parser.parse_args()
    try:
        write_environment(given.environment, read_release(given.release))
    except DeliveryError as error:
        sys.exit(str(error))
    print(f"Commit gitops/envs/{given.environment} and open a pull request.")


if __name__ == "__main__":
    main()
