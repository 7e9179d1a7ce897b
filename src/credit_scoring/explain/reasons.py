"""Why a decision went this way: contributions by concept, compared with those of accepted clients.

Pure: numbers in, numbers and names out; `texts` puts them into words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from credit_scoring.explain.concepts import Concept, concepts_of
from credit_scoring.explain.disclosure import DISCLOSED, shown
from credit_scoring.scoring.approved_baseline import AcceptedClients

MOST_REASONS = 5
_LEAST_SHARE = 0.02
"""A concept that carries less of what speaks for the decision is no reason for it."""

_CONCEPTS = tuple(Concept)
_IS_PROTECTED = np.array([concept.is_protected for concept in _CONCEPTS])


@dataclass(frozen=True)
class Reason:
    """One reason for a decision.

    Attributes:
        strength: log-odds by which the concept moves this client further towards the decision than it moves accepted
            clients on average; above zero.
        feature: what may be named as the strongest part of the concept; None if nothing of it can be.
        value, typical: of that feature, for the client and for the median accepted client who has one.
    """

    concept: Concept
    strength: float
    feature: str | None = None
    value: float | None = None
    typical: float | None = None


@dataclass(frozen=True)
class Grouping:
    """Which places of a feature vector belong to which concept.

    Attributes:
        names: of the features, in the order of the vector.
        places: (features,) place of each feature's concept among all concepts.
        spoken: of each concept, the places of the features that may be named.
    """

    names: tuple[str, ...]
    places: np.ndarray
    spoken: dict[Concept, np.ndarray]

    @classmethod
    def of(cls, names: Sequence[str]) -> "Grouping":
        """The grouping of features; raises ValueError for one that belongs to no concept."""
        concepts = concepts_of(names)
        spoken = {
            concept: np.array(
                [
                    place
                    for place, name in enumerate(names)
                    if concepts[place] is concept and name in DISCLOSED
                ],
                dtype=np.int64,
            )
            for concept in _CONCEPTS
            if not concept.is_protected
        }
        return cls(tuple(names), np.array([_CONCEPTS.index(concept) for concept in concepts]), spoken)

    def sums(self, contributions: np.ndarray) -> np.ndarray:
        """Contributions (features,) added up by concept, in the order in which concepts are declared."""
        return np.bincount(self.places, weights=contributions, minlength=len(_CONCEPTS))


@dataclass(frozen=True)
class Comparison:
    """A client beside accepted clients.

    Attributes:
        contributions: log-odds by concept; with the model's base value they sum to the margin.
        excess: the same less the average of accepted clients.
        withheld: part of the excess that lies in withheld concepts.
    """

    contributions: dict[Concept, float]
    excess: dict[Concept, float]
    withheld: float


def compare(grouping: Grouping, contributions: np.ndarray, accepted: AcceptedClients) -> Comparison:
    """Compare a client's contributions (features,) with those of accepted clients."""
    own = grouping.sums(contributions)
    excess = own - grouping.sums(np.array(accepted.contributions))
    return Comparison(
        contributions=dict(zip(_CONCEPTS, own.tolist(), strict=True)),
        excess=dict(zip(_CONCEPTS, excess.tolist(), strict=True)),
        withheld=float(excess[_IS_PROTECTED].sum()),
    )


def reasons_for(
    is_refused: bool,
    grouping: Grouping,
    contributions: np.ndarray,
    features: np.ndarray,
    accepted: AcceptedClients,
) -> tuple[Reason, ...]:
    """At most five reasons, the strongest first; none where nothing that may be told speaks for the decision.

    Args:
        contributions: log-odds of each feature (features,).
        features: float32 vector (features,), NaN where missing.
    """
    towards = 1.0 if is_refused else -1.0
    by_feature = towards * (contributions - np.array(accepted.contributions))
    strengths = grouping.sums(by_feature)
    strengths[_IS_PROTECTED] = 0.0
    least = _LEAST_SHARE * strengths[strengths > 0].sum()
    # Stable: of equally strong concepts the one declared first comes first.
    strongest = np.argsort(-strengths, kind="stable")[:MOST_REASONS]
    return tuple(
        _reason(
            _CONCEPTS[place], float(strengths[place]), is_refused, grouping, by_feature, features, accepted
        )
        for place in strongest
        if strengths[place] > least
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
    places = grouping.spoken[concept]
    for place in places[np.argsort(-by_feature[places], kind="stable")].tolist():
        if by_feature[place] <= 0:
            break
        name, value, typical = grouping.names[place], float(features[place]), accepted.typical[place]
        if typical is not None and _makes_sense(name, value, typical, is_refused):
            return Reason(concept, strength, name, value, typical)
    return Reason(concept, strength)


def _makes_sense(name: str, value: float, typical: float, is_refused: bool) -> bool:
    """Whether a client sees at once that the value speaks for the decision; a missing one never does."""
    if np.isnan(value):
        return False
    disclosure = DISCLOSED[name]
    own, usual = shown(disclosure.shown_as, value), shown(disclosure.shown_as, typical)
    return own != usual and (value > typical) == (disclosure.risk_rises == is_refused)
