"""All dashboards; one file each."""

from typing import Final

from monitoring.description.dashboards.airflow import AIRFLOW
from monitoring.description.dashboards.api import API
from monitoring.description.dashboards.drift import DRIFT
from monitoring.description.dashboards.infrastructure import INFRASTRUCTURE
from monitoring.description.dashboards.kubernetes import KUBERNETES
from monitoring.description.dashboards.model import MODEL
from monitoring.description.dashboards.overview import OVERVIEW

DASHBOARDS: Final = (OVERVIEW, API, MODEL, DRIFT, INFRASTRUCTURE, AIRFLOW)
KUBERNETES_DASHBOARDS: Final = (KUBERNETES,)
"""Besides, where the service runs in Kubernetes."""
