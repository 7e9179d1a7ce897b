"""The reasons for a decision: contributions by concept, compared with those of accepted clients.

Pure: numbers in, numbers and names out; `texts` writes the sentences.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from credit_scoring.explain.concepts import concepts_of
from credit_scoring.explain.disclosure import DISCLOSED, shown
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.scoring.approved_baseline import AcceptedClients

MAX_REASONS = 5
_MIN_SHARE = 0.02
"""Smallest share of all contributions towards the decision that makes a concept a reason."""

_CONCEPTS = tuple(Concept)
_IS_PROTECTED = np.array([concept.is_protected for concept in _CONCEPTS])


@dataclass(frozen=True)
class Reason:
    """One reason for a decision.

    Attributes:
        strength: log-odds by which the concept moves this client further towards the decision than it moves accepted
            clients on average; positive.
        feature: the strongest feature of the concept that may be cited; None if there is none.
        value, typical: of that feature, for the client and for the median accepted client who has one.
    """

    concept: Concept
    strength: float
    feature: str | None = None
    value: float | None = None
    typical: float | None = None


@dataclass(frozen=True)
class Grouping:
    """The concept of each feature of a vector.

    Attributes:
        names: of the features, in the order of the vector.
        concept_indices: (features,) index of each feature's concept in the order of declaration.
        disclosed: by disclosed concept, the indices of the features that may be cited.
    """

    names: tuple[str, ...]
    concept_indices: np.ndarray
    disclosed: dict[Concept, np.ndarray]

    @classmethod
    def from_names(cls, names: Sequence[str]) -> "Grouping":
        """The grouping of features; raises ValueError for one that is not declared."""
        concepts = concepts_of(names)
        disclosed = {
            concept: np.array(
                [index for index, name in enumerate(names) if concepts[index] is concept and name in DISCLOSED],
                dtype=np.int64,
            )
            for concept in _CONCEPTS
            if not concept.is_protected
        }
        return cls(tuple(names), np.array([_CONCEPTS.index(concept) for concept in concepts]), disclosed)

    def sums(self, contributions: np.ndarray) -> np.ndarray:
        """Sums (concepts,) of contributions (features,), in the order in which concepts are declared."""
        return np.bincount(self.concept_indices, weights=contributions, minlength=len(_CONCEPTS))


@dataclass(frozen=True)
class ReasonComparison:
    """A client compared with accepted clients.

    Attributes:
        contributions: log-odds by concept; with the model's base value they sum to the margin.
        excess: contributions minus the average of accepted clients.
        protected_excess: the excess of all protected concepts.
    """

    contributions: dict[Concept, float]
    excess: dict[Concept, float]
    protected_excess: float


def compare(grouping: Grouping, contributions: np.ndarray, accepted: AcceptedClients) -> ReasonComparison:
    """Compare a client's contributions (features,) with those of accepted clients."""
    own = grouping.sums(contributions)
    excess = own - grouping.sums(np.array(accepted.contributions))
    return ReasonComparison(
        contributions=dict(zip(_CONCEPTS, own.tolist(), strict=True)),
        excess=dict(zip(_CONCEPTS, excess.tolist(), strict=True)),
        protected_excess=float(excess[_IS_PROTECTED].sum()),
    )


def reasons_for(
    is_refused: bool, grouping: Grouping, contributions: np.ndarray, features: np.ndarray, accepted: AcceptedClients
) -> tuple[Reason, ...]:
    """At most five reasons, the strongest first; none if no disclosed concept moves the client towards the decision.

    Args:
        contributions: log-odds of each feature (features,).
        features: float32 vector (features,), NaN where missing.
    """
    sign = 1.0 if is_refused else -1.0
    by_feature = sign * (contributions - np.array(accepted.contributions))
    strengths = grouping.sums(by_feature)
    strengths[_IS_PROTECTED] = 0.0
    minimum = _MIN_SHARE * strengths[strengths > 0].sum()
    # A stable sort keeps equally strong concepts in the order of declaration.
    strongest = np.argsort(-strengths, kind="stable")[:MAX_REASONS]
    return tuple(
        _reason(_CONCEPTS[index], float(strengths[index]), is_refused, grouping, by_feature, features, accepted)
        for index in strongest
        if strengths[index] > minimum
    )


def _reason(
    concept: Concept,
    strength: float,
    is_refused: bool,
    grouping: Grouping,
    by_feature: np.ndarray,
    features: np.ndarray,
    accepted: AcceptedClients,
) -> Reason:
    indices = grouping.disclosed[concept]
    for index in indices[np.argsort(-by_feature[indices], kind="stable")].tolist():
        if by_feature[index] <= 0:
            break
        name, value, typical = grouping.names[index], float(features[index]), accepted.typical[index]
        if typical is not None and _supports_decision(name, value, typical, is_refused):
            return Reason(concept, strength, name, value, typical)
    return Reason(concept, strength)


def _supports_decision(name: str, value: float, typical: float, is_refused: bool) -> bool:
    """Whether the displayed value visibly supports the decision; a missing one does not."""
    if np.isnan(value):
        return False
    disclosure = DISCLOSED[name]
    own, usual = shown(disclosure.shown_as, value), shown(disclosure.shown_as, typical)
    return own != usual and (value > typical) == (disclosure.risk_rises == is_refused)
