"""Aliases of the registered model: which version serves production, and which one waits in staging."""

from dataclasses import dataclass
from functools import partial

from credit_scoring.core.errors import ModelNotFoundError
from credit_scoring.core.urls import without_password
from credit_scoring.model_registry.connection import RegistryConnection

STAGING, PRODUCTION = "staging", "production"
"""Training registers new versions under the first; promotion moves the second."""


@dataclass(frozen=True)
class ResolvedAlias:
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
