"""Waits until the service answers with a model version; in Kubernetes it starts the rolling update."""

import time
from collections.abc import Sequence
from typing import Any

from airflow.sdk import BaseOperator, Context
from airflow.sdk.exceptions import AirflowException, AirflowFailException
from credit_airflow.links import ServiceLink
from credit_airflow.replicas import ask_replicas, read_key
from credit_airflow.settings import CreditSettings, Environment, read_settings


class ModelServingUpdateOperator(BaseOperator):
    """Brings a model version into service, and waits until every replica answers with it.

    A service follows its alias by itself within seconds, so on Docker Compose nothing is restarted and no Docker socket
    is needed. In Kubernetes the version is written into the annotation of the pods' template, which starts a rolling
    update; its end is waited for. Both then ask ``/model-info`` of every replica that DNS names.

    Args:
        environment: staging or production.
        version: the version to serve; templated.
        image: of the service, in Kubernetes; templated. Empty: the image stays.
        wait_seconds: maximum time until every replica has the version.
        poll_seconds: time between two looks.
    """

    template_fields: Sequence[str] = ("version", "image")
    ui_color = "#fbdfd0"
    operator_extra_links = (ServiceLink(),)

    def __init__(
        self,
        *,
        environment: Environment,
        version: str | int,
        image: str = "",
        wait_seconds: float = 600,
        poll_seconds: float = 2,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.serving_environment: Environment = environment
        self.version = version
        self.image = image
        self.wait_seconds = wait_seconds
        self.poll_seconds = poll_seconds

    def execute(self, context: Context) -> dict[str, Any]:
        """Update and wait.

        Returns:
            ``version`` and ``replicas``: how many answer with it.

        Raises:
            AirflowException: not every replica did in time; contains what each answered. Retried.
            AirflowFailException: a replica refuses the API key.
        """
        settings, version = read_settings(), int(self.version)
        deadline = time.monotonic() + self.wait_seconds
        if settings.execution == "kubernetes":
            self._roll_out(settings, version, deadline)
        url = settings.url(self.serving_environment)
        replicas = self._wait_for_version(url, read_key(settings.key_file), version, deadline)
        ServiceLink().store(context["ti"], f"{url}/docs")
        return {"version": version, "replicas": replicas}

    def _roll_out(self, settings: CreditSettings, version: int, deadline: float) -> None:
        from airflow.providers.cncf.kubernetes.hooks.kubernetes import KubernetesHook
        from credit_airflow.rollout import Rollout

        client = KubernetesHook(kubernetes_conn_id=None).get_conn()
        rollout = Rollout(client, settings.serving_namespace(self.serving_environment), settings.deployment)
        rollout.start(version, self.image)
        try:
            rollout.wait(deadline, self.log.info, self.poll_seconds)
        except TimeoutError as error:
            raise AirflowException(str(error)) from error

    def _wait_for_version(self, url: str, key: str, version: int, deadline: float) -> int:
        shown = ""
        while True:
            replicas = ask_replicas(url, key)
            answers = "; ".join(str(replica) for replica in replicas)
            if answers != shown:
                self.log.info("%s", answers)
            shown = answers
            if all(replica.version == version for replica in replicas):
                return len(replicas)
            if refusing := [replica.address for replica in replicas if replica.refuses_key]:
                raise AirflowFailException(
                    f"{', '.join(refusing)} refuses the API key of [credit] key_file. It needs the scope read; "
                    "`credit-scoring keys create` makes one."
                )
            if time.monotonic() >= deadline:
                raise AirflowException(
                    f"Not every replica of {url} serves version {version} after {self.wait_seconds:g} s: {answers}."
                )
            time.sleep(self.poll_seconds)
