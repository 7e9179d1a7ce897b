"""A release: what was built once and is deployed everywhere, in one JSON file."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
COMMIT = re.compile(r"[0-9a-f]{40}")
VERSION = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?")


class DeliveryError(Exception):
    """A delivery cannot go on; the message names what is wrong and what to do next."""


@dataclass(frozen=True)
class Image:
    """An image as it lies in a registry.

    Attributes:
        repository: registry and path, without tag.
        digest: "sha256:" and 64 hexadecimal digits.
    """

    repository: str
    digest: str

    @property
    def reference(self) -> str:
        """As `docker pull` takes it."""
        return f"{self.repository}@{self.digest}"


@dataclass(frozen=True)
class Chart:
    """The Helm chart of a release.

    Attributes:
        source: folder, or oci:// address without version.
        digest: of the package in its registry; empty for a folder.
    """

    source: str
    version: str
    digest: str = ""


@dataclass(frozen=True)
class Release:
    """Everything that a deployment is made of.

    Attributes:
        commit: that everything was built from.
        images: our own by component, as "api".
        third_party: images of others that the chart runs, as "postgres".
        model_version: in the registry of the environment; None: the champion that the environment has.
    """

    version: str
    commit: str
    chart: Chart
    images: Mapping[str, Image]
    model_version: int | None = None
    third_party: Mapping[str, Image] = field(default_factory=dict)

    def require_valid(self, origin: str) -> None:
        """Raise DeliveryError at the first field that cannot be deployed."""
        problems = [
            *([] if VERSION.fullmatch(self.version) else [f"version {self.version!r} is no semantic version"]),
            *([] if COMMIT.fullmatch(self.commit) else [f"commit {self.commit!r} is no full commit"]),
            *([] if self.chart.version == self.version else [f"the chart has version {self.chart.version}"]),
            *([] if self.images else ["it has no image"]),
            *([] if "api" in self.images or not self.images else ["it has no image of the API"]),
            *(
                f"the digest {image.digest!r} of image {name} is not sha256: and 64 hexadecimal digits"
                for name, image in {**self.images, **self.third_party}.items()
                if not DIGEST.fullmatch(image.digest)
            ),
        ]
        if problems:
            raise DeliveryError(f"{origin}: {problems[0]}. Take the release.json that the delivery workflow published.")

    def to_json(self) -> str:
        """The file's text."""
        return json.dumps(asdict(self), indent=2) + "\n"


def release_of(found: Any, origin: str) -> Release:
    """A release from parsed JSON; `origin` names it in errors."""
    try:
        release = Release(
            version=str(found["version"]),
            commit=str(found["commit"]),
            chart=Chart(**found["chart"]),
            images={name: Image(**image) for name, image in found["images"].items()},
            model_version=found.get("model_version"),
            third_party={name: Image(**image) for name, image in found.get("third_party", {}).items()},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise DeliveryError(
            f"{origin} is not a release file: {error}. Write one with python -m scripts.delivery.release_file."
        ) from error
    release.require_valid(origin)
    return release


def read_release(path: Path) -> Release:
    """Read and check a release file."""
    try:
        text = path.read_text()
    except OSError as error:
        raise DeliveryError(f"{path} cannot be read: {error.strerror}. Name a release file.") from error
    try:
        return release_of(json.loads(text), str(path))
    except json.JSONDecodeError as error:
        raise DeliveryError(
            f"{path} is not JSON: {error}. Take the file that the delivery workflow published."
        ) from error
