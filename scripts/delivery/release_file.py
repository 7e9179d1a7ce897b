"""Write release.json from the image references that pushes left behind.

python -m scripts.delivery.release_file --references dist/references --third-party dist/third_party.env \\
    --chart-source helm --output dist/release.json
"""

import argparse
import subprocess
import sys
from dataclasses import replace
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


def of_others(path: Path) -> dict[str, Image]:
    """Images of others by name, from lines NAME=REPOSITORY:TAG@sha256:DIGITS as scripts/pin_images.sh writes them."""
    found = {}
    for line in path.read_text().splitlines():
        name, separator, reference = line.partition("=")
        if separator and not line.startswith("#"):
            image = image_of(reference, str(path))
            folder, _, last = image.repository.rpartition("/")
            # Its registry may have a port.
            found[name] = replace(image, repository="/".join(filter(None, (folder, last.partition(":")[0]))))
    return found


def main() -> None:
    """Write the file, or name what is missing and end with exit code 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--references", type=Path, required=True, help="folder of NAME.txt with REPOSITORY@DIGEST")
    parser.add_argument("--third-party", type=Path, required=True, help="file with NAME=REPOSITORY:TAG@DIGEST a line")
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
        release = Release(version, commit, chart, images, given.model_version, of_others(given.third_party))
        release.require_valid(str(given.output))
    except DeliveryError as error:
        sys.exit(str(error))
    given.output.parent.mkdir(parents=True, exist_ok=True)
    given.output.write_text(release.to_json())
    named = ", ".join(sorted({**images, **release.third_party}))
    print(f"{given.output}: version {version}, commit {commit}, images {named}")


if __name__ == "__main__":
    main()
