"""The version that passed the last smoke test where an alias is served: what a failed later version is replaced by.

It is an alias of its own, ``<alias>-verified``, so it shares the server and the backup of the aliases.
"""

from typing import NamedTuple

from credit_scoring.core.logs import get_logger
from credit_scoring.core.settings import Settings
from credit_scoring.model_registry import aliases
from credit_scoring.model_registry.registry import ModelRegistry


class Served(NamedTuple):
    """A version that an alias points to.

    Attributes:
        verified: the version that passed the last smoke test there; None if none ever did.
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
    connection = registry.connection
    with connection.clear_errors():
        version = connection.client.get_model_version(connection.model_name, str(number))
        aliases.move_to_staging(connection.client, connection.model_name, version)
    get_logger("model_registry").info("staging", version=number)
    return served(registry, aliases.STAGING)


def confirm(settings: Settings, reference: str, alias: str) -> Served:
    """Record that the version with a number or an alias passed the smoke test where an alias is served.

    Raises:
        ModelNotFoundError: there is no such version, or the alias points nowhere.
        StorageError: the registry does not answer.
    """
    registry = ModelRegistry(settings)
    _record(registry, alias, registry.summary(reference).number)
    return served(registry, alias)


def keep_served_version(registry: ModelRegistry, alias: str, following: int) -> None:
    """Before the first recorded test: the version that is replaced served until now, so it counts as verified."""
    versions = _by_alias(registry)
    before = versions.get(alias, following)
    if verified_alias(alias) not in versions and before != following:
        _record(registry, alias, before)


def served(registry: ModelRegistry, alias: str) -> Served:
    """The version behind an alias, and the one that passed the last test there.

    Raises:
        ModelNotFoundError: the alias points nowhere.
    """
    number = registry.summary(alias).number
    return Served(registry.connection.model_name, alias, number, _by_alias(registry).get(verified_alias(alias)))


def verified_alias(alias: str) -> str:
    """Name of the alias of the version that passed the last test where another alias is served."""
    return f"{alias}-verified"


def _by_alias(registry: ModelRegistry) -> dict[str, int]:
    return {alias: version.number for version in registry.versions() for alias in version.aliases}


def _record(registry: ModelRegistry, alias: str, number: int) -> None:
    connection = registry.connection
    with connection.clear_errors():
        connection.client.set_registered_model_alias(connection.model_name, verified_alias(alias), str(number))
