"""Reasons in an answer: the ledger keeps the whole explanation, the answer has the client's part of it."""

import json
from collections.abc import Sequence

import numpy as np
from pydantic import Field, JsonValue

from credit_scoring.api.schemas import Answer
from credit_scoring.data_contracts.application_request import RawColumns
from credit_scoring.explain.explainer import Explanation, explain
from credit_scoring.explain.texts import LANGUAGES
from credit_scoring.scoring.explanation_types import Recompute
from credit_scoring.scoring.scorer import Scorer


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


def recorded_explanation(
    scorer: Scorer, application: RawColumns, features: np.ndarray, recompute: Recompute
) -> JsonValue:
    """The whole explanation, as the ledger keeps it; raises UnexplainableModelError if the model has none."""
    dumped: JsonValue = explain(scorer, application, features, recompute).model_dump(mode="json")
    return dumped


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
