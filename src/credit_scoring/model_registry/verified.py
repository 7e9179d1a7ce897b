"""The version that passed the last smoke test where an alias is served: what a failed later version is replaced by.

It is an alias of its own, ``<alias>-verified``, so it shares the server and the backup of the aliases. A version that
is replaced counts as verified, because it served until then.
"""

from typing import NamedTuple

from credit_scoring.core.errors import PromotionRefusedError
from credit_scoring.core.logs import get_logger
from credit_scoring.core.settings import Settings
from credit_scoring.model_registry import aliases
from credit_scoring.model_registry.registry import ModelRegistry


class Served(NamedTuple):
    """A version that an alias points to.

    Attributes:
        verified: the version that a failed one is replaced by; None if none passed a test or was replaced yet.
    """

    model: str
    alias: str
    version: int
    verified: int | None


def stage(settings: Settings, reference: str) -> Served:
    """Move the alias ``staging`` to the version with a number or an alias; nothing changes if it is there already.

    Raises:
        ModelNotFoundError: there is no such version.
        StorageError: the registry does not answer.
    """
    registry = ModelRegistry(settings)
    number = registry.summary(reference).number
    keep_served_version(registry, aliases.STAGING, number)
    move_to_staging(registry, number)
    return served(registry, aliases.STAGING)


def move_to_staging(registry: ModelRegistry, number: int) -> None:
    """Move the alias ``staging``, and nothing else."""
    connection = registry.connection
    with connection.clear_errors():
        version = connection.client.get_model_version(connection.model_name, str(number))
        aliases.move_to_staging(connection.client, connection.model_name, version)
    get_logger("model_registry").info("staging", version=number)


def confirm(settings: Settings, reference: str, alias: str) -> Served:
    """Record that the version with a number or an alias passed the smoke test where an alias is served.

    Raises:
        ModelNotFoundError: there is no such version, or the alias points nowhere.
        PromotionRefusedError: another version serves there.
        StorageError: the registry does not answer.
    """
    registry = ModelRegistry(settings)
    number, serving = registry.summary(reference).number, registry.summary(alias).number
    if number != serving:
        raise PromotionRefusedError(
            f"Version {number} does not serve in {alias}, so it was not tested there; version {serving} does.",
            f"Test the version that serves, or bring version {number} back first.",
        )
    record_verified(registry, alias, number)
    return served(registry, alias)


def keep_served_version(registry: ModelRegistry, alias: str, following: int) -> None:
    """Record the version that is about to be replaced: it served until now, also if a person promoted it by hand."""
    before = versions_by_alias(registry).get(alias, following)
    if before != following:
        record_verified(registry, alias, before)


def served(registry: ModelRegistry, alias: str) -> Served:
    """The version behind an alias, and the one that passed the last test there.

    Raises:
        ModelNotFoundError: the alias points nowhere.
    """
    number = registry.summary(alias).number
    return Served(registry.connection.model_name, alias, number, versions_by_alias(registry).get(verified_alias(alias)))


def verified_alias(alias: str) -> str:
    """Name of the alias of the version that passed the last test where another alias is served."""
    return f"{alias}-verified"


def versions_by_alias(registry: ModelRegistry) -> dict[str, int]:
    """The number of the version behind each alias."""
    return {alias: version.number for version in registry.versions() for alias in version.aliases}


def record_verified(registry: ModelRegistry, alias: str, number: int) -> None:
    """Record the version that a failed later one is replaced by."""
    connection = registry.connection
    with connection.clear_errors():
        connection.client.set_registered_model_alias(connection.model_name, verified_alias(alias), str(number))
