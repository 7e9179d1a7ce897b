"""The explanation of one decision: contributions, reasons and counterfactuals, as numbers and as texts."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from credit_scoring.core.errors import UnexplainableModelError
from credit_scoring.data_contracts.application_request import RawColumns
from credit_scoring.explain.counterfactuals import Counterfactual, counterfactuals
from credit_scoring.explain.displayed_values import DISCLOSED
from credit_scoring.explain.reasons import IS_PROTECTED, Grouping, Reason, compare, reasons_for
from credit_scoring.explain.texts import LANGUAGES
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.scoring.explanation_types import Recompute
from credit_scoring.scoring.model_family import NO_REASONS
from credit_scoring.scoring.scorer import Decision, Scorer

_grouping = cache(Grouping.from_names)


class _Recorded(BaseModel):
    """Part of a recorded explanation: the aliases are its names in the ledger, which must not change."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, serialize_by_alias=True)


class ConceptShare(_Recorded):
    """What one concept adds to the log-odds of default.

    Attributes:
        contribution: with those of all concepts and the base value it sums to the margin.
        excess: contribution minus the average of accepted clients.
        protected: whether it must not be given as a reason.
    """

    concept: Concept
    contribution: float
    excess: float
    protected: bool = Field(alias="withheld")


class ExplainedReason(_Recorded):
    """A `reasons.Reason`, and the probability of default if the concept were as for accepted clients.

    A record without `unknown` and `feature` is older: its sentence cited no value.
    """

    concept: Concept
    strength: float
    feature: str | None
    value: float | None
    typical: float | None
    unknown: str | None = None
    probability_without: float


class CounterfactualOffer(_Recorded):
    """A verified counterfactual: the changed raw columns with which the application is accepted."""

    kind: str
    changes: dict[str, float]
    probability: float


class LocalisedText(_Recorded):
    """What a client may read, in one language."""

    reasons: tuple[str, ...]
    offers: tuple[str, ...]


class Explanation(_Recorded):
    """Why a decision was made.

    Attributes:
        margin, base: log-odds before calibration, and the average output of the model.
        concepts: every concept, the largest contribution first; for officers.
        protected_excess: log-odds by which protected concepts distinguish this client from accepted ones; for officers.
        protected_decides: whether the decision changes without the protected excess; then a person must decide.
        offers: changes of the application that would be accepted; empty for an accepted client.
        texts: by language code.
    """

    margin: float
    base: float
    probability: float
    threshold: float
    decision: Decision
    concepts: tuple[ConceptShare, ...]
    protected_excess: float = Field(alias="withheld_excess")
    protected_decides: bool = Field(alias="withheld_decides")
    reasons: tuple[ExplainedReason, ...]
    offers: tuple[CounterfactualOffer, ...]
    texts: dict[str, LocalisedText] = Field(alias="words")


def explain(scorer: Scorer, application: RawColumns, features: np.ndarray, recompute: Recompute) -> Explanation:
    """Explain the decision on one application; equal inputs give equal explanations.

    Args:
        application: raw columns as received.
        features: float32 vector (features,) of the decision.
        recompute: computes the vectors of changed applications.

    Raises:
        UnexplainableModelError: the model family has no exact contributions, or the Scorer has no baseline.
    """
    baseline = scorer.accepted
    if baseline is None:
        raise UnexplainableModelError(
            f"The {scorer.model.family} model has no averages of accepted clients to compare a client with.",
            "Choose a model version whose family gives exact contributions, or train again.",
            public=NO_REASONS,
        )
    contributions = scorer.model.contributions(features.reshape(1, -1))[0]
    margin = float(contributions.sum())
    calibration, threshold = scorer.description.calibration, scorer.description.threshold

    def probability_at(log_odds: float) -> float:
        return float(calibration.probability(np.array([log_odds]))[0])

    # The decision uses the model's own sum, which may differ from that of the contributions in the last bits.
    probability = probability_at(float(scorer.margin(features.reshape(1, -1))[0]))
    decision = scorer.decision_for(probability)
    grouping = _grouping(scorer.description.feature_names)
    by_concept, excess = compare(grouping, contributions[:-1], baseline)
    protected_excess = float(excess[IS_PROTECTED].sum())
    is_refused = decision is Decision.REFUSED
    reasons = reasons_for(is_refused, grouping, contributions[:-1], features, baseline)
    sign = 1.0 if is_refused else -1.0
    offers = _offers(scorer, application, reasons, recompute) if is_refused else ()
    shares = [
        ConceptShare(concept=concept, contribution=own, excess=more, protected=concept.is_protected)
        for concept, own, more in zip(Concept, by_concept.tolist(), excess.tolist(), strict=True)
    ]
    return Explanation(
        margin=margin,
        base=float(contributions[-1]),
        probability=probability,
        threshold=threshold,
        decision=decision,
        concepts=tuple(sorted(shares, key=lambda share: -abs(share.contribution))),
        protected_excess=protected_excess,
        protected_decides=scorer.decision_for(probability_at(margin - protected_excess)) is not decision,
        reasons=tuple(
            ExplainedReason(**vars(reason), probability_without=probability_at(margin - sign * reason.strength))
            for reason in reasons
        ),
        offers=tuple(
            CounterfactualOffer(
                kind=offer.candidate.kind, changes=offer.candidate.changes, probability=offer.probability
            )
            for offer in offers
        ),
        texts={code: _text(code, decision, reasons, offers) for code in LANGUAGES},
    )


def _offers(
    scorer: Scorer, application: RawColumns, reasons: Sequence[Reason], recompute: Recompute
) -> tuple[Counterfactual, ...]:
    if recompute([application]) is None:
        return ()

    def probabilities_of(applications: Sequence[RawColumns]) -> np.ndarray:
        vectors = recompute(applications)
        if vectors is None:  # another feature version has been published meanwhile
            return np.ones(len(applications))
        probabilities = scorer.description.calibration.probability(scorer.margin(vectors))
        probabilities[_worsens_a_reason(scorer.description.feature_names, vectors, reasons)] = 1.0
        return probabilities

    return counterfactuals(application, probabilities_of, scorer.description.threshold)


def _worsens_a_reason(names: Sequence[str], vectors: np.ndarray, reasons: Sequence[Reason]) -> np.ndarray:
    """Whether a vector moves a cited value further to its adverse side, (n,)."""
    worse = np.zeros(len(vectors), dtype=bool)
    for reason in reasons:
        if reason.feature is not None and reason.value is not None:
            sign = 1.0 if DISCLOSED[reason.feature].risk_rises else -1.0
            worse |= sign * (vectors[:, names.index(reason.feature)] - reason.value) > 0
    return worse


def _text(code: str, decision: Decision, reasons: Sequence[Reason], offers: Sequence[Counterfactual]) -> LocalisedText:
    language = LANGUAGES[code]
    sentences = tuple(language.reason(reason) for reason in reasons)
    offered = tuple(language.counterfactual(offer.candidate) for offer in offers)
    if decision is Decision.REFUSED and not offered:
        offered = (language.no_offer,)
    return LocalisedText(reasons=sentences or (language.no_reason[decision],), offers=offered)
