"""Decide on applications.

Key, body and parameters are read here and not by the framework: its way to them takes about as long as the model.
"""

import time
from collections.abc import Iterable
from functools import partial
from typing import Final

from fastapi import APIRouter, Request, Response

from credit_scoring.api.body import body_of, parameters_of
from credit_scoring.api.metrics import (
    HISTORY,
    PREDICTIONS,
    PROBABILITY,
    STAGE_SECONDS,
    UNSEEN_CATEGORIES,
    Metrics,
)
from credit_scoring.api.openapi import OF_A_BODY, OF_A_KEY, parameter, problems, read_by_route
from credit_scoring.api.schemas.explanation import language_of, recorded_explanation
from credit_scoring.api.schemas.problems import FieldProblem, invalid
from credit_scoring.api.schemas.responses import Prediction, Predictions
from credit_scoring.api.security.auth import caller_of
from credit_scoring.api.security.keys import Scope
from credit_scoring.api.state import ServiceState, state_of
from credit_scoring.api.timeouts import in_thread, within
from credit_scoring.core.errors import UnexplainableModelError
from credit_scoring.data_contracts.application_request import (
    Application,
    Applications,
    raw_columns_of,
    unseen_categories,
)
from credit_scoring.decisions.decision_record import DecisionRecord
from credit_scoring.decisions.decision_request import DecisionRequest

router = APIRouter(tags=["decide"])
MOST_BYTES_OF_ONE: Final = 64 * 1024
MOST_BYTES_OF_MANY: Final = 8 * 1024 * 1024
_JSON: Final = "application/json"
_EXPLAIN: Final = "explain"
_YES_OR_NO: Final = ("true", "false")


@router.post(
    "/predict",
    response_model=Prediction,
    openapi_extra=read_by_route(
        Application,
        parameter(_EXPLAIN, "query", "Whether reasons are wanted.", _YES_OR_NO),
        parameter("Accept-Language", "header", "Language of the reasons: fr or en."),
    ),
    responses=problems(*OF_A_BODY, *OF_A_KEY),
)
async def predict(request: Request) -> Response:
    """Decide on one application; it is recorded, with its reasons if they are wanted, before it is answered."""
    serving = state_of(request)
    caller = caller_of(request, Scope.PREDICT)
    parameters = parameters_of(request, {_EXPLAIN: _YES_OR_NO})
    values = raw_columns_of(await body_of(request, Application, MOST_BYTES_OF_ONE))
    decision_request = DecisionRequest.from_columns(values, caller, request.state.request_id)
    seconds = serving.settings.api.request_timeout_seconds
    if parameters.get(_EXPLAIN) == "true":
        # Reasons take longer than everything else, so they are given beside the others and not before them.
        record = await in_thread(serving.threads, partial(_explained, serving, decision_request), seconds)
    else:
        record = await within(serving.batcher.submit(decision_request), seconds)
    durable = time.perf_counter()
    language = language_of(request.headers.get("accept-language"))
    content = Prediction.of(record, language).model_dump_json(exclude_none=True)
    serving.metrics.observe(STAGE_SECONDS, time.perf_counter() - durable, "serialise")
    request.state.notes["decision_id"] = record.decision_id
    _count(serving.metrics, [record])
    return Response(content, media_type=_JSON)


@router.post(
    "/predict/batch",
    response_model=Predictions,
    openapi_extra=read_by_route(Applications),
    responses=problems(*OF_A_BODY, *OF_A_KEY),
)
async def predict_batch(request: Request) -> Response:
    """Decide on up to 1,000 applications: all are recorded and answered, in their order, or none."""
    serving = state_of(request)
    caller = caller_of(request, Scope.PREDICT)
    parameters_of(request, {})
    body = await body_of(request, Applications, MOST_BYTES_OF_MANY)
    requests = [
        DecisionRequest.from_columns(raw_columns_of(one), caller, request.state.request_id)
        for one in body.applications
    ]
    serving.rate_limit.charge(caller, len(requests) - 1)
    decide = partial(serving.decisions.make_decisions, requests)
    records = await in_thread(serving.batch_thread, decide, serving.settings.api.batch_timeout_seconds)
    request.state.notes["decisions"] = len(records)
    _count(serving.metrics, records)
    answer = Predictions.model_construct(predictions=[Prediction.of(record) for record in records])
    return Response(answer.model_dump_json(exclude_none=True), media_type=_JSON)


def _explained(serving: ServiceState, request: DecisionRequest) -> DecisionRecord:
    try:
        (record,), recorded = serving.begin_decisions([request], recorded_explanation)
    except UnexplainableModelError as error:
        allowed = f"false: {error.message}"
        raise invalid([FieldProblem(pointer=_EXPLAIN, given="true", allowed=allowed)]) from None
    recorded.result()
    return record


def _count(metrics: Metrics, records: Iterable[DecisionRecord]) -> None:
    """Measure decisions that stand in the ledger."""
    for record in records:
        metrics.count(PREDICTIONS, record.decision.value, str(record.model_version))
        metrics.observe(PROBABILITY, record.probability)
        known = "hit" if record.history_found else "none" if record.client_id is None else "miss"
        metrics.count(HISTORY, known)
        for column in unseen_categories(record.application):
            metrics.count(UNSEEN_CATEGORIES, column)
