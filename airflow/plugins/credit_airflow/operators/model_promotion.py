"""Moves a model version into an environment, and back."""

from collections.abc import Sequence
from typing import Any

from airflow.sdk import Context
from airflow.sdk.exceptions import AirflowSkipException
from credit_airflow.decisions import rollback_target
from credit_airflow.links import RegisteredModelLink
from credit_airflow.operators.credit_scoring import CreditScoringOperator
from credit_airflow.settings import Environment, read_settings


class MLflowModelPromotionOperator(CreditScoringOperator):
    """Promotes a version to staging or production, or rolls a promotion back that failed its verification.

    MLflow's stages are deprecated: an environment is an alias of the registered model. A promotion to production
    evaluates every gate again and is recorded in the promotion log. No gate is waived here; only a person can do that,
    by the command line.

    Args:
        environment: staging or production.
        version: number of the version to promote; templated. Empty for a rollback.
        rolls_back: id of the task whose promotion is rolled back; empty for a promotion.
        allow_synthetic: whether a model trained on synthetic clients may pass; templated.
        by, why: for the promotion log; templated.

    Returns:
        ``version`` that serves now, and ``verified``: the one that passed the last verification in this environment,
        which a rollback returns to. A rollback that has nothing to return to skips the task.
    """

    template_fields: Sequence[str] = ("version", "allow_synthetic", "by", "why")
    template_fields_renderers = {}
    ui_color = "#e4daf3"
    operator_extra_links = (RegisteredModelLink(),)

    def __init__(
        self,
        *,
        environment: Environment,
        version: str | int = "",
        rolls_back: str = "",
        allow_synthetic: str | bool = False,
        by: str = "airflow",
        why: str = "{{ dag.dag_id }}, run {{ run_id }}",
        **options: Any,
    ) -> None:
        super().__init__(**{"arguments": [], **options})
        if bool(version) == bool(rolls_back):
            raise ValueError(f"{self.task_id}: give either the version to promote, or the task to roll back.")
        self.serving_environment: Environment = environment
        self.version = version
        self.rolls_back = rolls_back
        self.allow_synthetic = allow_synthetic
        self.by = by
        self.why = why

    def execute(self, context: Context) -> dict[str, Any] | None:
        """Promote or roll back; AirflowSkipException if there is nothing to roll back."""
        if self.rolls_back:
            promotion = context["ti"].xcom_pull(task_ids=self.rolls_back)
            target = rollback_target(promotion)
            if target is None:
                raise AirflowSkipException(f"Nothing to roll back: {self.rolls_back} changed nothing ({promotion}).")
            arguments = self._rollback(target)
        else:
            arguments = self._promotion()
        result = self.run_command([*arguments, "--json"], context)
        if result is not None and (address := read_settings().mlflow_url):
            page = f"{address.rstrip('/')}/#/models/{result['model']}/versions/{result['version']}"
            RegisteredModelLink().store(context["ti"], page)
        return result

    def _promotion(self) -> list[str]:
        if self.serving_environment == "staging":
            return ["model", "stage", str(self.version)]
        synthetic = ["--allow-synthetic"] if str(self.allow_synthetic).lower() == "true" else []
        return ["model", "promote", str(self.version), "--by", self.by, "--why", self.why, *synthetic]

    def _rollback(self, target: int) -> list[str]:
        if self.serving_environment == "staging":
            return ["model", "stage", str(target)]
        why = f"the verification failed ({self.why})"
        return ["model", "rollback", "--to", str(target), "--by", self.by, "--why", why]
