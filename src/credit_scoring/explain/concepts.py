"""The concept of a feature by its name.

Concepts are declared with the features; see `feature_engineering.concepts`.
"""

from collections.abc import Sequence

from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.feature_table import feature_table


def concept_of(feature: str) -> Concept:
    """The declared concept of a feature.

    Raises:
        ValueError: no feature of this name is declared.
    """
    declared = feature_table().get(feature)
    if declared is None:
        raise ValueError(f"no feature is called {feature}, so it has no concept")
    return declared.concept


def concepts_of(features: Sequence[str]) -> tuple[Concept, ...]:
    """The concept of each feature of a model; `MIXED` for one that an older model has and nothing declares any more."""
    table = feature_table()
    return tuple(table[name].concept if name in table else Concept.MIXED for name in features)
