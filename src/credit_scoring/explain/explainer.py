"""One decision explained: exact contributions, reasons, and what could change the answer, in numbers and in words."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from pydantic import BaseModel, ConfigDict

from credit_scoring.core.errors import UnexplainableModelError
from credit_scoring.data_contracts.application_request import RawColumns
from credit_scoring.explain.concepts import Concept
from credit_scoring.explain.counterfactuals import Counterfactual, counterfactuals
from credit_scoring.explain.reasons import Grouping, Reason, compare, reasons_for
from credit_scoring.explain.texts import LANGUAGES
from credit_scoring.scoring.approved_baseline import AcceptedClients
from credit_scoring.scoring.explanation_types import Recompute
from credit_scoring.scoring.scorer import Decision, Scorer

_FROZEN = ConfigDict(frozen=True, extra="forbid")
_grouping = cache(Grouping.of)


class ConceptShare(BaseModel):
    """What one concept adds to the log-odds of default.

    Attributes:
        contribution: with those of all concepts and the base value it sums to the margin.
        excess: the same less the average of accepted clients.
        withheld: whether it may not be given as a reason.
    """

    model_config = _FROZEN

    concept: Concept
    contribution: float
    excess: float
    withheld: bool


class ExplainedReason(BaseModel):
    """A reason as `reasons.Reason`, and the probability of default if the concept were as for accepted clients."""

    model_config = _FROZEN

    concept: Concept
    strength: float
    feature: str | None
    value: float | None
    typical: float | None
    probability_without: float


class Offer(BaseModel):
    """A verified counterfactual: raw columns with the values that are accepted."""

    model_config = _FROZEN

    kind: str
    changes: dict[str, float]
    probability: float


class Words(BaseModel):
    """What a client may read, in one language."""

    model_config = _FROZEN

    reasons: tuple[str, ...]
    offers: tuple[str, ...]


class Explanation(BaseModel):
    """Why a decision went this way.

    Attributes:
        margin, base: log-odds before calibration, and what the model says of nobody in particular.
        concepts: every concept, the largest contribution first; for officers.
        withheld_excess: log-odds by which withheld concepts set this client apart from accepted ones; for officers.
        withheld_decides: whether the decision turns if the withheld excess is taken away: a person must decide then.
        offers: changes of the application that are accepted; none for a client who is accepted anyway.
        words: by language code.
    """

    model_config = _FROZEN

    margin: float
    base: float
    probability: float
    threshold: float
    decision: Decision
    concepts: tuple[ConceptShare, ...]
    withheld_excess: float
    withheld_decides: bool
    reasons: tuple[ExplainedReason, ...]
    offers: tuple[Offer, ...]
    words: dict[str, Words]


def explain(
    scorer: Scorer, application: RawColumns, features: np.ndarray, recompute: Recompute
) -> Explanation:
    """Explain the decision on one application; the same inputs give the same explanation.

    Args:
        application: raw columns as received.
        features: float32 vector (features,) that the decision was made from.
        recompute: gives vectors of changed applications.

    Raises:
        UnexplainableModelError: the family gives no exact contributions, or the Scorer has no averages to compare with.
    """
    accepted = _averages(scorer)
    contributions = scorer.model.contributions(features.reshape(1, -1))[0]
    margin = float(contributions.sum())
    calibration, threshold = scorer.description.calibration, scorer.description.threshold

    def probability_at(log_odds: float) -> float:
        return float(calibration.probability(np.array([log_odds]))[0])

    # The model's own sum, to the last bit, decides; contributions only say what it is made of.
    probability = probability_at(float(scorer.margin(features.reshape(1, -1))[0]))
    decision = scorer.decision_for(probability)
    grouping = _grouping(scorer.description.feature_names)
    comparison = compare(grouping, contributions[:-1], accepted)
    is_refused = decision is Decision.REFUSED
    reasons = reasons_for(is_refused, grouping, contributions[:-1], features, accepted)
    towards = 1.0 if is_refused else -1.0
    offers = _offers(scorer, application, recompute) if is_refused else ()
    shares = [
        ConceptShare(
            concept=concept,
            contribution=contribution,
            excess=comparison.excess[concept],
            withheld=concept.is_protected,
        )
        for concept, contribution in comparison.contributions.items()
    ]
    return Explanation(
        margin=margin,
        base=float(contributions[-1]),
        probability=probability,
        threshold=threshold,
        decision=decision,
        concepts=tuple(sorted(shares, key=lambda share: -abs(share.contribution))),
        withheld_excess=comparison.withheld,
        withheld_decides=scorer.decision_for(probability_at(margin - comparison.withheld)) is not decision,
        reasons=tuple(
            ExplainedReason(
                **vars(reason), probability_without=probability_at(margin - towards * reason.strength)
            )
            for reason in reasons
        ),
        offers=tuple(_offer(offer) for offer in offers),
        words={code: _words(code, decision, reasons, offers) for code in LANGUAGES},
    )


def _averages(scorer: Scorer) -> AcceptedClients:
    if scorer.accepted is None:
        raise UnexplainableModelError(
            f"The {scorer.model.family} model has no averages of accepted clients to compare a client with.",
            "Choose a model version whose family gives exact contributions, or train again.",
        )
    return scorer.accepted


def _offers(scorer: Scorer, application: RawColumns, recompute: Recompute) -> tuple[Counterfactual, ...]:
    if recompute([application]) is None:
        return ()

    def probabilities_of(applications: Sequence[RawColumns]) -> np.ndarray:
        vectors = recompute(applications)
        if vectors is None:  # another feature version is served since a moment ago
            return np.ones(len(applications))
        return scorer.description.calibration.probability(scorer.margin(vectors))

    return counterfactuals(application, probabilities_of, scorer.description.threshold)


def _offer(found: Counterfactual) -> Offer:
    return Offer(
        kind=found.kind,
        changes={change.column: float(change.after or 0) for change in found.changes},
        probability=found.probability,
    )


def _words(
    code: str, decision: Decision, reasons: Sequence[Reason], offers: Sequence[Counterfactual]
) -> Words:
    language = LANGUAGES[code]
    sentences = tuple(language.reason(reason, decision) for reason in reasons)
    offered = tuple(language.counterfactual(offer) for offer in offers)
    if decision is Decision.REFUSED and not offered:
        offered = (language.no_offer,)
    return Words(reasons=sentences or (language.no_reason[decision],), offers=offered)
