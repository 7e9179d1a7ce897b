"""Response models."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import ConfigDict, Field, JsonValue

from credit_scoring.api.schemas import Answer
from credit_scoring.core.manifest import DataSource
from credit_scoring.decisions.decision_record import DecisionRecord
from credit_scoring.decisions.replay import Replay
from credit_scoring.explain.explainer import Explanation
from credit_scoring.feature_store.online import OnlineVersion
from credit_scoring.model_registry.registry import Deployment, RegisteredScorer
from credit_scoring.scoring.scorer import Decision


class ExplanationAnswer(Answer):
    """Reasons of a decision in a client's language."""

    language: str = Field(description="Language code, chosen by Accept-Language.")
    reasons: Sequence[str] = Field(description="At most five, strongest first.")
    offers: Sequence[str] = Field(description="Changes of the request that would be accepted; each was tested.")
    person_must_decide: bool = Field(
        description="Whether the decision would differ without what may not be given as a reason."
    )

    @classmethod
    def from_recorded(cls, recorded: JsonValue, language: str) -> "ExplanationAnswer":
        """The client's part of a recorded explanation."""
        explanation = Explanation.model_validate_json(json.dumps(recorded))
        texts = explanation.texts[language]
        return cls(
            language=language,
            reasons=texts.reasons,
            offers=texts.offers,
            person_must_decide=explanation.protected_decides,
        )


class Prediction(Answer):
    """The answer to one application."""

    decision_id: str = Field(description="Id of the decision in the ledger.")
    probability_of_default: float = Field(ge=0, le=1, description="Calibrated probability of default.")
    decision: Decision = Field(description="accepted below the threshold, refused at or above it.")
    threshold: float = Field(description="Probability at or above which an application is refused.")
    model_name: str = Field(description="Name in the model registry.")
    model_version: int = Field(description="Version of the model that decided.")
    feature_version: int = Field(description="Version of the features that were served.")
    feature_date: datetime = Field(description="When the history features were published.")
    history_found: bool = Field(
        description="Whether the store has the client's history; if not, the applicant was scored as new."
    )
    data_source: DataSource = Field(description="synthetic: the model was trained on synthetic clients.")
    explanation: ExplanationAnswer | None = Field(
        default=None, description="Present if the request has explain=true, or by default."
    )

    @classmethod
    def from_record(cls, record: DecisionRecord, language: str = "") -> "Prediction":
        """The answer of a recorded decision, with its recorded reasons in a language."""
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


class Predictions(Answer):
    """The answers to several applications."""

    predictions: list[Prediction] = Field(description="One per application, in the order of the request.")


class RecordedDecision(DecisionRecord):
    """A decision as recorded in the ledger."""

    # Decisions recorded by other callers may contain NaN, which JSON lacks.
    model_config = ConfigDict(ser_json_inf_nan="null")


class DifferenceAnswer(Answer):
    """One difference between a decision and its replay."""

    name: str = Field(description="A feature, or a field of the decision.")
    recorded: str
    replayed: str


class ReplayAnswer(Answer):
    """A replayed decision."""

    decision_id: str
    is_equal: bool = Field(description="Whether the replay is bit-identical.")
    probability_of_default: float = Field(ge=0, le=1, description="Result of the replay.")
    decision: Decision = Field(description="Result of the replay.")
    features_recomputed: bool = Field(
        description="Whether the features were recomputed too; only while their version is still served."
    )
    differences: list[DifferenceAnswer] = Field(description="Empty if the replay is bit-identical.")

    @classmethod
    def from_replay(cls, replayed: Replay) -> "ReplayAnswer":
        """The answer of a replay."""
        return cls(
            decision_id=replayed.record.decision_id,
            is_equal=replayed.is_equal,
            probability_of_default=replayed.probability,
            decision=replayed.decision,
            features_recomputed=replayed.features_recomputed,
            differences=[DifferenceAnswer(**vars(one)) for one in replayed.differences],
        )


class ClientHistoryAnswer(Answer):
    """The stored history of a client."""

    client_id: int
    feature_version: int
    feature_date: datetime = Field(description="When the history features were published.")
    data_source: DataSource
    features: dict[str, float | None] = Field(description="History features by name; null where missing.")


class Alive(Answer):
    """The service is alive, or ready."""

    status: Literal["alive", "ready"]


class Health(Answer):
    """State of the service."""

    status: Literal["healthy", "degraded", "unhealthy"]
    version: str = Field(description="Version of the program.")
    model_version: int
    feature_version: int
    parts: dict[str, str] = Field(
        description="State of model, store, ledger, decision thread, and of the keys while they cannot be refreshed."
    )
    spooled_decisions: int = Field(
        description="Decisions spooled on the local disk until the ledger's database is available."
    )


class ModelInfo(Answer):
    """The model in use."""

    model_name: str
    model_version: int
    alias: str | None = Field(
        description="Alias of the registry that points to the version; null while it points to another one."
    )
    deployed_at: datetime | None = Field(
        description="When the alias was moved to the version; the same on every replica."
    )
    in_use_since: datetime = Field(description="When this process started to use the version.")
    trained_at: datetime
    threshold: float = Field(description="Probability at or above which an application is refused.")
    metrics: dict[str, float] = Field(description="Out-of-fold metrics of the training; synthetic if the data is.")
    data_source: DataSource = Field(description="synthetic: the model was trained on synthetic clients.")
    trained_on_feature_version: int
    served_feature_version: int
    served_feature_date: datetime
    model_hash: str
    code_version: str = Field(description="Version of the program that trained it.")

    @classmethod
    def from_registered(
        cls, registered: RegisteredScorer, deployment: Deployment | None, since: datetime, served: OnlineVersion
    ) -> "ModelInfo":
        """Information about a registered Scorer, and what its alias was found to point to last."""
        description = registered.scorer.description
        current = deployment if deployment and deployment.version == registered.version else None
        return cls(
            model_name=registered.name,
            model_version=registered.version,
            alias=current and current.alias,
            deployed_at=current and current.at,
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
