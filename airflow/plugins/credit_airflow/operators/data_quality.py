"""The data quality gate."""

from collections.abc import Mapping, Sequence
from typing import Any

from airflow.sdk import Context
from airflow.sdk.exceptions import AirflowFailException
from credit_airflow.assets import VALIDATED_DATA
from credit_airflow.operators.credit_scoring import CreditScoringOperator


class DataQualityCheckOperator(CreditScoringOperator):
    """Validates the ingested tables against their contracts, and judges the result.

    The program stops on failed checks of severity error by itself (exit code 5). The limits here are those of the flow:
    how many warnings are too many to train on.

    Args:
        maximum_warnings: failed checks of severity warning that are tolerated; templated.

    Returns:
        ``data_version``, ``source``, ``checks``, ``errors``, ``warnings``, ``not_checked`` and ``report``. The asset
        ``credit://data/validated`` carries the same.
    """

    template_fields: Sequence[str] = (*CreditScoringOperator.template_fields, "maximum_warnings")
    ui_color = "#fdf0cd"

    def __init__(self, *, maximum_warnings: int | str, **options: Any) -> None:
        super().__init__(**{"arguments": ["validate", "--json"], "outlets": [VALIDATED_DATA], **options})
        self.maximum_warnings = maximum_warnings

    def execute(self, context: Context) -> dict[str, Any] | None:
        """Validate; AirflowFailException if a limit is exceeded."""
        result = super().execute(context) or {}
        limits = {"errors": 0, "warnings": int(self.maximum_warnings)}
        if exceeded := exceeded_limits(result, limits):
            raise AirflowFailException(
                f"The tables are not good enough to train on: {exceeded}. {result['report']} shows each finding. "
                "Correct the source, or raise the limit in the parameters of the run."
            )
        context["outlet_events"][VALIDATED_DATA].extra.update(result)
        return result


def exceeded_limits(result: Mapping[str, Any], limits: Mapping[str, int]) -> str:
    """The limits that a result exceeds, in words; empty if there are none.

    Raises:
        KeyError: the result has no such figure: a check that did not happen must not pass.
    """
    return ", ".join(
        f"{result[name]} {name}, at most {limit}" for name, limit in limits.items() if result[name] > limit
    )
