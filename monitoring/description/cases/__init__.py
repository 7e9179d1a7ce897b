"""Recorded series for every alert: one that fires and resolves, one just below that stays silent."""

from typing import Final

from monitoring.description.cases.airflow import AIRFLOW_CASES
from monitoring.description.cases.batch_and_platform import BATCH_CASES, PLATFORM_CASES
from monitoring.description.cases.kubernetes import KUBERNETES_CASES
from monitoring.description.cases.objectives import OBJECTIVE_CASES
from monitoring.description.cases.service import SERVICE_CASES
from monitoring.description.cases.specification import SPECIFICATION_CASES

CASES: Final = (
    *SPECIFICATION_CASES,
    *OBJECTIVE_CASES,
    *SERVICE_CASES,
    *BATCH_CASES,
    *AIRFLOW_CASES,
    *PLATFORM_CASES,
    *KUBERNETES_CASES,
)
