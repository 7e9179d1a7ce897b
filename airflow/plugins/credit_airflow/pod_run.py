"""Runs a command as a pod of Kubernetes, and deletes the pod when the task ends."""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from airflow.sdk.exceptions import AirflowException
from credit_airflow.result_line import last_result
from credit_airflow.settings import CreditSettings

_CONTAINER = "credit-scoring"
_POLL_SECONDS = 2.0
_MAXIMUM_NAME = 50
_EVICTED = 137
_LINES_WITH_RESULT = 50
_DELETION_SECONDS = 60


class PodRun:
    """One run of a command in a pod.

    A pod of an earlier try that is still there, because its worker was killed, is deleted first.

    Args:
        command: program and arguments.
        environment: of the container, in addition to the program's settings.
        log: is called with each line that it prints.
        context: of the task; the pod's labels name it.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        log: Callable[[str], None],
        settings: CreditSettings,
        context: Mapping[str, Any],
    ) -> None:
        from airflow.providers.cncf.kubernetes.hooks.kubernetes import KubernetesHook
        from kubernetes.client import CoreV1Api

        self._api = CoreV1Api(KubernetesHook(kubernetes_conn_id=None).get_conn())
        self._command, self._environment, self._log, self._settings = command, environment, log, settings
        self._labels = labels_of(context)
        self._name = ""
        self.result: dict[str, Any] | None = None

    def run(self) -> int:
        """Run to the end; returns the exit code of the container.

        Raises:
            AirflowException: the pod did not start, or vanished; to be retried.
        """
        self._delete_earlier_pods()
        namespace = self._settings.namespace
        pod = pod_of(self._command, self._environment, self._settings, self._labels)
        self._name = self._api.create_namespaced_pod(namespace, pod).metadata.name
        try:
            self._wait_for({"Running", "Succeeded", "Failed"})
            self._follow_log()
            status = self._wait_for({"Succeeded", "Failed"})
            self.result = last_result(self._last_lines())
            return self._exit_code(status)
        finally:
            self.kill()

    def kill(self) -> None:
        """Delete the pod."""
        name, self._name = self._name, ""
        if name:
            self._delete(name, grace_seconds=10)

    def _delete(self, name: str, grace_seconds: int) -> None:
        from kubernetes.client import ApiException

        with suppress(ApiException):  # it is gone already
            self._api.delete_namespaced_pod(name, self._settings.namespace, grace_period_seconds=grace_seconds)

    def _delete_earlier_pods(self) -> None:
        selector = ",".join(f"{name}={value}" for name, value in self._labels.items())
        namespace = self._settings.namespace
        deadline = time.monotonic() + _DELETION_SECONDS
        while pods := self._api.list_namespaced_pod(namespace, label_selector=selector).items:
            if time.monotonic() >= deadline:
                raise AirflowException(f"Pod {pods[0].metadata.name} of an earlier try cannot be deleted.")
            for pod in pods:
                self._log(f"Deleting pod {pod.metadata.name} of an earlier try")
                self._delete(pod.metadata.name, grace_seconds=0)
            time.sleep(_POLL_SECONDS)

    def _follow_log(self) -> None:
        """Log what the command prints; a connection that breaks does not end the command."""
        from urllib3.exceptions import HTTPError

        try:
            for line in self._lines():
                self._log(line)
        except HTTPError as error:
            self._log(f"The log is not followed any more ({type(error).__name__}); the command runs on.")

    def _last_lines(self) -> list[str]:
        # As bytes: the client would convert a line of JSON.
        answer = self._api.read_namespaced_pod_log(
            self._name,
            self._settings.namespace,
            container=_CONTAINER,
            tail_lines=_LINES_WITH_RESULT,
            _preload_content=False,
        )
        return str(answer.data.decode(errors="replace")).splitlines()

    def _lines(self) -> Iterator[str]:
        answer = self._api.read_namespaced_pod_log(
            self._name, self._settings.namespace, container=_CONTAINER, follow=True, _preload_content=False
        )
        rest = b""
        for part in answer.stream():
            *complete, rest = (rest + part).split(b"\n")
            yield from (line.decode(errors="replace") for line in complete)
        if rest:
            yield rest.decode(errors="replace")

    def _wait_for(self, phases: set[str]) -> Any:
        """The pod's status, once it is in one of these phases."""
        from kubernetes.client import ApiException

        while True:
            try:
                status = self._api.read_namespaced_pod(self._name, self._settings.namespace).status
            except ApiException as error:
                if error.status == 404:
                    raise AirflowException(f"Pod {self._name} vanished before its command ended.") from error
                raise
            if status.phase in phases:
                return status
            waiting = [each.state.waiting for each in status.container_statuses or [] if each.state.waiting]
            if any(each.reason in {"ErrImagePull", "ImagePullBackOff", "InvalidImageName"} for each in waiting):
                raise AirflowException(f"Pod {self._name} cannot start: {waiting[0].reason}, {waiting[0].message}.")
            time.sleep(_POLL_SECONDS)

    def _exit_code(self, status: Any) -> int:
        ended = [each.state.terminated for each in status.container_statuses or [] if each.state.terminated]
        if not ended:
            self._log(f"The pod ended without its container: {status.reason}, {status.message}")
            return _EVICTED
        return int(ended[0].exit_code)


