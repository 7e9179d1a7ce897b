"""What the service answers."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from credit_scoring.core.manifest import DataSource
from credit_scoring.decisions.record import DecisionRecord
from credit_scoring.scoring.scorer import Decision

_ANSWER = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())


class Prediction(BaseModel):
    """The answer to one application."""

    model_config = _ANSWER

    decision_id: str = Field(description="Under this id the decision stands in the ledger.")
    probability_of_default: float = Field(ge=0, le=1, description="Calibrated probability of default.")
    decision: Decision = Field(description="accepted below the threshold, refused at or above it.")
    threshold: float = Field(description="Probability at or above which an application is refused.")
    model_name: str = Field(description="Name in the model registry.")
    model_version: int = Field(description="Version of the model that decided.")
    feature_version: int = Field(description="Version of the features that were served.")
    feature_date: datetime = Field(description="When the history features were published.")
    history_found: bool = Field(
        description="Whether the store knew the client's past loans; if not, the applicant was scored as new."
    )
    data_source: DataSource = Field(description="synthetic: the model learned from generated clients.")

    @classmethod
    def of(cls, record: DecisionRecord) -> "Prediction":
        """The answer that a recorded decision gives."""
        return cls.model_construct(
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


class Health(BaseModel):
    """Whether the service can answer."""

    model_config = _ANSWER

    status: str
    version: str
    model_version: int
    feature_version: int
