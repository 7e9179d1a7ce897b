"""Assemble the prediction service."""

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, closing
from threading import Event
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from credit_scoring import __version__
from credit_scoring.api.lifespan import open_service
from credit_scoring.api.metrics import Metrics
from credit_scoring.api.middleware import RequestMiddleware
from credit_scoring.api.pages import add_pages
from credit_scoring.api.request_body import BodyLimits
from credit_scoring.api.routes import ROUTERS
from credit_scoring.api.schemas.problems import PROBLEM_TYPES, UNAVAILABLE, UNREADABLE, Problem, ProblemError
from credit_scoring.api.schemas.validation import invalid_request
from credit_scoring.api.security.keys import KeyRing, open_key_ring
from credit_scoring.core.errors import CreditScoringError
from credit_scoring.core.logs import get_logger
from credit_scoring.core.settings import Settings, load_settings
from credit_scoring.decisions.service import DecisionService, open_decision_service
from credit_scoring.model_registry.registry import ModelRegistry

_PROBLEM_TYPES = {one.status: one for one in PROBLEM_TYPES}
DESCRIPTION = """\
Decides on credit applications: the probability of default, and whether the application is accepted. Every decision is
recorded in the ledger before it is answered, and can be replayed from there.

Send the key as `X-API-Key`. Errors are problem details (RFC 9457); `type` names the problem type.
"""


class _Service(FastAPI):
    def openapi(self) -> dict[str, Any]:
        """The description with the schema of problems: FastAPI adds schemas of JSON responses only."""
        description = super().openapi()
        schemas = description["components"]["schemas"]
        if Problem.__name__ not in schemas:
            schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= schema.pop("$defs") | {Problem.__name__: schema}
        return description


def create_app(
    settings: Settings | None = None,
    decisions: DecisionService | None = None,
    registry: ModelRegistry | None = None,
    keys: KeyRing | None = None,
) -> FastAPI:
    """The service; its start fails if a model or feature version is missing, naming the command that makes one.

    Args:
        settings: of the environment if None.
        decisions: an open decision service, which the app closes; opened if None.
        registry: source of new champions; opened if None.
        keys: the valid keys, which the app closes; opened if None and if they are required.
    """
    chosen = settings if settings is not None else load_settings()
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with ExitStack() as opened:
            service = opened.enter_context(closing(decisions or open_decision_service(chosen)))
            models = registry or ModelRegistry(chosen)
            ring = keys or open_key_ring(chosen)
            if ring is not None:
                opened.enter_context(closing(ring))
            app.state.service = open_service(chosen, service, models, ring, metrics, opened)
            get_logger("api").info("ready", model_version=service.registered.version)
            yield

    app = _Service(
        title="Credit scoring",
        version=__version__,
        description=DESCRIPTION,
        lifespan=lifespan,
        root_path=chosen.api.root_path,
        # A redirect would repeat key and application at an address built from the Host header.
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.ending = Event()
    for router in ROUTERS:
        app.include_router(router)
    add_pages(app)
    for error in (HTTPException, RequestValidationError, CreditScoringError):
        app.add_exception_handler(error, _problem_of)
    app.add_middleware(BodyLimits, timeout_seconds=chosen.api.body_timeout_seconds)
    app.add_middleware(RequestMiddleware, metrics=metrics, max_in_flight=chosen.api.max_in_flight)
    return app


async def _problem_of(request: Request, error: Exception) -> Response:
    """The problem that an exception becomes; the middleware answers unexpected ones."""
    if isinstance(error, RequestValidationError):
        return invalid_request(error.errors()).response()
    if isinstance(error, ProblemError):
        return error.response()
    if isinstance(error, HTTPException):  # of the framework: unknown path, wrong method
        problem_type = _PROBLEM_TYPES.get(error.status_code, UNREADABLE)
        return ProblemError(problem_type, f"{problem_type.title}.", headers=error.headers).response()
    get_logger("api").error("cannot answer", **request.state.ids, reason=str(error))
    public = error.public if isinstance(error, CreditScoringError) else "The service is unavailable."
    return ProblemError(UNAVAILABLE, public).response()
