"""Reasons by concept: which count, which value is cited, and the sentences."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from credit_scoring.core.errors import UnexplainableModelError
from credit_scoring.explain.concepts import concept_of
from credit_scoring.explain.disclosure import DISCLOSED
from credit_scoring.explain.explainer import Explanation, explain
from credit_scoring.explain.reasons import Grouping, Reason, compare, reasons_for
from credit_scoring.explain.texts import LANGUAGES
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.scoring.approved_baseline import AcceptedClients
from credit_scoring.scoring.scorer import Decision
from tests.support.scorers import small_scorer

NAMES = ("app_ext_source_2", "app_days_birth", "app_annuity_to_income", "app_credit_to_income", "bureau_count")
GROUPING = Grouping.from_names(NAMES)
ACCEPTED = AcceptedClients(
    clients=10, contributions=(-0.1, 0.0, 0.1, 0.0, 0.0), typical=(0.6, -14000.0, 0.1, 3.0, None)
)
CONTRIBUTIONS = np.array([0.5, 2.0, 0.2, 0.3, 0.001])
FEATURES = np.array([0.2, -9000, 0.25, 5.0, 1.0], dtype=np.float32)


def test_contributions_are_added_up_by_concept_and_compared_with_accepted_clients() -> None:
    found = compare(GROUPING, CONTRIBUTIONS, ACCEPTED)
    assert found.contributions[Concept.AFFORDABILITY] == pytest.approx(0.5)
    assert found.excess[Concept.AFFORDABILITY] == pytest.approx(0.4)
    assert found.excess[Concept.EXTERNAL_SCORES] == pytest.approx(0.6)
    assert found.protected_excess == pytest.approx(2.0)
    assert sum(found.contributions.values()) == pytest.approx(CONTRIBUTIONS.sum())


def test_the_strongest_concept_comes_first_and_protected_or_tiny_ones_are_left_out() -> None:
    reasons = reasons_for(True, GROUPING, CONTRIBUTIONS, FEATURES, ACCEPTED)
    assert [reason.concept for reason in reasons] == [Concept.EXTERNAL_SCORES, Concept.AFFORDABILITY]
    strongest = reasons[0]
    assert strongest.strength == pytest.approx(0.6)
    assert (strongest.feature, strongest.typical) == ("app_ext_source_2", 0.6)
    assert strongest.value == pytest.approx(0.2)
    assert reasons[1].feature == "app_credit_to_income"


def test_an_acceptance_is_explained_by_what_lowers_the_risk() -> None:
    reasons = reasons_for(False, GROUPING, -CONTRIBUTIONS, FEATURES, ACCEPTED)
    assert {reason.concept for reason in reasons} == {Concept.EXTERNAL_SCORES, Concept.AFFORDABILITY}
    # The client's values point towards risk, so citing them would contradict the acceptance.
    assert all(reason.feature is None for reason in reasons)


@pytest.mark.parametrize("value", [np.nan, 0.6, 0.601, 0.9])
def test_a_value_that_is_missing_usual_or_favourable_is_not_cited(value: float) -> None:
    features = FEATURES.copy()
    features[0] = value
    assert reasons_for(True, GROUPING, CONTRIBUTIONS, features, ACCEPTED)[0].feature is None


def test_protected_concepts_alone_give_no_reason() -> None:
    only_age = np.array([-0.1, 2.0, 0.1, 0.0, 0.0])
    assert reasons_for(True, GROUPING, only_age, FEATURES, ACCEPTED) == ()


def test_there_are_at_most_five_reasons() -> None:
    grouping = Grouping.from_names(feature_names())
    count = len(feature_names())
    averages = AcceptedClients(clients=1, contributions=(0.0,) * count, typical=(None,) * count)
    everything = np.ones(count)
    assert len(reasons_for(True, grouping, everything, np.zeros(count, np.float32), averages)) == 5


def test_each_language_has_a_sentence_for_each_concept_and_a_name_for_each_spoken_feature() -> None:
    disclosed = {concept for concept in Concept if not concept.is_protected}
    for language in LANGUAGES.values():
        assert set(language.names) == set(Concept)
        assert set(language.adverse) == set(language.favourable) == disclosed
        assert set(language.features) == set(DISCLOSED)
    assert {concept_of(name) for name in DISCLOSED} == disclosed
    assert set(DISCLOSED) <= set(feature_names())


def test_no_text_for_clients_holds_a_protected_word() -> None:
    for language in LANGUAGES.values():
        texts = [
            *(text for text in language.adverse.values()),
            *(text for text in language.favourable.values()),
            *(text for text in language.features.values()),
            *(text for text in language.no_reason.values()),
            *(text for text in language.changes.values()),
            *(language.compared, language.offer, language.no_offer),
        ]
        for text in texts:
            for pattern in language.protected_terms:
                assert not re.search(rf"\b({pattern})\b", text, re.IGNORECASE), (language.code, text)
        # The patterns do match the names that officers read.
        for concept in (Concept.AGE, Concept.FAMILY, Concept.RESIDENCE, Concept.HEALTH):
            name = language.names[concept]
            assert any(re.search(rf"\b({p})\b", name, re.IGNORECASE) for p in language.protected_terms), name


@pytest.mark.parametrize(
    ("code", "feature", "stored", "written"),
    [
        ("fr", "app_amt_income_total", 135_000, "135\u202f000"),
        ("en", "app_amt_income_total", 135_000, "135,000"),
        ("fr", "app_annuity_to_income", 0.126, "13\u00a0%"),
        ("en", "app_implied_rate_min", 0.1234, "12.3 %"),
        ("fr", "app_days_employed", -900, "2,5 ans"),
        ("fr", "app_days_employed", -400, "1,1 an"),
        ("en", "bureau_days_since_start_max", 3652.5, "10.0 years"),
        ("fr", "app_credit_to_income", 4.25, "4,2 fois"),
        ("en", "installments_days_late_max", 1, "1 day"),
        ("fr", "installments_days_late_max", 0, "0 jours"),
        ("en", "bureau_count_active", 3, "3"),
        ("fr", "app_credit_to_annuity", 23.44, "23,4"),
        ("en", "app_ext_source_2", 0.456, "0.46"),
        ("en", "app_goods_price_minus_credit", -1500, "\u22121,500"),
    ],
)
def test_numbers_are_formatted_by_the_language(code: str, feature: str, stored: float, written: str) -> None:
    assert LANGUAGES[code].number(DISCLOSED[feature].shown_as, stored) == written


def test_a_reason_cites_the_value_of_the_client_and_the_usual_one() -> None:
    reason = Reason(Concept.AFFORDABILITY, 0.4, "app_annuity_to_income", 0.25, 0.1)
    french = LANGUAGES["fr"].reason(reason, Decision.REFUSED)
    assert french.startswith("Ce que vous auriez à payer est élevé par rapport à votre revenu. Votre dossier")
    assert "25\u00a0%" in french and "10\u00a0%" in french
    english = LANGUAGES["en"].reason(reason, Decision.ACCEPTED)
    assert english.startswith("What you would have to pay suits your income.")


def test_a_refusal_that_only_protected_data_explain_must_be_decided_by_a_person() -> None:
    names = ("app_days_birth", "app_code_gender", "app_cnt_children")
    scorer = replace(
        small_scorer(names, threshold=0.3),
        accepted=AcceptedClients(clients=5, contributions=(0.0,) * 3, typical=(0.0,) * 3),
    )
    risky = np.array([3.0, -1.0, 0.0], dtype=np.float32)
    found = explain(scorer, {}, risky, lambda applications: None)
    assert found.decision is Decision.REFUSED
    assert found.protected_decides and found.protected_excess > 0
    assert found.reasons == () and found.offers == ()
    assert found.texts["fr"].reasons == (LANGUAGES["fr"].no_reason[Decision.REFUSED],)
    safe = explain(scorer, {}, -risky, lambda applications: None)
    assert safe.decision is Decision.ACCEPTED
    assert not safe.protected_decides and safe.texts["en"].offers == ()


def test_a_scorer_without_averages_cannot_explain() -> None:
    scorer = small_scorer(NAMES[:3])
    with pytest.raises(UnexplainableModelError, match="no averages of accepted clients"):
        explain(scorer, {}, FEATURES[:3], lambda applications: None)


def test_recorded_explanations_keep_their_names() -> None:
    scorer = replace(
        small_scorer(NAMES[:3]), accepted=AcceptedClients(clients=5, contributions=(0.0,) * 3, typical=(0.0,) * 3)
    )
    found = explain(scorer, {}, FEATURES[:3], lambda applications: None)
    recorded = found.model_dump(mode="json")
    assert {"withheld_excess", "withheld_decides", "words"} <= set(recorded)
    assert "withheld" in recorded["concepts"][0]
    assert Explanation.model_validate_json(json.dumps(recorded)) == found
