"""What is declared about features for readers: their concepts, and which values a client may read, rounded how."""

from collections.abc import Mapping, Sequence

from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import DAYS_PER_YEAR, Disclosure, DisplayUnit
from credit_scoring.feature_engineering.feature_table import feature_table

_DECIMALS = dict(amount=0, share=2, times=1, years=0, days_in_years=1, days=0, count=1, score=2, rate=3)
"""Of a number in each `DisplayUnit`, after its conversion."""

DISCLOSED: Mapping[str, Disclosure] = {
    name: declared.disclosure for name, declared in feature_table().items() if declared.disclosure
}
"""The features with a phrase in every language."""


def shown(unit: DisplayUnit, value: float) -> float:
    """A stored number as it is shown: converted and rounded; numbers that look the same are the same."""
    converted = abs(value) / DAYS_PER_YEAR if unit == "days_in_years" else value
    return round(converted, _DECIMALS[unit]) + 0.0


def concepts_of(features: Sequence[str]) -> tuple[Concept, ...]:
    """The concept of each feature of a model; `MIXED` for one that an older model has and nothing declares any more."""
    table = feature_table()
    return tuple(table[name].concept if name in table else Concept.MIXED for name in features)
