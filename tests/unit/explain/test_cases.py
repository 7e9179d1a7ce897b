"""The table of an example case says what is missing, and why."""

import pytest

from credit_scoring.explain.cases import effect_rows
from credit_scoring.explain.portfolio_explanation import ConceptEffect, ExplainedCase
from credit_scoring.explain.texts import LANGUAGES
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.scoring.scorer import Decision


def _value_shown(effect: ConceptEffect, language: str) -> str:
    case = ExplainedCase(
        client_id=1,
        defaulted=None,
        probability=0.1,
        decision=Decision.REFUSED,
        base=0.0,
        concepts=(effect,),
        reasons={},
    )
    return effect_rows(case, LANGUAGES[language])[0][2]


@pytest.mark.parametrize(
    ("code", "none", "unknown"), [("en", "none on record", "not known"), ("fr", "aucune trace", "non connu")]
)
def test_a_client_without_rows_has_none_on_record_and_a_missing_value_is_not_known(
    code: str, none: str, unknown: str
) -> None:
    effect = ConceptEffect(
        concept=Concept.EARLIER_APPLICATIONS, contribution=0.1, excess=0.1, feature="previous_count_last_365_days"
    )
    assert _value_shown(effect.model_copy(update={"is_on_record": False}), code) == none
    assert _value_shown(effect, code) == unknown
    assert _value_shown(effect.model_copy(update={"value": 2.0}), code) == "2"
