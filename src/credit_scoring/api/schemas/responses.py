"""What the service answers."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from credit_scoring.api.schemas.explanation import ExplanationAnswer
from credit_scoring.core.manifest import DataSource
from credit_scoring.decisions.decision_record import DecisionRecord
from credit_scoring.decisions.replay import Replay
from credit_scoring.feature_store.online import OnlineVersion
from credit_scoring.model_registry.registry import RegisteredScorer
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
    explanation: ExplanationAnswer | None = Field(
        default=None, description="Left out unless it was asked for."
    )

    @classmethod
    def from_record(cls, record: DecisionRecord, language: str = "") -> "Prediction":
        """The answer that a recorded decision gives; its reasons, if it has any, in a language."""
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
            explanation=ExplanationAnswer.from_recorded(record.reasons, language) if record.reasons else None,
        )


class Predictions(BaseModel):
    """The answers to several applications."""

    model_config = _ANSWER

    predictions: list[Prediction] = Field(description="One per application, in the order of the request.")


class RecordedDecision(DecisionRecord):
    """A decision as it stands in the ledger."""

    # What was recorded without this service may hold NaN, which is no JSON.
    model_config = ConfigDict(ser_json_inf_nan="null")


class DifferenceAnswer(BaseModel):
    """One thing that came out otherwise."""

    model_config = _ANSWER

    name: str = Field(description="A feature, or a field of the decision.")
    recorded: str
    replayed: str


class ReplayAnswer(BaseModel):
    """A decision made again."""

    model_config = _ANSWER

    decision_id: str
    is_equal: bool = Field(description="Whether every bit is the same.")
    probability_of_default: float = Field(ge=0, le=1, description="As it came out this time.")
    decision: Decision = Field(description="As it came out this time.")
    features_recomputed: bool = Field(
        description="Whether the features were computed again too; only while their version is still served."
    )
    differences: list[DifferenceAnswer] = Field(description="Empty if every bit is the same.")

    @classmethod
    def from_replay(cls, made: Replay) -> "ReplayAnswer":
        """The answer that a replay gives."""
        return cls(
            decision_id=made.record.decision_id,
            is_equal=made.is_equal,
            probability_of_default=made.probability,
            decision=made.decision,
            features_recomputed=made.features_recomputed,
            differences=[
                DifferenceAnswer(name=one.name, recorded=one.recorded, replayed=one.replayed)
                for one in made.differences
            ],
        )


class ClientHistoryAnswer(BaseModel):
    """What the store holds of a client."""

    model_config = _ANSWER

    client_id: int
    feature_version: int
    feature_date: datetime = Field(description="When the history features were published.")
    data_source: DataSource
    features: dict[str, float | None] = Field(description="History features by name; null where missing.")


class Alive(BaseModel):
    """The service is there."""

    model_config = _ANSWER

    status: Literal["alive", "ready"]


class Health(BaseModel):
    """How the service is."""

    model_config = _ANSWER

    status: Literal["healthy", "degraded"]
    version: str = Field(description="Version of the program.")
    model_version: int
    feature_version: int
    parts: dict[str, str] = Field(
        description="State of model, store, ledger, of the deciding itself, and of the keys where they are away."
    )
    spooled_decisions: int = Field(
        description="Decisions that are durable here and wait for the ledger's database."
    )


class ModelInfo(BaseModel):
    """The model in use."""

    model_config = _ANSWER

    model_name: str
    model_version: int
    alias: str = Field(description="Alias of the registry that the service follows.")
    in_use_since: datetime = Field(description="When this process took the version up.")
    trained_at: datetime
    threshold: float = Field(description="Probability at or above which an application is refused.")
    metrics: dict[str, float] = Field(
        description="Out-of-fold figures of the training; synthetic if the data is."
    )
    data_source: DataSource = Field(description="synthetic: the model learned from generated clients.")
    trained_on_feature_version: int
    served_feature_version: int
    served_feature_date: datetime
    model_hash: str
    code_version: str = Field(description="Version of the program that trained it.")

    @classmethod
    def from_registered(
        cls, registered: RegisteredScorer, alias: str, since: datetime, served: OnlineVersion
    ) -> "ModelInfo":
        """What is told of a registered Scorer."""
        description = registered.scorer.description
        return cls(
            model_name=registered.name,
            model_version=registered.version,
            alias=alias,
            in_use_since=since,
            trained_at=description.trained_at,
            threshold=description.threshold,
            metrics=description.metrics,
            data_source=description.source,
            trained_on_feature_version=description.feature_version,
            served_feature_version=served.number,
            served_feature_date=served.created_at,
            model_hash=description.model_hash,
            code_version=description.code_version,
        )
