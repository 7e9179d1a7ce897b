"""What passed the smoke test in a namespace, newest last: a ConfigMap that rollbacks and people read."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from scripts.delivery.programs import output_of
from scripts.delivery.release import Release, release_of

CONFIG_MAP = "credit-scoring-deployments"
KEPT = 20


@dataclass(frozen=True)
class Deployment:
    """A verified deployment.

    Attributes:
        revision: of Helm.
        model_version: that the service answered with; None if the smoke test did not say.
        verified_at: ISO 8601, UTC.
    """

    revision: int
    release: Release
    model_version: int | None
    reason: str
    verified_at: str


def read_deployments(namespace: str) -> list[Deployment]:
    """Verified deployments, oldest first."""
    command = ("kubectl", "get", "configmap", CONFIG_MAP, "--namespace", namespace, "--ignore-not-found")
    text = output_of(*command, "--output", "json")
    if not text.strip():
        return []
    stored = json.loads(json.loads(text)["data"]["deployments.json"])
    origin = f"ConfigMap {namespace}/{CONFIG_MAP}"
    return [Deployment(**{**one, "release": release_of(one["release"], origin)}) for one in stored]


def write_deployments(namespace: str, deployments: list[Deployment]) -> None:
    """Replace the record."""
    newest = deployments[-1]
    manifest: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": CONFIG_MAP,
            "namespace": namespace,
            "labels": {"app.kubernetes.io/part-of": "credit-scoring", "app.kubernetes.io/managed-by": "delivery"},
        },
        "data": {
            "version": newest.release.version,
            "commit": newest.release.commit,
            "chart": newest.release.chart.version,
            "model_version": str(newest.model_version),
            "deployments.json": json.dumps([asdict(one) for one in deployments[-KEPT:]], indent=1),
        },
    }
    options = ("--server-side", "--force-conflicts", "--field-manager", "credit-scoring-delivery")
    output_of("kubectl", "apply", "--namespace", namespace, *options, "--filename", "-", stdin=json.dumps(manifest))


def without_from(deployments: list[Deployment], revision: int) -> list[Deployment]:
    """Those before a revision: a rollback strikes out what it undoes."""
    return [one for one in deployments if one.revision < revision]
