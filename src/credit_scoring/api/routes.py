"""The service's endpoints: translate the request, delegate, translate the answer."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from credit_scoring import __version__
from credit_scoring.api.answers import Health, Prediction
from credit_scoring.api.application import Application, client_of, raw_columns_of
from credit_scoring.api.body import body_of
from credit_scoring.api.openapi import OF_A_BODY, problems, takes
from credit_scoring.api.problems import UNAVAILABLE
from credit_scoring.decisions.deciding import DecisionService

router = APIRouter()


def _service(request: Request) -> DecisionService:
    service: DecisionService = request.app.state.decisions
    return service


Decisions = Annotated[DecisionService, Depends(_service)]


@router.post("/predict", openapi_extra=takes(Application), responses=problems(*OF_A_BODY))
async def predict(
    application: Annotated[Any, Depends(body_of(Application))], decisions: Decisions
) -> Prediction:
    """Decide on one application; the decision is recorded before it is answered."""
    assert isinstance(application, BaseModel)
    values = raw_columns_of(application)
    record = await run_in_threadpool(decisions.decide, values, client_id=client_of(values), caller="http")
    return Prediction.of(record)


@router.get("/health", responses=problems(UNAVAILABLE))
def health(decisions: Decisions) -> Health:
    """Healthy once a model and a feature version are loaded."""
    return Health(
        status="healthy",
        version=__version__,
        model_version=decisions.registered.version,
        feature_version=decisions.feature_version.number,
    )
