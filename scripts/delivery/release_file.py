"""Write release.json from the image references that pushes left behind.

python -m scripts.delivery.release_file --references dist/references --chart-source helm --output dist/release.json
"""

import argparse
import subprocess
import sys
from pathlib import Path

from scripts.delivery.release import Chart, DeliveryError, Image, Release
from scripts.delivery.versions import current_version

PREFIX = "credit-scoring-"


def image_of(reference: str, origin: str) -> Image:
    """An image from REPOSITORY@sha256:DIGITS."""
    repository, separator, digest = reference.strip().partition("@")
    if not separator:
        raise DeliveryError(f"{origin} holds {reference.strip()!r}, which has no digest. Push the image again.")
    return Image(repository, digest)


def collected(folder: Path, expected: set[str]) -> dict[str, Image]:
    """Images by component: each file of the folder holds the reference of the image that it is named after."""
    found = {
        path.stem.removeprefix(PREFIX): image_of(path.read_text(), str(path)) for path in sorted(folder.glob("*.txt"))
    }
    if set(found) != expected:
        raise DeliveryError(
            f"{folder} holds references of {sorted(found)}, but the images are {sorted(expected)}. Push all of them."
        )
    return found


def main() -> None:
    """Write the file, or name what is missing and end with exit code 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--references", type=Path, required=True, help="folder of NAME.txt with REPOSITORY@DIGEST")
    parser.add_argument("--chart-source", default="helm", help="folder or oci:// address of the chart")
    parser.add_argument("--chart-digest", default="", help="of the pushed chart")
    parser.add_argument(
        "--model-version", type=int, help="version that environments must serve; default: their champion"
    )
    parser.add_argument("--output", type=Path, default=Path("dist/release.json"))
    given = parser.parse_args()
    version = current_version()
    commit = subprocess.run(["git", "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    names = {path.suffix[1:] for path in Path("docker").glob("Dockerfile.*")} - {"jinja"}
    try:
        images = collected(given.references, names)
        chart = Chart(given.chart_source, version, given.chart_digest)
        release = Release(version, commit, chart, images, given.model_version)
        release.require_valid(str(given.output))
    except DeliveryError as error:
        sys.exit(str(error))
    given.output.parent.mkdir(parents=True, exist_ok=True)
    given.output.write_text(release.to_json())
    print(f"{given.output}: version {version}, commit {commit}, images {', '.join(sorted(images))}")


if __name__ == "__main__":
    main()
