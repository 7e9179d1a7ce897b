"""Moves a model version into an environment, and back."""

from collections.abc import Sequence
from typing import Any

from airflow.sdk import Context
from airflow.sdk.exceptions import AirflowSkipException
from credit_airflow.links import RegisteredModelLink
from credit_airflow.operators.credit_scoring import CreditScoringOperator
from credit_airflow.settings import Environment, read_settings


class MLflowModelPromotionOperator(CreditScoringOperator):
    """Promotes a version to staging or production, or returns from a version that failed its verification.

    MLflow's stages are deprecated: an environment is an alias of the registered model. A promotion to production
    evaluates every gate again and is recorded in the promotion log. No gate is waived here; only a person can do that,
    by the command line.

    Args:
        environment: staging or production.
        version: number of the version to promote, or of the one that failed; templated.
        restore: return to the verified version if ``version`` still serves. The registry decides that when the task
            runs, so a task that is cleared later replaces no version that passed in the meantime.
        allow_synthetic: whether a model trained on synthetic clients may pass; templated.
        by, why: for the promotion log; templated.

    Returns:
        ``version`` that serves now, and ``verified``: the one that a failed one is replaced by. If there is nothing to
        return from, the task is skipped.
    """

    template_fields: Sequence[str] = ("version", "allow_synthetic", "by", "why")
    template_fields_renderers = {}
    ui_color = "#e4daf3"
    operator_extra_links = (RegisteredModelLink(),)

    def __init__(
        self,
        *,
        environment: Environment,
        version: str | int,
        restore: bool = False,
        allow_synthetic: str | bool = False,
        by: str = "airflow",
        why: str = "{{ dag.dag_id }}, run {{ run_id }}",
        **options: Any,
    ) -> None:
        super().__init__(**{"arguments": [], **options})
        self.serving_environment: Environment = environment
        self.version = version
        self.restore = restore
        self.allow_synthetic = allow_synthetic
        self.by = by
        self.why = why

    def execute(self, context: Context) -> dict[str, Any] | None:
        """Promote or restore; AirflowSkipException if there is nothing to return from."""
        if not str(self.version):
            raise AirflowSkipException("This run registered no version.")
        result = self.run_command([*(self._restoration() if self.restore else self._promotion()), "--json"], context)
        if result is not None and (address := read_settings().mlflow_url):
            page = f"{address.rstrip('/')}/#/models/{result['model']}/versions/{result['version']}"
            RegisteredModelLink().store(context["ti"], page)
        return result

    def _promotion(self) -> list[str]:
        if self.serving_environment == "staging":
            return ["model", "stage", str(self.version)]
        synthetic = ["--allow-synthetic"] if str(self.allow_synthetic).lower() == "true" else []
        return ["model", "promote", str(self.version), *self._reason(self.why), *synthetic]

    def _restoration(self) -> list[str]:
        reason = self._reason(f"the verification failed ({self.why})")
        return ["model", "restore", self.serving_environment, "--failed", str(self.version), *reason]

    def _reason(self, why: str) -> list[str]:
        return ["--by", self.by, "--why", why]
