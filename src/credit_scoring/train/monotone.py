"""Directions in which features may move a probability of default, under `CREDIT_TRAINING_MONOTONE_CONSTRAINTS`.

A constraint holds for what the feature says, all others being equal: a better outside score never costs a client the
loan. Constrained is what everybody would agree on; measures of change, of dispersion and of how long ago something was
are left free, and so is whatever mixes a withheld attribute.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from credit_scoring.explain.concepts import Concept, concept_of


class Rule(NamedTuple):
    """Which features of which concepts are constrained, and how.

    Attributes:
        direction: 1 if more of it may only raise the probability of default, -1 if it may only lower it.
        pattern: regular expression of whole names.
    """

    meaning: str
    direction: int
    concepts: tuple[Concept, ...]
    pattern: str


_LATE = r"late(?!st)|delay|arrears|worst_grade|shortfall|underpaid"
_LEFT_FREE = re.compile(r".*(change|slope|_std|_ago_|since|never|_min\b|_min_).*")

RULES = (
    Rule(
        "outside scores and their averages and products",
        -1,
        (Concept.EXTERNAL_SCORES,),
        r"app_ext_source_(?!range|known_count).*|\w+_score_after_\w+",
    ),
    Rule("warning signs in outside scores", 1, (Concept.EXTERNAL_SCORES,), r"app_warning_count_scores"),
    Rule(
        "lateness, arrears and missing payments",
        1,
        (Concept.PAYMENTS_WITH_US, Concept.PAYMENTS_ELSEWHERE),
        rf"(installments|pos|card|previous|bureau|bureau_balance)_\w*({_LATE})\w*",
    ),
    Rule(
        "use of credit limits",
        1,
        (Concept.CARDS_WITH_US, Concept.DEBTS_ELSEWHERE),
        r"card_utilisation_\w+|card_share_over_limit|bureau_card_limit_used",
    ),
    Rule("earlier refusals", 1, (Concept.EARLIER_APPLICATIONS,), r"previous_(count|share)_refused\w*"),
)


def rule_of(feature: str) -> Rule | None:
    """The rule that constrains a feature; None if it is free. A name no concept knows is free."""
    try:
        concept = concept_of(feature)
    except ValueError:
        return None
    if _LEFT_FREE.fullmatch(feature) and concept is not Concept.EXTERNAL_SCORES:
        return None
    return next(
        (rule for rule in RULES if concept in rule.concepts and re.fullmatch(rule.pattern, feature)), None
    )


def directions(features: Sequence[str]) -> list[int]:
    """1, -1 or 0 (free) for each feature."""
    return [0 if (rule := rule_of(name)) is None else rule.direction for name in features]
