"""Assemble the prediction service."""

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager

from fastapi import FastAPI

from credit_scoring import __version__
from credit_scoring.api.connection import METRICS
from credit_scoring.api.lifespan import open_service
from credit_scoring.api.metrics import Metrics
from credit_scoring.api.middleware import RequestMiddleware
from credit_scoring.api.openapi import DESCRIPTION, described
from credit_scoring.api.routes import routes
from credit_scoring.api.schemas.problems import HANDLERS
from credit_scoring.core.logs import get_logger
from credit_scoring.core.settings import Settings, load_settings
from credit_scoring.decisions.service import DecisionService
from credit_scoring.model_registry.registry import ModelRegistry


def create_app(
    settings: Settings | None = None,
    decisions: DecisionService | None = None,
    registry: ModelRegistry | None = None,
) -> FastAPI:
    """The service on the given settings, or on those of the environment.

    A missing model or feature version stops it at start, with the command that makes one.

    Args:
        decisions: what decides, where it is open already; the service closes it.
        registry: where new champions come from, if it is open already.
    """
    chosen = settings if settings is not None else load_settings()
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, Metrics]]:
        with ExitStack() as opened:
            serving = open_service(chosen, decisions, registry, metrics, opened)
            app.state.serving = serving
            get_logger("api").info("ready", model_version=serving.decisions.registered.version)
            yield {METRICS: metrics}

    app = FastAPI(
        title="Credit scoring",
        version=__version__,
        description=DESCRIPTION,
        lifespan=lifespan,
        # Routes of an included router are looked for twice in every request.
        routes=list(routes),
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    for error, answer in HANDLERS.items():
        app.add_exception_handler(error, answer)
    app.add_middleware(RequestMiddleware, metrics=metrics, most_in_flight=chosen.api.max_in_flight)
    # The framework's documented way to complete its description.
    app.openapi = described(app)  # type: ignore[method-assign]
    return app
