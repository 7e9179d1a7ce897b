"""Open everything a service needs, and close it again in the opposite order."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from credit_scoring.api.background.batcher import Batcher
from credit_scoring.api.background.gauges import show_state
from credit_scoring.api.background.model_watcher import ModelWatcher
from credit_scoring.api.background.periodic import Periodic
from credit_scoring.api.background.shadow import Shadow
from credit_scoring.api.instrumentation import Instrumentation
from credit_scoring.api.metrics import Metrics
from credit_scoring.api.readiness import Readiness
from credit_scoring.api.security.keys import KeyRing, open_key_store
from credit_scoring.api.security.rate_limit import RateLimit
from credit_scoring.api.state import ServiceState
from credit_scoring.core.logs import get_logger
from credit_scoring.core.settings import Settings
from credit_scoring.decisions.service import DecisionService, open_decision_service
from credit_scoring.model_registry.registry import ModelRegistry

_KEY_REFRESH_SECONDS = 5.0
_GAUGE_SECONDS = 5.0
_BURST_SECONDS = 2.0
_THREADS = 4


def open_service(
    settings: Settings,
    decisions: DecisionService | None,
    registry: ModelRegistry | None,
    metrics: Metrics,
    opened: ExitStack,
) -> ServiceState:
    """A service on the settings; all of it is closed with the stack.

    Args:
        decisions, registry: where they are open already.

    Raises:
        MissingArtefactError, ModelNotFoundError, StorageError: something it needs is not there.
    """
    deciding = decisions or open_decision_service(settings)
    opened.callback(deciding.close)
    models = registry or ModelRegistry(settings)
    threads = opened.enter_context(ThreadPoolExecutor(_THREADS, thread_name_prefix="wait"))
    batch_thread = opened.enter_context(ThreadPoolExecutor(1, thread_name_prefix="batch"))
    upkeep: list[Periodic] = []
    shadow = _shadow(settings, models, metrics, upkeep, opened)
    watch = Instrumentation(metrics, shadow)
    deciding.observe(watch.looked_up, watch.scored)
    begin_decisions = watch.deciding(deciding.begin_decisions)
    champion = ModelWatcher(deciding, models, settings.registry.model_alias, metrics)
    upkeep.append(Periodic("champion", settings.api.model_refresh_seconds, champion.refresh))
    upkeep.append(Periodic("gauges", _GAUGE_SECONDS, lambda: show_state(metrics, deciding)))
    show_state(metrics, deciding)
    keys = _key_ring(settings, upkeep, opened)
    for work in upkeep:
        work.start()
        opened.callback(work.stop)
    batcher = Batcher(begin_decisions, metrics)
    batcher.start()
    opened.callback(batcher.stop)
    rate = settings.api.requests_per_second
    return ServiceState(
        settings=settings,
        decisions=deciding,
        metrics=metrics,
        begin_decisions=begin_decisions,
        batcher=batcher,
        keys=keys,
        rate_limit=RateLimit(rate, _BURST_SECONDS * rate),
        readiness=Readiness(lambda: deciding.readiness() | {"deciding": batcher.ended_because}),
        threads=threads,
        batch_thread=batch_thread,
        in_use_since=lambda: champion.since,
    )


def _shadow(
    settings: Settings, registry: ModelRegistry, metrics: Metrics, upkeep: list[Periodic], opened: ExitStack
) -> Shadow | None:
    if not settings.api.shadow_alias:
        return None
    shadow = Shadow(registry, settings.api.shadow_alias, metrics)
    following = Periodic("shadow", settings.api.model_refresh_seconds, shadow.refresh)
    # The service starts without a challenger if there is none yet.
    following.run_once()
    upkeep.append(following)
    shadow.start()
    opened.callback(shadow.stop)
    return shadow


def _key_ring(settings: Settings, upkeep: list[Periodic], opened: ExitStack) -> KeyRing | None:
    if settings.environment == "dev":
        get_logger("api").warning(
            "NO API KEYS: whoever reaches this service may use it", environment="dev", host=settings.api.host
        )
        return None
    keys = KeyRing(open_key_store(settings))
    opened.callback(keys.close)
    keys.refresh()
    upkeep.append(Periodic("api keys", _KEY_REFRESH_SECONDS, keys.refresh))
    return keys
