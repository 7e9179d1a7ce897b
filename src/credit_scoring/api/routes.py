"""The service's endpoints: translate the request, delegate, translate the answer."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from credit_scoring import __version__
from credit_scoring.api.schemas import Application, Health, Prediction
from credit_scoring.decisions.deciding import DecisionService
from credit_scoring.tables.parquet import CLIENT

router = APIRouter()


def _service(request: Request) -> DecisionService:
    service: DecisionService = request.app.state.decisions
    return service


Decisions = Annotated[DecisionService, Depends(_service)]


@router.post("/predict")
def predict(application: Application, decisions: Decisions) -> Prediction:
    """Decide on one application; the decision is recorded before it is answered."""
    values = application.model_dump(exclude_none=True)
    record = decisions.decide(values, client_id=values.get(CLIENT))
    return Prediction(
        decision_id=record.decision_id,
        probability_of_default=record.probability,
        decision=record.decision,
        threshold=record.threshold,
        model_name=record.model_name,
        model_version=record.model_version,
        feature_version=record.feature_version,
        feature_date=record.feature_date,
        history_found=record.history_found,
        data_source=record.source,
    )


@router.get("/health")
def health(decisions: Decisions) -> Health:
    """Healthy once a model and a feature version are loaded."""
    return Health(
        status="healthy",
        version=__version__,
        model_version=decisions.registered.version,
        feature_version=decisions.feature_version.number,
    )
