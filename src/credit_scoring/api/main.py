"""Assemble the prediction service."""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager

from fastapi import FastAPI

from credit_scoring import __version__
from credit_scoring.api.boundary import Boundary
from credit_scoring.api.gauges import show_state
from credit_scoring.api.keys import KeyRing, open_key_store
from credit_scoring.api.metrics import Metrics
from credit_scoring.api.openapi import described
from credit_scoring.api.problems import HANDLERS
from credit_scoring.api.rate_limit import RateLimit
from credit_scoring.api.routes import router
from credit_scoring.api.serving import Serving
from credit_scoring.api.upkeep import Periodic
from credit_scoring.core.logs import get_logger
from credit_scoring.core.settings import Settings, load_settings
from credit_scoring.decisions.deciding import DecisionService, open_decision_service

_KEY_REFRESH_SECONDS = 5.0
_GAUGE_SECONDS = 5.0
_BURST_SECONDS = 2.0
_THREADS = 8


def create_app(settings: Settings | None = None, decisions: DecisionService | None = None) -> FastAPI:
    """The service on the given settings, or on those of the environment.

    A missing model or feature version stops it at start, with the command that makes one.

    Args:
        decisions: what decides, where it is open already; the service closes it.
    """
    chosen = settings if settings is not None else load_settings()
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with ExitStack() as opened:
            serving = _opened(chosen, decisions, metrics, opened)
            app.state.serving = serving
            get_logger("api").info("ready", model_version=serving.decisions.registered.version)
            yield

    app = FastAPI(title="Credit scoring", version=__version__, lifespan=lifespan)
    app.include_router(router)
    for error, answer in HANDLERS.items():
        app.add_exception_handler(error, answer)
    app.add_middleware(Boundary, metrics=metrics, most_in_flight=chosen.api_most_in_flight)
    app.openapi = described(app)  # type: ignore[method-assign]
    return app


def _opened(
    settings: Settings, decisions: DecisionService | None, metrics: Metrics, opened: ExitStack
) -> Serving:
    """Everything a service needs; it is closed with the stack."""
    deciding = decisions or open_decision_service(settings)
    opened.callback(deciding.close)
    threads = opened.enter_context(ThreadPoolExecutor(_THREADS, thread_name_prefix="decide"))
    upkeep = [Periodic("gauges", _GAUGE_SECONDS, lambda: show_state(metrics, deciding))]
    show_state(metrics, deciding)
    keys = _key_ring(settings, upkeep, opened)
    for work in upkeep:
        work.start()
        opened.callback(work.stop)
    rate = settings.api_requests_per_second / settings.api_workers
    return Serving(settings, deciding, metrics, keys, RateLimit(rate, _BURST_SECONDS * rate), threads)


def _key_ring(settings: Settings, upkeep: list[Periodic], opened: ExitStack) -> KeyRing | None:
    if settings.environment == "dev":
        get_logger("api").warning(
            "NO API KEYS: whoever reaches this service may use it", environment="dev", host=settings.api_host
        )
        return None
    keys = KeyRing(open_key_store(settings))
    opened.callback(keys.close)
    keys.refresh()
    upkeep.append(Periodic("api keys", _KEY_REFRESH_SECONDS, keys.refresh))
    return keys
