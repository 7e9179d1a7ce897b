"""The smoke test of an environment."""

from collections.abc import Sequence
from typing import Any

from airflow.sdk import Context
from credit_airflow.operators.credit_scoring import CreditScoringOperator
from credit_airflow.settings import Environment, read_settings


class SmokeTestOperator(CreditScoringOperator):
    """Checks a running environment by ``credit-scoring smoke``, and records that the version passed.

    A later rollback returns to the version that is recorded.

    Args:
        environment: staging or production.
        version: the version that serves there; templated.
    """

    template_fields: Sequence[str] = ("version",)
    template_fields_renderers = {}
    ui_color = "#d5f0ea"

    def __init__(self, *, environment: Environment, version: str | int, **options: Any) -> None:
        super().__init__(**{"arguments": [], **options})
        self.serving_environment: Environment = environment
        self.version = version

    def execute(self, context: Context) -> dict[str, Any] | None:
        """Test, then record."""
        settings = read_settings()
        url = settings.url(self.serving_environment)
        self.run_command(["smoke", url, "--key-file", settings.key_file, "--operations-url", url], context)
        return self.run_command(["model", "confirm", str(self.version), self.serving_environment, "--json"], context)
