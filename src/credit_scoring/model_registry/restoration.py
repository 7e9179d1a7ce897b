"""The way back from a version that failed its smoke test, to the one that is verified."""

from typing import Literal

from credit_scoring.core.settings import Settings
from credit_scoring.model_registry import verified
from credit_scoring.model_registry.promotion import PromotionRequest, roll_back
from credit_scoring.model_registry.registry import ModelRegistry


def restore(
    settings: Settings, alias: Literal["staging", "production"], failed: int, request: PromotionRequest
) -> verified.Served | None:
    """Move an alias from a version that failed back to the verified one; None if nothing was changed.

    Nothing is changed if the alias points to another version than the failed one, or if the failed version is the
    verified one: it served well before, so replacing it would not correct the fault.

    Raises:
        PromotionRefusedError: the verified version could not serve in production now; nothing changed.
        StorageError: the registry does not answer, files are damaged, or another promotion was faster.
    """
    registry = ModelRegistry(settings)
    versions = verified.versions_by_alias(registry)
    target = versions.get(verified.verified_alias(alias))
    if versions.get(alias) != failed or target is None or target == failed:
        return None
    if alias == "production":
        roll_back(settings, request, target)
    else:
        verified.move_to_staging(registry, target)
    return verified.served(registry, alias)
