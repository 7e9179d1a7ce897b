"""Reasons by concept: which count, which value is cited, and the sentences."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from credit_scoring.core.errors import UnexplainableModelError
from credit_scoring.explain.displayed_values import DISCLOSED, concepts_of
from credit_scoring.explain.explainer import Explanation, explain
from credit_scoring.explain.reasons import UNKNOWN, Grouping, Reason, compare, reasons_for
from credit_scoring.explain.texts import LANGUAGES
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.scoring.approved_baseline import AcceptedClients
from credit_scoring.scoring.scorer import Decision
from tests.support.protected_terms import PROTECTED_TERMS
from tests.support.scorers import small_scorer

NAMES = ("app_ext_source_2", "app_days_birth", "app_annuity_to_income", "app_credit_to_income", "bureau_count")
GROUPING = Grouping.from_names(NAMES)
ACCEPTED = AcceptedClients(
    clients=10, contributions=(-0.1, 0.0, 0.1, 0.0, 0.0), typical=(0.6, -14000.0, 0.1, 3.0, None)
)
CONTRIBUTIONS = np.array([0.5, 2.0, 0.2, 0.3, 0.001])
FEATURES = np.array([0.2, -9000, 0.25, 5.0, 1.0], dtype=np.float32)


def test_contributions_are_added_up_by_concept_and_compared_with_accepted_clients() -> None:
    contributions, excess = (dict(zip(Concept, found)) for found in compare(GROUPING, CONTRIBUTIONS, ACCEPTED))
    assert contributions[Concept.AFFORDABILITY] == pytest.approx(0.5)
    assert excess[Concept.AFFORDABILITY] == pytest.approx(0.4)
    assert excess[Concept.EXTERNAL_SCORES] == pytest.approx(0.6)
    assert sum(excess[concept] for concept in Concept if concept.is_protected) == pytest.approx(2.0)
    assert sum(contributions.values()) == pytest.approx(CONTRIBUTIONS.sum())


def test_the_strongest_concept_comes_first_and_protected_or_tiny_ones_are_left_out() -> None:
    reasons = reasons_for(True, GROUPING, CONTRIBUTIONS, FEATURES, ACCEPTED)
    assert [reason.concept for reason in reasons] == [Concept.EXTERNAL_SCORES, Concept.AFFORDABILITY]
    strongest = reasons[0]
    assert strongest.strength == pytest.approx(0.6)
    assert (strongest.feature, strongest.typical) == ("app_ext_source_2", 0.6)
    assert strongest.value == pytest.approx(0.2)
    assert reasons[1].feature == "app_credit_to_income"


def test_an_acceptance_is_explained_by_values_that_lower_the_risk() -> None:
    safe = np.array([0.8, -9000, 0.05, 1.0, 1.0], dtype=np.float32)
    reasons = reasons_for(False, GROUPING, -CONTRIBUTIONS, safe, ACCEPTED)
    assert {reason.feature for reason in reasons} == {"app_ext_source_2", "app_annuity_to_income"}
    # Values that point towards risk would contradict the acceptance.
    assert reasons_for(False, GROUPING, -CONTRIBUTIONS, FEATURES, ACCEPTED) == ()


@pytest.mark.parametrize("value", [0.6, 0.601, 0.9])
def test_a_value_that_is_usual_or_favourable_gives_no_reason_for_a_refusal(value: float) -> None:
    features = FEATURES.copy()
    features[0] = value
    reasons = reasons_for(True, GROUPING, CONTRIBUTIONS, features, ACCEPTED)
    assert [reason.concept for reason in reasons] == [Concept.AFFORDABILITY]


def test_a_missing_score_is_named_as_missing_for_a_refusal_only() -> None:
    features = FEATURES.copy()
    features[0] = np.nan
    reason = reasons_for(True, GROUPING, CONTRIBUTIONS, features, ACCEPTED)[0]
    assert (reason.unknown, reason.value, reason.typical) == ("external_scores", None, None)
    assert reasons_for(False, GROUPING, -CONTRIBUTIONS, features, ACCEPTED) == ()


def test_a_history_without_rows_is_named_once_and_its_zeros_are_not_cited() -> None:
    names = ("bureau_count", "bureau_count_closed", "bureau_count_active", "bureau_prolonged_sum")
    grouping = Grouping.from_names(names)
    accepted = AcceptedClients(clients=1, contributions=(0.0,) * 4, typical=(3.0, 2.0, 1.0, 1.0))
    nothing = np.zeros(4, np.float32)
    reasons = reasons_for(True, grouping, np.ones(4), nothing, accepted)
    assert [reason.unknown for reason in reasons] == ["bureau"]
    assert reasons_for(False, grouping, -np.ones(4), nothing, accepted) == ()
    known = np.array([1, 0, 2, 0], np.float32)
    cited = reasons_for(True, grouping, np.ones(4), known, accepted)
    assert {reason.feature for reason in cited} == {"bureau_count_closed", "bureau_count_active"}


def test_enquiries_that_were_not_all_reported_are_not_cited() -> None:
    names = ("app_enquiry_count", "app_amt_req_credit_bureau_year")
    accepted = AcceptedClients(clients=1, contributions=(0.0, 0.0), typical=(1.0, 1.0))
    features = np.array([3.0, np.nan], np.float32)
    reasons = reasons_for(True, Grouping.from_names(names), np.ones(2), features, accepted)
    assert [reason.unknown for reason in reasons] == ["enquiries"]


def test_protected_concepts_alone_give_no_reason() -> None:
    only_age = np.array([-0.1, 2.0, 0.1, 0.0, 0.0])
    assert reasons_for(True, GROUPING, only_age, FEATURES, ACCEPTED) == ()


def test_there_are_at_most_five_reasons() -> None:
    grouping = Grouping.from_names(feature_names())
    count = len(feature_names())
    averages = AcceptedClients(clients=1, contributions=(0.0,) * count, typical=(1.0,) * count)
    adverse = [5.0 if name in DISCLOSED and DISCLOSED[name].risk_rises else 0.5 for name in feature_names()]
    assert len(reasons_for(True, grouping, np.ones(count), np.array(adverse, np.float32), averages)) == 5


def test_each_language_names_each_concept_and_each_disclosed_feature() -> None:
    disclosed = {concept for concept in Concept if not concept.is_protected}
    for language in LANGUAGES.values():
        assert set(language.names) == set(Concept)
        assert set(language.unknown) == set(UNKNOWN)
        assert set(language.features) == set(DISCLOSED)
    assert set(concepts_of(list(DISCLOSED))) == disclosed - {Concept.CONTACT_AND_PAPERS}
    assert set(DISCLOSED) <= set(feature_names())


def test_no_text_for_clients_holds_a_protected_word() -> None:
    for language in LANGUAGES.values():
        texts = [
            *language.features.values(),
            *language.unknown.values(),
            *language.no_reason.values(),
            *language.papers.values(),
            *(language.above, language.below, language.offer, language.no_offer, language.as_requested),
            *(language.loan, language.purchase, language.down_payment),
        ]
        for text in texts:
            for pattern in PROTECTED_TERMS[language.code]:
                assert not re.search(rf"\b({pattern})\b", text, re.IGNORECASE), (language.code, text)
        # The patterns do match the names that officers read.
        for concept in (Concept.AGE, Concept.FAMILY, Concept.RESIDENCE, Concept.HEALTH):
            name = language.names[concept]
            assert any(re.search(rf"\b({p})\b", name, re.IGNORECASE) for p in PROTECTED_TERMS[language.code]), name


@pytest.mark.parametrize(
    ("code", "feature", "stored", "written"),
    [
        ("fr", "app_amt_income_total", 135_000, "135\u202f000"),
        ("en", "app_amt_income_total", 135_000, "135,000"),
        ("fr", "app_annuity_to_income", 0.126, "13\u00a0%"),
        ("en", "app_implied_rate_min", 0.1234, "12.3%"),
        ("fr", "app_days_employed", -900, "2,5 ans"),
        ("fr", "app_days_employed", -400, "1,1 an"),
        ("en", "bureau_days_since_start_max", 3652.5, "10.0 years"),
        ("fr", "app_credit_to_income", 4.25, "4,2 fois"),
        ("en", "installments_days_late_max", 1, "1 day"),
        ("fr", "installments_days_late_max", 0, "0 jour"),
        ("en", "bureau_count_active", 3, "3"),
        ("fr", "app_credit_to_annuity", 23.44, "23,4"),
        ("en", "app_ext_source_2", 0.456, "0.46"),
        ("en", "app_goods_price_minus_credit", -1500, "\u22121,500"),
    ],
)
def test_numbers_are_formatted_by_the_language(code: str, feature: str, stored: float, written: str) -> None:
    assert LANGUAGES[code].number(DISCLOSED[feature].shown_as, stored) == written


def test_a_reason_states_the_value_of_the_client_and_on_which_side_of_the_usual_one_it_lies() -> None:
    reason = Reason(Concept.AFFORDABILITY, 0.4, "app_annuity_to_income", 0.25, 0.1)
    assert LANGUAGES["fr"].reason(reason) == (
        "Mensualité du prêt demandé, en proportion du revenu déclaré\u00a0: 25\u00a0%, au-dessus de la valeur "
        "habituelle des clients acceptés (10\u00a0%)."
    )
    # Stored as days below zero: closer to zero is shorter.
    recent = Reason(Concept.INCOME_AND_WORK, 0.4, "app_days_employed", -400.0, -2000.0)
    assert LANGUAGES["en"].reason(recent) == (
        "Time in your current job: 1.1 years, below the usual value among accepted clients (5.5 years)."
    )
    # Most loans exceed the price: the usual difference is below zero.
    gap = Reason(Concept.LOAN_REQUESTED, 0.4, "app_goods_price_minus_credit", -230_000.0, -37_777.5)
    assert LANGUAGES["en"].reason(gap) == (
        "Purchase price less the loan requested: −230,000, below the usual value among accepted clients (−37,778)."
    )


def test_what_is_unknown_is_said_and_nothing_else() -> None:
    reason = Reason(Concept.CARDS_WITH_US, 0.4, "card_balance_latest", unknown="credit_card_balance")
    assert LANGUAGES["en"].reason(reason) == "We have no record of a credit card account with us in your name."


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
