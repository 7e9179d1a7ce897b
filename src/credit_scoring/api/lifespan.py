"""The components of a running service: opened together, and closed again in the opposite order."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from credit_scoring.api.background.batcher import Batcher
from credit_scoring.api.background.model_watcher import ModelWatcher
from credit_scoring.api.background.periodic import PeriodicTask
from credit_scoring.api.background.shadow import Shadow
from credit_scoring.api.instrumentation import BeginDecisions, Instrumentation
from credit_scoring.api.metrics import Metrics
from credit_scoring.api.security.keys import KeyRing
from credit_scoring.api.security.rate_limit import RateLimit
from credit_scoring.core.logs import get_logger
from credit_scoring.core.settings import Settings
from credit_scoring.core.supervised_thread import SupervisedThread, failure_reasons
from credit_scoring.decisions.service import DecisionService
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.model_registry.served_copy import keep_copy

_KEY_REFRESH_SECONDS = 5.0
_STORE_CHECK_SECONDS = 1.0
_DRIFT_REFRESH_SECONDS = 60.0
_BURST_SECONDS = 2.0


@dataclass(frozen=True)
class ServiceState:
    """Components of a running service.

    Attributes:
        keys: None where no keys are required (dev).
        begin_decisions: `DecisionService.begin_decisions`, with its time measured.
        batcher: groups concurrent applications into one decision call.
        readiness: by component why it does not work, None for one that does; waits for nothing.
        explaining: decides with reasons, which take longer than everything else.
        looking_up: for queries of ledger and store.
        replaying: may wait for the registry.
        batching: one batch at a time, so that batches do not delay single applications.
        supervised_threads: background threads without which the service is not alive.
        watcher: knows which version the alias points to, and since when.
    """

    settings: Settings
    decisions: DecisionService
    metrics: Metrics
    begin_decisions: BeginDecisions
    batcher: Batcher
    keys: KeyRing | None
    rate_limit: RateLimit
    readiness: Callable[[], Mapping[str, str | None]]
    explaining: Executor
    looking_up: Executor
    replaying: Executor
    batching: Executor
    supervised_threads: Sequence[SupervisedThread]
    watcher: ModelWatcher


def open_service(
    settings: Settings,
    service: DecisionService,
    registry: ModelRegistry,
    keys: KeyRing | None,
    metrics: Metrics,
    opened: ExitStack,
) -> ServiceState:
    """Start everything around a decision service and its keys; `opened` ends it, and waits for no request."""
    explaining, looking_up, replaying, batching = (
        ThreadPoolExecutor(number, thread_name_prefix="request") for number in (4, 4, 2, 1)
    )
    for threads in (explaining, looking_up, replaying, batching):
        opened.callback(threads.shutdown, wait=False, cancel_futures=True)
    tasks: list[PeriodicTask] = []
    shadow = _shadow(settings, registry, metrics, tasks, opened)
    instrumentation = Instrumentation(metrics, shadow)
    service.observe(instrumentation.on_lookup, instrumentation.on_scoring)
    begin_decisions = partial(instrumentation.timed, service.begin_decisions)
    watcher = ModelWatcher(
        service, registry, settings.registry.model_alias, metrics, partial(keep_copy, settings, registry)
    )
    tasks.append(PeriodicTask("champion", settings.api.model_refresh_seconds, watcher.refresh))
    tasks.append(PeriodicTask("online store", _STORE_CHECK_SECONDS, service.check_store))
    drift = PeriodicTask(
        "drift history",
        _DRIFT_REFRESH_SECONDS,
        lambda: metrics.drift.refresh(settings, service.registered.version),
    )
    drift.run_once()
    tasks.append(drift)
    if keys is None:
        get_logger("api").warning(
            "NO API KEYS: anyone who can reach this service can use it", environment="dev", host=settings.api.host
        )
    else:
        tasks.append(PeriodicTask("api keys", _KEY_REFRESH_SECONDS, keys.refresh))
    for task in tasks:
        task.start()
        opened.callback(task.stop)
    batcher = Batcher(begin_decisions, metrics)
    batcher.start()
    opened.callback(batcher.stop)
    supervised = [batcher, *service.threads, *tasks, *([shadow] if shadow else [])]
    for thread in supervised:
        metrics.thread_failures.labels(thread.name)  # a counter that begins with its first event shows no increase
        thread.on_failure = lambda name: metrics.thread_failures.labels(name).inc()
        thread.longest_seconds = settings.api.request_timeout_seconds
    rate = settings.api.requests_per_second
    return ServiceState(
        settings=settings,
        decisions=service,
        metrics=metrics,
        begin_decisions=begin_decisions,
        batcher=batcher,
        keys=keys,
        rate_limit=RateLimit(rate, _BURST_SECONDS * rate),
        readiness=lambda: (service.readiness() | {"deciding": batcher.stopped_reason} | failure_reasons(supervised)),
        explaining=explaining,
        looking_up=looking_up,
        replaying=replaying,
        batching=batching,
        supervised_threads=supervised,
        watcher=watcher,
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
