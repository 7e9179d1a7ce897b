"""The service's endpoints: translate the request, delegate, translate the answer."""

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from credit_scoring import __version__
from credit_scoring.api.access import MayPredict
from credit_scoring.api.answers import Health, Prediction
from credit_scoring.api.application import (
    Application,
    client_of,
    raw_columns_of,
    unseen_categories,
)
from credit_scoring.api.body import body_of
from credit_scoring.api.metrics import (
    CONTENT_TYPE,
    HISTORY,
    PREDICTIONS,
    PROBABILITY,
    STAGE_SECONDS,
    UNSEEN_CATEGORIES,
    Metrics,
)
from credit_scoring.api.openapi import OF_A_BODY, OF_A_KEY, problems, takes
from credit_scoring.api.problems import UNAVAILABLE, ProblemError
from credit_scoring.api.serving import Serving, serving_of
from credit_scoring.decisions.record import DecisionRecord

router = APIRouter()
Answer = TypeVar("Answer")
MOST_BYTES_OF_ONE: Final = 64 * 1024
JSON: Final = "application/json"


@router.post(
    "/predict",
    response_model=Prediction,
    openapi_extra=takes(Application),
    responses=problems(*OF_A_BODY, *OF_A_KEY),
)
async def predict(
    request: Request,
    caller: MayPredict,
    application: Annotated[Any, Depends(body_of(Application, MOST_BYTES_OF_ONE))],
) -> Response:
    """Decide on one application; the decision is recorded before it is answered."""
    assert isinstance(application, BaseModel)
    serving = serving_of(request)
    values = raw_columns_of(application)
    record = await in_time(
        serving,
        partial(
            serving.decisions.decide,
            values,
            client_of(values),
            caller=caller,
            request_id=request.state.request_id,
        ),
    )
    count_decision(serving.metrics, record)
    request.state.notes["decision_id"] = record.decision_id
    started = time.perf_counter()
    content = Prediction.of(record).model_dump_json()
    serving.metrics.observe(STAGE_SECONDS, time.perf_counter() - started, "serialise")
    return Response(content, media_type=JSON)


@router.get("/health", responses=problems(UNAVAILABLE))
async def health(request: Request) -> Health:
    """Healthy once a model and a feature version are loaded."""
    decisions = serving_of(request).decisions
    return Health(
        status="healthy",
        version=__version__,
        model_version=decisions.registered.version,
        feature_version=decisions.feature_version.number,
    )


@router.get("/metrics", response_class=Response, responses={200: {"content": {CONTENT_TYPE: {}}}})
async def metrics(request: Request) -> Response:
    """All measures of the service, for Prometheus."""
    return Response(serving_of(request).metrics.rendered(), media_type=CONTENT_TYPE)


async def in_time(serving: Serving, work: Callable[[], Answer]) -> Answer:
    """Do some work in a thread.

    Raises:
        ProblemError: it took too long; it may still come to its end, but is not answered.
    """
    seconds = serving.settings.api_answer_timeout_seconds
    try:
        async with asyncio.timeout(seconds):
            return await asyncio.get_running_loop().run_in_executor(serving.threads, work)
    except TimeoutError:
        raise ProblemError(UNAVAILABLE, f"There was no answer within {seconds:g} s. Ask again.") from None


def count_decision(metrics: Metrics, record: DecisionRecord) -> None:
    """Measure a decision that stands in the ledger."""
    metrics.count(PREDICTIONS, record.decision.value, str(record.model_version))
    metrics.observe(PROBABILITY, record.probability)
    known = "hit" if record.history_found else "none" if record.client_id is None else "miss"
    metrics.count(HISTORY, known)
    for column in unseen_categories(record.application):
        metrics.count(UNSEEN_CATEGORIES, column)
