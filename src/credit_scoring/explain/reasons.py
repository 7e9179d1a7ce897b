"""The reasons for a decision: contributions by concept, compared with those of accepted clients.

Pure: numbers in, numbers and names out; `texts` writes the sentences. A reason cites a value of the client that really
lies on the side of the decision, or says what is not known about the client; anything else is not given as a reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from credit_scoring.explain.displayed_values import DISCLOSED, concepts_of, shown
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.feature_table import feature_table
from credit_scoring.scoring.approved_baseline import AcceptedClients

MAX_REASONS = 5
MIN_SHARE = 0.02
"""Smallest share of all contributions towards the decision that makes a concept a reason."""

_CONCEPTS = tuple(Concept)
IS_PROTECTED = np.array([concept.is_protected for concept in _CONCEPTS])

ROW_COUNTS: Mapping[str, str] = {
    "bureau": "bureau_count",
    "bureau_balance": "bureau_balance_count",
    "previous_application": "previous_count",
    "installments_payments": "installments_count",
    "POS_CASH_balance": "pos_count",
    "credit_card_balance": "card_count",
}
"""The feature that counts a client's rows in a history table."""

_HISTORY_OF_SOURCE: Mapping[str, tuple[str, ...]] = {
    **{table: (table,) for table in ROW_COUNTS},
    "application and bureau": ("bureau",),
    "application and earlier loans with us": ("previous_application",),
    "application and all history tables": tuple(ROW_COUNTS),
}
"""The history tables that a feature summarises, by its source; features of the application have none."""

_ENQUIRIES = tuple(f"app_amt_req_credit_bureau_{period}" for period in ("hour", "day", "week", "mon", "qrt", "year"))

UNKNOWN_OF_APPLICATION = (Concept.EXTERNAL_SCORES.value, Concept.ENQUIRIES.value)
UNKNOWN = (*ROW_COUNTS, *UNKNOWN_OF_APPLICATION)
"""What may be unknown about a client: the rows of a history table, an external score, enquiries."""


@dataclass(frozen=True)
class Reason:
    """One reason for a decision.

    Attributes:
        strength: log-odds by which the concept moves this client further towards the decision than it moves accepted
            clients on average; positive.
        feature: the strongest feature of the concept that the client's file supports.
        value, typical: of that feature, for the client and for the median accepted client who has one; None if
            something is unknown.
        unknown: what is not known about the client, one of `UNKNOWN`; None if a value is cited.
    """

    concept: Concept
    strength: float
    feature: str | None = None
    value: float | None = None
    typical: float | None = None
    unknown: str | None = None


@dataclass(frozen=True)
class Grouping:
    """The concept of each feature of a vector.

    Attributes:
        names: of the features, in the order of the vector.
        concept_indices: (features,) index of each feature's concept in the order of declaration.
        disclosed: by disclosed concept, the indices of the features that may be cited.
        row_counts: by history table, the index of the feature that counts its rows.
        enquiries: indices of the numbers of enquiries.
    """

    names: tuple[str, ...]
    concept_indices: np.ndarray
    disclosed: dict[Concept, np.ndarray]
    row_counts: dict[str, int]
    enquiries: tuple[int, ...]

    @classmethod
    def from_names(cls, names: Sequence[str]) -> "Grouping":
        """The grouping of features."""
        concepts = concepts_of(names)
        index_of = {name: index for index, name in enumerate(names)}
        disclosed = {
            concept: np.array(
                [index for index, name in enumerate(names) if concepts[index] is concept and name in DISCLOSED],
                dtype=np.int64,
            )
            for concept in _CONCEPTS
            if not concept.is_protected
        }
        return cls(
            names=tuple(names),
            concept_indices=np.array([_CONCEPTS.index(concept) for concept in concepts]),
            disclosed=disclosed,
            row_counts={table: index_of[name] for table, name in ROW_COUNTS.items() if name in index_of},
            enquiries=tuple(index_of[name] for name in _ENQUIRIES if name in index_of),
        )

    def sums(self, contributions: np.ndarray) -> np.ndarray:
        """Sums (concepts,) of contributions (features,), in the order in which concepts are declared."""
        return np.bincount(self.concept_indices, weights=contributions, minlength=len(_CONCEPTS))

    def unknown_behind(self, index: int, features: np.ndarray) -> str | None:
        """What is unknown about the client, if that determines the value of a feature; one of `UNKNOWN` or a source."""
        source, concept, _ = feature_table()[self.names[index]]
        tables = _HISTORY_OF_SOURCE.get(source, ())
        counts = [self.row_counts[table] for table in tables if table in self.row_counts]
        # NaN counts are those of vectors without history.
        if counts and not any(features[count] > 0 for count in counts):
            return source
        if concept is Concept.ENQUIRIES and np.isnan(features[list(self.enquiries)]).any():
            return concept.value
        if concept is Concept.EXTERNAL_SCORES and np.isnan(features[index]):
            return concept.value
        return None


