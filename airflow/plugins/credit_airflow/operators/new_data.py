"""The short circuit at the start of a training."""

from typing import Any

from airflow.sdk import Context
from airflow.sdk.exceptions import AirflowSkipException
from credit_airflow.decisions import ignores_old_data
from credit_airflow.operators.credit_scoring import CreditScoringOperator


class NewDataOperator(CreditScoringOperator):
    """Checks whether the source holds data that was not ingested yet, and skips what follows if it does not.

    The run goes on in any case if the data that was ingested last did not lead to a training, because an earlier run
    failed on the way; if the parameter ``force_training`` is true; or if a drift alarm started the run.
    """

    ui_color = "#e3f1e3"

    def execute(self, context: Context) -> dict[str, Any] | None:
        """Check, and skip the task if there is nothing to train on and no reason to train all the same."""
        try:
            super().execute(context)
        except AirflowSkipException:
            # An enumeration of strings, whose members are equal to their values; str() would give their names.
            if ignores_old_data(bool(context["params"].get("force_training")), context["dag_run"].run_type):
                self.log.info("Nothing new, but this run trains all the same: by parameter, or after a drift alarm.")
            else:
                self.run_command(["train", "--check"], context)
        return None
