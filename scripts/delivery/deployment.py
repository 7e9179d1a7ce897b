"""Deploying a release, testing it, and going back to the last one that worked."""

import json
import re
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from scripts.delivery.environments import Environment
from scripts.delivery.helm import Helm, chart_folder
from scripts.delivery.programs import ProgramError
from scripts.delivery.records import Deployment, read_deployments, without_from, write_deployments
from scripts.delivery.release import DeliveryError, Release

# Where the chart's values hold the image of each component. Airflow has a chart of its own.
IMAGE_VALUES = {
    "api": ("api", "image"),
    "mlflow": ("mlflow", "image"),
    "etl": ("batch", "images", "etl"),
    "training": ("batch", "images", "training"),
    "postgres": ("postgres", "image"),
    "postgres-exporter": ("monitoring", "postgresExporter", "image"),
}
MODEL_VERSION = re.compile(r"model version (\d+)")


def image_values(release: Release) -> dict[str, object]:
    """Values of the chart that name each image by repository and digest."""
    values: dict[str, object] = {"image": {"registry": ""}}
    images = {**release.images, **release.third_party}
    for name, path in IMAGE_VALUES.items():
        if name in images:
            level: dict[str, object] = values
            for part in path[:-1]:
                level = level.setdefault(part, {})  # type: ignore[assignment]
            level[path[-1]] = {"repository": images[name].repository, "digest": images[name].digest}
    return values


@dataclass(frozen=True)
class Delivery:
    """One environment and its Helm release.

    Attributes:
        extra_values: further values files, such as host names of this cluster.
    """

    environment: Environment
    helm: Helm
    extra_values: Sequence[Path] = ()

    def deploy(self, release: Release, reason: str) -> None:
        """Install or upgrade and wait; what does not become ready is undone by Helm.

        Raises:
            DeliveryError: with what runs now and how long the environment was changed.
        """
        started = time.monotonic()
        description = f"{release.version} {release.commit[:12]} {reason}".strip()
        with chart_folder(release.chart) as chart, tempfile.TemporaryDirectory(prefix="credit-values-") as folder:
            images = Path(folder) / "images.json"
            images.write_text(json.dumps(image_values(release)))
            values = [chart / self.environment.values_file, *self.extra_values, images]
            try:
                self.helm.upgrade(chart, values, description)
            except ProgramError as error:
                raise self._undone(release, error, time.monotonic() - started) from error
        print(f"Deployed {release.version} to {self.environment.name} in {time.monotonic() - started:.0f} s.")

    def _undone(self, release: Release, error: ProgramError, seconds: float) -> DeliveryError:
        current = self.helm.current()
        running = "nothing is installed" if current is None else f"revision {current.number} is running"
        return DeliveryError(
            f"{release.version} did not become ready in {self.environment.name}; Helm undid it, {running}. "
            f"{seconds:.0f} s from the start to recovery.\n{error}"
        )

    def smoke_test(self, release: Release, reason: str) -> None:
        """Test the running platform and record the deployment as verified.

        Raises:
            DeliveryError: the test fails, or another model version than that of the release answers.
        """
        started = time.monotonic()
        model_version = self._require_smoke_test(release)
        current = self.helm.current()
        if current is None:
            raise DeliveryError(
                f"Helm has no deployed revision in {self.environment.namespace}. Deploy a release first."
            )
        earlier = without_from(read_deployments(self.environment.namespace), current.number)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        verified = Deployment(current.number, release, model_version, reason, now)
        write_deployments(self.environment.namespace, [*earlier, verified])
        print(
            f"{self.environment.name} passed the smoke test in {time.monotonic() - started:.0f} s: "
            f"revision {current.number}, version {release.version}, model version {model_version}."
        )

    def _require_smoke_test(self, release: Release) -> int | None:
        output = self.helm.smoke_test()
        print(output)
        found = MODEL_VERSION.search(output)
        model_version = None if found is None else int(found.group(1))
        if release.model_version is not None and model_version != release.model_version:
            raise DeliveryError(
                f"Model version {model_version} answers, but the release is for version {release.model_version}. "
                f"Promote it in this environment first: credit-scoring model promote {release.model_version}."
            )
        return model_version

    def roll_back(self, reason: str, revision: int | None = None) -> None:
        """Return to the newest verified deployment before the one that runs, or to a revision, and test it.

        Raises:
            DeliveryError: there is none, or the earlier one fails too.
        """
        started = time.monotonic()
        current = self.helm.current()
        if current is None:
            raise DeliveryError(f"Nothing is deployed in {self.environment.namespace}.")
        verified = without_from(read_deployments(self.environment.namespace), current.content)
        if revision is not None:
            verified = without_from(verified, revision + 1)
        if not verified or (revision is not None and verified[-1].revision != revision):
            raise DeliveryError(
                f"{self.environment.namespace} has no verified deployment "
                f"{f'of revision {revision}' if revision is not None else f'before revision {current.number}'}. "
                "Deploy a good release: scripts/deploy.py --environment "
                f"{self.environment.name} --release release.json"
            )
        target = verified[-1]
        self.helm.rollback(target.revision)
        print(
            f"{self.environment.name} is back at version {target.release.version} (revision {target.revision}) "
            f"after {time.monotonic() - started:.0f} s."
        )
        # What was rolled back is struck out, so that a second rollback goes further back and not forward again.
        model_free = replace(target.release, model_version=None)
        model_version = self._require_smoke_test(model_free)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        number = self._current_number()
        restored = Deployment(number, target.release, model_version, f"rollback: {reason}", now)
        write_deployments(self.environment.namespace, [*verified[:-1], restored])

    def _current_number(self) -> int:
        current = self.helm.current()
        assert current is not None
        return current.number
