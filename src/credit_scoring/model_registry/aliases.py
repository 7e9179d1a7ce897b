"""Aliases of the registered model: which version serves production, and which one waits in staging.

MLflow's stages (None, Staging, Production, Archived) are deprecated and only displayed. They are set after the aliases,
so that MLflow's pages show the same.
"""

import warnings

from mlflow import MlflowClient
from mlflow.entities.model_registry import ModelVersion

STAGING, PRODUCTION = "staging", "production"
"""Training registers new versions under the first; promotion moves the second."""
MAX_SEARCH_RESULTS = 10_000


def move_to_staging(client: MlflowClient, model_name: str, version: ModelVersion) -> None:
    """Move the alias ``staging`` to a version, and show it in that stage unless it has another one."""
    client.set_registered_model_alias(model_name, STAGING, version.version)
    if version.current_stage == "None":
        set_stage(client, model_name, int(version.version), "Staging")


def set_stage(client: MlflowClient, model_name: str, number: int, stage: str) -> None:
    """Show a version in a stage, and archive the others in that stage."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        # One by one: `archive_existing_versions` of MLflow 3.17 compares a number with a text on PostgreSQL.
        for other in client.search_model_versions(f"name = '{model_name}'", max_results=MAX_SEARCH_RESULTS):
            if other.current_stage == stage and int(other.version) != number:
                client.transition_model_version_stage(model_name, other.version, "Archived")
        client.transition_model_version_stage(model_name, str(number), stage)