def labels_of(context: Mapping[str, Any]) -> dict[str, str]:
    """Labels that name the task instance, without the number of its try."""
    instance = context["ti"]
    names = {"dag_id": instance.dag_id, "task_id": instance.task_id, "run_id": instance.run_id}
    index = getattr(instance, "map_index", -1)
    labels = {name: _as_label(str(value)) for name, value in {**names, "map_index": index}.items()}
    return {"app.kubernetes.io/managed-by": "airflow", **labels}


def pod_of(
    command: Sequence[str], environment: Mapping[str, str], settings: CreditSettings, labels: Mapping[str, str]
) -> dict[str, Any]:
    """The manifest of a pod that runs one command: without rights, with the data directory and the settings."""
    name = re.sub(r"[^a-z0-9-]+", "-", "-".join(["credit", *command[1:3]]).lower()).strip("-")[:_MAXIMUM_NAME]
    container = {
        "name": _CONTAINER,
        "image": settings.image,
        "command": list(command),
        "env": [{"name": key, "value": value} for key, value in {"PYTHONUNBUFFERED": "1", **environment}.items()],
        "envFrom": [{"configMapRef": {"name": settings.config_map}}],
        "resources": {
            "requests": {"cpu": settings.task_processors, "memory": settings.task_memory},
            "limits": {"cpu": settings.task_processors, "memory": settings.task_memory},
        },
        "volumeMounts": [
            {"name": "data", "mountPath": "/var/lib/credit-scoring"},
            {"name": "raw", "mountPath": "/raw", "readOnly": True},
            {"name": "settings", "mountPath": "/run/secrets", "readOnly": True},
            {"name": "temporary", "mountPath": "/tmp"},
        ],
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"generateName": f"{name}-", "labels": {**_batch_labels(settings.release), **labels}},
        "spec": {
            "restartPolicy": "Never",
            "serviceAccountName": settings.service_account,
            "automountServiceAccountToken": False,
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": 10001,
                # As in the chart's pods: another group would change the owner of every file, at every start.
                "runAsGroup": 0,
                "fsGroup": 10001,
                "fsGroupChangePolicy": "OnRootMismatch",
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [container],
            "volumes": [
                {"name": "data", "persistentVolumeClaim": {"claimName": settings.data_claim}},
                {"name": "raw", "persistentVolumeClaim": {"claimName": settings.raw_claim, "readOnly": True}},
                {"name": "settings", "secret": {"secretName": settings.secret}},
                {"name": "temporary", "emptyDir": {}},
            ],
        },
    }


def _batch_labels(release: str) -> dict[str, str]:
    """The labels of the chart's own jobs, whose connections its network policies allow."""
    names = {"name": "credit-scoring", "instance": release, "component": "batch", "part-of": "credit-scoring"}
    return {f"app.kubernetes.io/{name}": value for name, value in names.items()}


def _as_label(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]", "_", text)[:63].strip("_.-") or "none"
