"""Decide on applications."""

from collections.abc import Iterable
from functools import partial
from typing import Annotated, Literal, get_args

import numpy as np
from fastapi import APIRouter, Depends, Header, Query, Request
from pydantic import JsonValue
from pydantic.json_schema import SkipJsonSchema

from credit_scoring.api.dependencies import (
    MAY_PREDICT,
    KnownParameters,
    MayPredict,
    State,
    in_thread,
    json_body,
    within,
)
from credit_scoring.api.idempotency import decide_once
from credit_scoring.api.lifespan import ServiceState
from credit_scoring.api.metrics import Metrics
from credit_scoring.api.request_body import JsonRoute
from credit_scoring.api.schemas.problems import (
    BODY_PROBLEMS,
    GONE,
    KEY_PROBLEMS,
    FieldProblem,
    ProblemError,
    problem_responses,
)
from credit_scoring.api.schemas.responses import Prediction, Predictions
from credit_scoring.api.schemas.validation import invalid, shortened
from credit_scoring.core.errors import ErasedError, UnexplainableModelError
from credit_scoring.data_contracts.application_request import (
    Application,
    Applications,
    RawColumns,
    raw_columns_of,
    unseen_categories,
)
from credit_scoring.decisions.decision_record import DecisionRecord
from credit_scoring.decisions.decision_request import DecisionRequest
from credit_scoring.explain.explainer import explain as explain_decision
from credit_scoring.explain.texts import LANGUAGES
from credit_scoring.scoring.explanation_types import Explain, Recompute
from credit_scoring.scoring.scorer import Scorer

router = APIRouter(tags=["decide"], route_class=JsonRoute, responses=problem_responses(*BODY_PROBLEMS, *KEY_PROBLEMS))
ExplainParameter = Literal["true", "false"]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="The same key within 24 hours, with the same request, answers the same decision.",
    ),
]


@router.post(
    "/predict",
    response_model_exclude_none=True,
    responses=problem_responses(GONE),
    dependencies=[MAY_PREDICT, Depends(KnownParameters(explain=get_args(ExplainParameter))), Depends(json_body)],
)
async def predict(
    request: Request,
    state: State,
    caller: MayPredict,
    application: Application,
    explain: Annotated[
        ExplainParameter | SkipJsonSchema[None],
        Query(description="Whether the answer gives reasons; the default is CREDIT_API_REASONS_BY_DEFAULT."),
    ] = None,
    accept_language: Annotated[
        str, Header(alias="Accept-Language", description="Language of the reasons: fr or en.")
    ] = "",
    idempotency_key: IdempotencyKey = None,
) -> Prediction:
    """Decide on one application; it is recorded, with its reasons if requested, before it is answered."""
    wanted = DecisionRequest.from_columns(raw_columns_of(application), caller, request.state.request_id)
    seconds = state.settings.api.request_timeout_seconds
    if len(keys := request.headers.getlist("idempotency-key")) > 1:
        raise _invalid_key(", ".join(keys), "one key")
    is_new = True
    with_reasons = explain == "true" or (explain is None and state.settings.api.reasons_by_default)
    if with_reasons or idempotency_key is not None:
        # Reasons and look-ups take longer than a decision, so they are computed beside the batcher's thread.
        explanation = _recorded_explanation if with_reasons else None
        decide = partial(_decide, state, wanted, idempotency_key, explanation, explain is None)
        record, is_new = await in_thread(state.explaining, decide, seconds)
    else:
        record = await within(state.batcher.submit(wanted), seconds)
    request.state.notes["decision_id"] = record.decision_id
    if is_new:
        _count(state.metrics, [record])
    return Prediction.from_record(record, language_of(accept_language))


@router.post(
    "/predict/batch",
    response_model_exclude_none=True,
    dependencies=[MAY_PREDICT, Depends(KnownParameters()), Depends(json_body)],
)
async def predict_batch(request: Request, state: State, caller: MayPredict, body: Applications) -> Predictions:
    """Decide on up to 1,000 applications: all are recorded and answered, in their order, or none."""
    if (key := request.headers.get("idempotency-key")) is not None:
        raise _invalid_key(key, "none: only /predict recognises repeated requests")
    wanted = [
        DecisionRequest.from_columns(raw_columns_of(one), caller, request.state.request_id) for one in body.applications
    ]
    state.rate_limit.charge(caller, len(wanted) - 1)
    records = await in_thread(
        state.batching, partial(state.decisions.make_decisions, wanted), state.settings.api.batch_timeout_seconds
    )
    request.state.notes["decisions"] = len(records)
    _count(state.metrics, records)
    return Predictions(predictions=[Prediction.from_record(record) for record in records])


def _decide(
    state: ServiceState,
    request: DecisionRequest,
    key: str | None,
    explain: Explain[JsonValue] | None,
    may_differ: bool,
) -> tuple[DecisionRecord, bool]:
    """A decision, and whether this request made it; the other possibility is an earlier one with the same key.

    Args:
        may_differ: the caller left the choice of reasons to the service: a model that has none decides without
            them, and an earlier decision is answered as it was recorded, with another default perhaps.
    """
    try:
        if key is None:
            (record,), recorded = state.begin_decisions([request], explain)
            recorded.result()
            return record, True
        record, is_new = decide_once(state.decisions, state.begin_decisions, request, key, explain)
    except UnexplainableModelError as error:
        if may_differ and explain is not None:
            return _decide(state, request, key, None, may_differ)
        allowed = f"false: {error.message}"
        raise invalid([FieldProblem(pointer="explain", given="true", allowed=allowed)]) from None
    except ErasedError:
        raise ProblemError(GONE, "The decision on the first request with this key was erased.") from None
    if record.application != request.application or ((record.reasons is None) != (explain is None) and not may_differ):
        raise _invalid_key(key, "a key that was not sent with another application or `explain` in the last 24 hours")
    return record, is_new


def _invalid_key(key: str, allowed: str) -> ProblemError:
    return invalid([FieldProblem(pointer="Idempotency-Key", given=shortened(key), allowed=allowed)])


def _recorded_explanation(
    scorer: Scorer, application: RawColumns, features: np.ndarray, recompute: Recompute
) -> JsonValue:
    """The whole explanation, as the ledger keeps it; the answer has the client's part of it."""
    dumped: JsonValue = explain_decision(scorer, application, features, recompute).model_dump(mode="json")
    return dumped


def _count(metrics: Metrics, records: Iterable[DecisionRecord]) -> None:
    """Update the metrics of recorded decisions."""
    for record in records:
        metrics.predictions.labels(record.decision.value, record.model_version).inc()
        metrics.probability.observe(record.probability)
        known = "hit" if record.history_found else "none" if record.client_id is None else "miss"
        metrics.history_lookups.labels(known).inc()
        for column in unseen_categories(record.application):
            metrics.unseen_categories.labels(column).inc()


def language_of(accepted: str | None) -> str:
    """The preferred supported language of an Accept-Language header; the first supported one by default."""
    weighted = []
    for position, part in enumerate((accepted or "").lower().split(",")):
        name, _, weight = part.partition(";q=")
        try:
            weighted.append((-float(weight or 1), position, name.strip().split("-")[0]))
        except ValueError:
            continue
    return next((name for _, _, name in sorted(weighted) if name in LANGUAGES), next(iter(LANGUAGES)))
