"""Print what later jobs need of a release file, as lines for $GITHUB_OUTPUT.

python -m scripts.delivery.outputs dist/release.json
python -m scripts.delivery.outputs dist/release.json --references
"""

import json
import sys
from pathlib import Path

from scripts.delivery.release import DeliveryError, Release, read_release


def references(release: Release) -> list[str]:
    """What is signed: the images and, if it lies in a registry, the chart."""
    chart = release.chart
    pushed = [f"{chart.source.removeprefix('oci://')}@{chart.digest}"] if chart.digest else []
    return [*(image.reference for image in release.images.values()), *pushed]


def main() -> None:
    """Print the outputs, or with --references one signed reference a line."""
    try:
        release = read_release(Path(sys.argv[1]))
    except DeliveryError as error:
        sys.exit(str(error))
    if "--references" in sys.argv:
        print("\n".join(references(release)))
        return
    images = [{"name": name, "reference": image.reference} for name, image in release.images.items()]
    print(f"images={json.dumps(images)}")
    print(f"chart={references(release)[-1] if release.chart.digest else ''}")


if __name__ == "__main__":
    main()
