"""How the service is: for probes, for Prometheus and for people."""

from fastapi import APIRouter, Request, Response

from credit_scoring import __version__
from credit_scoring.api.metrics import CONTENT_TYPE
from credit_scoring.api.openapi import OF_A_KEY, problems
from credit_scoring.api.schemas.problems import UNAVAILABLE, ProblemError
from credit_scoring.api.schemas.responses import Alive, Health, ModelInfo
from credit_scoring.api.security.auth import MayRead
from credit_scoring.api.state import ServiceState, state_of
from credit_scoring.api.timeouts import in_thread

router = APIRouter(tags=["operate"])


@router.get("/health", responses=problems(UNAVAILABLE))
async def health(request: Request) -> Health:
    """Status, versions and parts: `healthy`, or `degraded` while the ledger or the store of keys is away.

    Decisions wait on the local disk then, and keys are those that were valid before.
    """
    serving = state_of(request)
    parts = await _ready_parts(serving)
    decisions = serving.decisions
    away = {}
    if (reason := decisions.ledger_unavailable_reason) is not None:
        away["ledger"] = f"decisions wait on the local disk: {reason}"
    if serving.keys is not None and (reason := serving.keys.unavailable_reason) is not None:
        away["keys"] = f"those that were valid before still are: {reason}"
    return Health(
        status="degraded" if away else "healthy",
        version=__version__,
        model_version=decisions.registered.version,
        feature_version=decisions.feature_version.number,
        parts=parts | away,
        spooled_decisions=decisions.spool_depth(),
    )


@router.get("/health/live", responses=problems(UNAVAILABLE))
async def live(request: Request) -> Alive:
    """The process answers and can decide; if it does not, start it again."""
    batcher = state_of(request).batcher
    if batcher.has_died:
        raise ProblemError(UNAVAILABLE, f"deciding: {batcher.ended_because}")
    return Alive(status="alive")


@router.get("/health/ready", responses=problems(UNAVAILABLE))
async def ready(request: Request) -> Alive:
    """Model, store and ledger can do their work; if not, send requests elsewhere."""
    await _ready_parts(state_of(request))
    return Alive(status="ready")


@router.get("/metrics", response_class=Response, responses={200: {"content": {CONTENT_TYPE: {}}}})
async def metrics(request: Request) -> Response:
    """All measures of the service, for Prometheus."""
    return Response(state_of(request).metrics.rendered(), media_type=CONTENT_TYPE)


@router.get("/model-info", responses=problems(*OF_A_KEY))
async def model_info(request: Request, caller: MayRead) -> ModelInfo:
    """The model in use: where it comes from and how good it was out of fold."""
    serving = state_of(request)
    decisions = serving.decisions
    return ModelInfo.of(
        decisions.registered,
        serving.settings.registry.model_alias,
        serving.in_use_since(),
        decisions.feature_version,
    )


async def _ready_parts(serving: ServiceState) -> dict[str, str]:
    """Every part as `ready`; raises ProblemError naming those that are not."""
    reasons = await in_thread(
        serving.threads, serving.readiness, serving.settings.api.request_timeout_seconds
    )
    away = [f"{part}: {reason}" for part, reason in reasons.items() if reason is not None]
    if away:
        raise ProblemError(UNAVAILABLE, " ".join(away))
    return dict.fromkeys(reasons, "ready")
