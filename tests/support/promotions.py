"""What tests of promotions share."""

from credit_scoring.core.settings import Settings
from credit_scoring.model_registry.connection import RegistryConnection
from credit_scoring.model_registry.promotion import PromotionRequest
from credit_scoring.model_registry.promotion_log import PromotionEvent, PromotionLog

DEMONSTRATION = PromotionRequest("a demonstration", by="clerk", allow_synthetic=True)


def events(settings: Settings) -> list[PromotionEvent]:
    """Every completed promotion and rollback."""
    return PromotionLog(RegistryConnection(settings)).read().completed


def in_production(settings: Settings) -> int | None:
    """The version in production according to the promotion log."""
    return PromotionLog(RegistryConnection(settings)).read().in_production
