"""Aliases of the registered model: which version serves production, and which one waits in staging.

MLflow's stages (None, Staging, Production, Archived) are deprecated and only displayed. They are set after the aliases,
so that MLflow's pages show the same.
"""

import warnings
from functools import partial
from typing import NamedTuple

from mlflow import MlflowClient

from credit_scoring.core.errors import ModelNotFoundError
from credit_scoring.core.urls import without_password
from credit_scoring.model_registry.connection import RegistryConnection

STAGING, PRODUCTION = "staging", "production"
"""Training registers new versions under the first; promotion moves the second."""
MAX_SEARCH_RESULTS = 10_000


class ResolvedAlias(NamedTuple):
    """The version behind an alias.

    Attributes:
        source: address of the version's files.
        is_fallback: whether the staging version stands in because none was promoted yet.
    """

    version: int
    source: str
    is_fallback: bool


def resolve_alias(connection: RegistryConnection, alias: str) -> ResolvedAlias:
    """The version behind an alias; for production before the first promotion, the one in staging.

    Raises:
        ModelNotFoundError: no version has the alias.
        StorageError: the registry does not respond.
    """
    for candidate in (PRODUCTION, STAGING) if alias == PRODUCTION else (alias,):
        version = connection.found(
            partial(connection.client.get_model_version_by_alias, connection.model_name, candidate)
        )
        if version is not None:
            return ResolvedAlias(int(version.version), str(version.source), candidate != alias)
    raise ModelNotFoundError(
        f"The registry {without_password(connection.uri)} has no version of {connection.model_name} "
        f"with the alias {alias!r}.",
        "Run `credit-scoring train`, or set CREDIT_REGISTRY_MODEL_ALIAS to an existing alias.",
    )


def set_stage(client: MlflowClient, model_name: str, number: int, stage: str) -> None:
    """Show a version in a stage, and archive the others in that stage."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        # One by one: `archive_existing_versions` of MLflow 3.17 compares a number with a text on PostgreSQL.
        for other in client.search_model_versions(f"name = '{model_name}'", max_results=MAX_SEARCH_RESULTS):
            if other.current_stage == stage and int(other.version) != number:
                client.transition_model_version_stage(model_name, other.version, "Archived")
        client.transition_model_version_stage(model_name, str(number), stage)