def compare(grouping: Grouping, contributions: np.ndarray, accepted: AcceptedClients) -> tuple[np.ndarray, np.ndarray]:
    """Log-odds by concept from contributions (features,), and their excess over those of accepted clients.

    Both are (concepts,), in the order of declaration; with the model's base value the former sum to the margin.
    """
    own = grouping.sums(contributions)
    return own, own - grouping.sums(np.array(accepted.contributions))


def reasons_for(
    is_refused: bool, grouping: Grouping, contributions: np.ndarray, features: np.ndarray, accepted: AcceptedClients
) -> tuple[Reason, ...]:
    """At most five reasons, the strongest first; none if the file supports no disclosed concept.

    Args:
        contributions: log-odds of each feature (features,).
        features: float32 vector (features,), NaN where missing.
    """
    sign = 1.0 if is_refused else -1.0
    by_feature = sign * (contributions - np.array(accepted.contributions))
    strengths = grouping.sums(by_feature)
    strengths[IS_PROTECTED] = 0.0
    minimum = MIN_SHARE * strengths[strengths > 0].sum()
    found: list[Reason] = []
    # A stable sort keeps equally strong concepts in the order of declaration.
    for index in np.argsort(-strengths, kind="stable").tolist():
        if strengths[index] <= minimum or len(found) == MAX_REASONS:
            break
        candidates = _supported(
            _CONCEPTS[index], strengths[index], is_refused, grouping, by_feature, features, accepted
        )
        said = {reason.unknown for reason in found} - {None}
        found += [reason for reason in candidates if reason.unknown not in said][:1]
    return tuple(found)


def _supported(
    concept: Concept,
    strength: float,
    is_refused: bool,
    grouping: Grouping,
    by_feature: np.ndarray,
    features: np.ndarray,
    accepted: AcceptedClients,
) -> Iterator[Reason]:
    """What the client's file supports of a concept, by the contribution of the feature behind it."""
    indices = grouping.disclosed[concept]
    for index in indices[np.argsort(-by_feature[indices], kind="stable")].tolist():
        if by_feature[index] <= 0:
            break
        name, value, typical = grouping.names[index], float(features[index]), accepted.typical[index]
        unknown = grouping.unknown_behind(index, features)
        if unknown is not None:
            # What is unknown explains a refusal only; an acceptance cites what is known.
            if is_refused and unknown in UNKNOWN:
                yield Reason(concept, strength, name, unknown=unknown)
        elif typical is not None and _supports_decision(name, value, typical, is_refused):
            yield Reason(concept, strength, name, value, typical)


def _supports_decision(name: str, value: float, typical: float, is_refused: bool) -> bool:
    """Whether the displayed value lies visibly on the side of the decision; a missing one does not."""
    if np.isnan(value):
        return False
    disclosure = DISCLOSED[name]
    own, usual = shown(disclosure.shown_as, value), shown(disclosure.shown_as, typical)
    return own != usual and (value > typical) == (disclosure.risk_rises == is_refused)
