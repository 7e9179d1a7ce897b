"""Open everything a service needs, and close it again in the opposite order."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial

from credit_scoring.api.background.batcher import Batcher
from credit_scoring.api.background.gauges import update_gauges
from credit_scoring.api.background.model_watcher import ModelWatcher
from credit_scoring.api.background.periodic import PeriodicTask
from credit_scoring.api.background.shadow import Shadow
from credit_scoring.api.instrumentation import Instrumentation
from credit_scoring.api.metrics import Metrics
from credit_scoring.api.readiness import Readiness
from credit_scoring.api.security.keys import KeyRing, open_key_store
from credit_scoring.api.security.rate_limit import RateLimit
from credit_scoring.api.state import ServiceState
from credit_scoring.core.logs import get_logger
from credit_scoring.core.settings import Settings
from credit_scoring.core.supervised_thread import died_reasons
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
    """Open a service; `opened` closes it.

    Args:
        decisions, registry: opened if None.

    Raises:
        MissingArtefactError, ModelNotFoundError, StorageError: a component is missing or unavailable.
    """
    service = decisions or open_decision_service(settings)
    opened.callback(service.close)
    models = registry or ModelRegistry(settings)
    threads = opened.enter_context(ThreadPoolExecutor(_THREADS, thread_name_prefix="wait"))
    batch_thread = opened.enter_context(ThreadPoolExecutor(1, thread_name_prefix="batch"))
    tasks: list[PeriodicTask] = []
    shadow = _shadow(settings, models, metrics, tasks, opened)
    instrumentation = Instrumentation(metrics, shadow)
    service.observe(instrumentation.on_lookup, instrumentation.on_scoring)
    begin_decisions = instrumentation.timed(service.begin_decisions)
    watcher = ModelWatcher(service, models, settings.registry.model_alias, metrics)
    tasks.append(PeriodicTask("champion", settings.api.model_refresh_seconds, watcher.refresh))
    tasks.append(PeriodicTask("gauges", _GAUGE_SECONDS, partial(update_gauges, metrics, service)))
    update_gauges(metrics, service)
    keys = _key_ring(settings, tasks, opened)
    for task in tasks:
        task.start()
        opened.callback(task.stop)
    batcher = Batcher(begin_decisions, metrics)
    batcher.start()
    opened.callback(batcher.stop)
    supervised = [batcher.thread, *service.threads, *(task.thread for task in tasks)]
    if shadow is not None:
        supervised.append(shadow.thread)
    for thread in supervised:
        thread.on_failure = lambda name: metrics.thread_failures.labels(name).inc()
    rate = settings.api.requests_per_second
    return ServiceState(
        settings=settings,
        decisions=service,
        metrics=metrics,
        begin_decisions=begin_decisions,
        batcher=batcher,
        keys=keys,
        rate_limit=RateLimit(rate, _BURST_SECONDS * rate),
        readiness=Readiness(
            lambda: service.readiness() | {"deciding": batcher.stopped_reason} | died_reasons(supervised)
        ),
        threads=threads,
        supervised_threads=supervised,
        batch_thread=batch_thread,
        in_use_since=lambda: watcher.since,
    )


def _shadow(
    settings: Settings, registry: ModelRegistry, metrics: Metrics, tasks: list[PeriodicTask], opened: ExitStack
) -> Shadow | None:
    if not settings.api.shadow_alias:
        return None
    shadow = Shadow(registry, settings.api.shadow_alias, metrics)
    refreshing = PeriodicTask("shadow", settings.api.model_refresh_seconds, shadow.refresh)
    # The service starts without a challenger if the registry has none yet.
    refreshing.run_once()
    tasks.append(refreshing)
    shadow.start()
    opened.callback(shadow.stop)
    return shadow


def _key_ring(settings: Settings, tasks: list[PeriodicTask], opened: ExitStack) -> KeyRing | None:
    if settings.environment == "dev":
        get_logger("api").warning(
            "NO API KEYS: whoever reaches this service may use it", environment="dev", host=settings.api.host
        )
        return None
    keys = KeyRing(open_key_store(settings))
    opened.callback(keys.close)
    keys.refresh()
    tasks.append(PeriodicTask("api keys", _KEY_REFRESH_SECONDS, keys.refresh))
    return keys
