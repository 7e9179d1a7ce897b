"""The rolling update of a Kubernetes deployment."""

import time
from collections.abc import Callable, Mapping
from typing import Any

VERSION_ANNOTATION = "credit-scoring/model-version"


class Rollout:
    """One deployment of a cluster.

    Args:
        client: of the Kubernetes API: ``kubernetes.client.ApiClient``.
        name, namespace: of the deployment.
    """

    def __init__(self, client: Any, namespace: str, name: str) -> None:
        from kubernetes.client import AppsV1Api

        self._api = AppsV1Api(client)
        self._namespace, self._name = namespace, name

    def start(self, version: int, image: str = "") -> None:
        """Change the pods' template, so that Kubernetes replaces one pod after another.

        Nothing is replaced if the template names the version already.

        Args:
            image: of the service; empty: the image stays.
        """
        template: dict[str, Any] = {"metadata": {"annotations": {VERSION_ANNOTATION: str(version)}}}
        if image:
            containers = self._api.read_namespaced_deployment(self._name, self._namespace).spec.template.spec.containers
            template["spec"] = {"containers": [{"name": containers[0].name, "image": image}]}
        self._api.patch_namespaced_deployment(self._name, self._namespace, {"spec": {"template": template}})

    def wait(self, deadline: float, log: Callable[[str], None], poll_seconds: float) -> None:
        """Wait until every pod is of the new template and available.

        Raises:
            TimeoutError: it was not, at the deadline (of ``time.monotonic``), or the cluster gave up.
        """
        while True:
            state = self._api.read_namespaced_deployment(self._name, self._namespace).to_dict()
            missing = unfinished(state)
            if not missing:
                return
            log(f"Deployment {self._namespace}/{self._name}: {missing}")
            if time.monotonic() >= deadline or _gave_up(state):
                raise TimeoutError(f"The rollout of {self._namespace}/{self._name} did not finish: {missing}.")
            time.sleep(poll_seconds)


def unfinished(deployment: Mapping[str, Any]) -> str:
    """What a rollout still waits for; empty if it is complete. The rules are those of ``kubectl rollout status``."""
    status, wanted = deployment["status"], deployment["spec"].get("replicas") or 1
    if (status.get("observed_generation") or 0) < deployment["metadata"]["generation"]:
        return "the change is not observed yet"
    updated, total, available = (
        status.get(name) or 0 for name in ("updated_replicas", "replicas", "available_replicas")
    )
    if updated < wanted:
        return f"{updated} of {wanted} pods are new"
    if total > updated:
        return f"{total - updated} old pods still run"
    return "" if available >= updated else f"{available} of {updated} new pods are available"


def _gave_up(deployment: Mapping[str, Any]) -> bool:
    conditions = deployment["status"].get("conditions") or []
    return any(each.get("reason") == "ProgressDeadlineExceeded" for each in conditions)
