"""The parts of the service's answers that the smoke test looks at; docs/openapi.json has the whole ones."""

from datetime import datetime

from pydantic import BaseModel


class HealthAnswer(BaseModel):
    """Of `/health`."""

    status: str
    version: str
    model_version: int
    feature_version: int
    parts: dict[str, str]


class ReadyAnswer(BaseModel):
    """Of `/health/ready`."""

    status: str


class ExplanationPart(BaseModel):
    """The reasons of a decision."""

    reasons: list[str]


class PredictionAnswer(BaseModel):
    """Of `/predict`."""

    decision_id: str
    probability_of_default: float
    decision: str
    threshold: float
    model_version: int
    feature_version: int
    explanation: ExplanationPart | None = None


class ModelInfoAnswer(BaseModel):
    """Of `/model-info`."""

    model_version: int
    alias: str | None
    trained_at: datetime
    data_source: str


class DifferencePart(BaseModel):
    """A value that a replay did not reproduce."""

    name: str


class ReplayAnswer(BaseModel):
    """Of `/decisions/{id}/replay`."""

    is_equal: bool
    differences: list[DifferencePart]


class FieldPart(BaseModel):
    """An invalid field."""

    pointer: str


class ProblemAnswer(BaseModel):
    """Of a request that was rejected."""

    detail: str
    errors: list[FieldPart] = []
