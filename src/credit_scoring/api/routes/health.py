"""Health, metrics and the model in use: for probes, Prometheus and people."""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from credit_scoring import __version__
from credit_scoring.api.dependencies import MayRead, State
from credit_scoring.api.metrics import CONTENT_TYPE
from credit_scoring.api.schemas.problems import KEY_PROBLEMS, UNAVAILABLE, ProblemError, problem_responses
from credit_scoring.api.schemas.responses import Alive, Health, ModelInfo
from credit_scoring.core.logs import get_logger
from credit_scoring.core.supervised_thread import failure_reasons

router = APIRouter(tags=["operate"])


@router.get("/health", responses={503: {"model": Health, "description": "`unhealthy`"}})
async def health(state: State, response: Response) -> Health:
    """Status, versions and components: `healthy`, `degraded`, or `unhealthy` (503) while some requests fail.

    `degraded` means that the ledger or the key store is unavailable: decisions are spooled on the local disk, and the
    keys read last stay valid.
    """
    reasons = state.readiness()
    unavailable = {name: "unavailable" for name, reason in reasons.items() if reason is not None}
    degraded = {}
    if state.decisions.ledger_unavailable_reason is not None:
        degraded["ledger"] = "unavailable; decisions are spooled on the local disk"
    if state.keys is not None and state.keys.unavailable_reason is not None:
        degraded["keys"] = "unavailable; the keys read last stay valid"
    response.status_code = 503 if unavailable else 200
    return Health(
        status="unhealthy" if unavailable else "degraded" if degraded else "healthy",
        version=__version__,
        model_version=state.decisions.registered.version,
        feature_version=state.decisions.feature_version.number,
        parts=dict.fromkeys(reasons, "ready") | degraded | unavailable,
        spooled_decisions=state.decisions.spool_depth(),
    )


@router.get("/health/live", responses=problem_responses(UNAVAILABLE))
async def live(state: State) -> Alive:
    """Whether the process answers and all its background threads run and none hangs; if not, restart it."""
    _require_none(failure_reasons(state.supervised_threads))
    return Alive(status="alive")


@router.get("/health/ready", responses=problem_responses(UNAVAILABLE))
async def ready(request: Request, state: State) -> Alive:
    """Whether model, store, ledger and background threads work and the service goes on; if not, route elsewhere."""
    reasons = dict(state.readiness(), service="it is ending" if request.app.state.ending.is_set() else None)
    _require_none({component: reason for component, reason in reasons.items() if reason is not None})
    return Alive(status="ready")


@router.get("/metrics", response_class=Response, responses={200: {"content": {CONTENT_TYPE: {}}}})
async def metrics(state: State) -> Response:
    """All metrics of the service, for Prometheus."""
    state.metrics.update_gauges(state.decisions, state.keys)
    return Response(state.metrics.rendered(), media_type=CONTENT_TYPE)


@router.get("/model-info", responses=problem_responses(*KEY_PROBLEMS))
async def model_info(state: State, caller: MayRead) -> ModelInfo:
    """The model in use: its origin and its out-of-fold metrics."""
    return ModelInfo.from_registered(
        state.decisions.registered,
        state.watcher.deployment,
        state.watcher.since,
        state.decisions.feature_version,
    )


def _require_none(unavailable: Mapping[str, str]) -> None:
    if unavailable:
        # Reasons name addresses and paths, which are for the operator only.
        get_logger("api").warning("not ready", **unavailable)
        raise ProblemError(UNAVAILABLE, f"Unavailable: {', '.join(unavailable)}.")
