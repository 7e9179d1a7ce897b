"""The concept of a feature by its name, and the legal basis of the protected concepts.

Concepts are declared with the features; see `feature_engineering.concepts`.
"""

from collections.abc import Sequence

from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.feature_table import feature_table

__all__ = ["WITHHELD", "Concept", "concept_of", "concepts_of"]

WITHHELD: dict[Concept, str] = {
    Concept.GENDER: "Sex. French penal code art. 225-1; Directive 2004/113/EC; Charter of Fundamental Rights art. 21.",
    Concept.AGE: "Age. French penal code art. 225-1; Charter art. 21.",
    Concept.FAMILY: "Family situation: marriage, children, household, company. French penal code art. 225-1.",
    Concept.RESIDENCE: "Place of residence: region, its grade, addresses, the building, and how the client is housed, "
    "which betrays age and family. French penal code art. 225-1.",
    Concept.TRADE_AND_EDUCATION: "Trade, employer's branch and education: proxies of social origin and of sex. "
    "Charter art. 21.",
    Concept.SOURCE_OF_INCOME: "Pension, maternity leave, studies, or no job: proxies of age, pregnancy and health. "
    "French penal code art. 225-1.",
    Concept.HEALTH: "What an earlier loan was for: medicine and treatment are among the answers. GDPR art. 9; "
    "Directive (EU) 2023/2225 art. 18(3).",
    Concept.ACQUAINTANCES: "How other people pay: personal data of others, and no circumstance of the client's own. "
    "Directive (EU) 2023/2225 art. 18(3) admits no social networks.",
    Concept.MOMENT: "Weekday and hour of an application: they may betray religion and way of life, and are no economic "
    "circumstance (Directive (EU) 2023/2225 art. 18(3)).",
    Concept.MIXED: "Computed from a protected attribute among others, which it reveals: the law of that attribute.",
}
"""Why a concept is protected."""


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
    """The concept of each feature; raises like `concept_of`."""
    return tuple(concept_of(feature) for feature in features)
