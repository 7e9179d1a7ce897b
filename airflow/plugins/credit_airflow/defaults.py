"""What every task of our DAGs has in common."""

from datetime import timedelta
from typing import Any

from credit_airflow.notifications import notify_failure
from credit_airflow.settings import read_settings

OWNER = "credit-scoring"
OWNER_LINKS = {OWNER: "mailto:credit-scoring@example.org"}
TIMEZONE = "Europe/Paris"
TRAINING_POOL = "credit_training"
"""One slot by default: two trainings, or two families, would share the memory of one machine."""

TASK_DEFAULTS: dict[str, Any] = {
    "owner": OWNER,
    "retries": 2,
    "retry_delay": timedelta(seconds=read_settings().retry_seconds),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=30),
    "execution_timeout": timedelta(minutes=30),
    "on_failure_callback": notify_failure,
}
