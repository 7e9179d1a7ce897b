"""Every feature belongs to one concept, and what betrays a protected attribute is withheld."""

import re

import pytest

from credit_scoring.data_contracts import ALL_TABLES
from credit_scoring.explain.concepts import (
    BUILDING,
    EXCEPTIONS,
    WITHHELD,
    WITHHELD_COLUMNS,
    Concept,
    concept_of,
    concepts_of,
    raw_columns_of,
)
from credit_scoring.explain.texts.legal_basis import WITHHELD_IN_FRENCH
from credit_scoring.feature_engineering.catalogue import FEATURES, feature_names


def test_every_feature_of_the_catalogue_belongs_to_exactly_one_concept() -> None:
    concepts = concepts_of(feature_names())
    assert len(concepts) == len(feature_names())
    assert set(concepts) == set(Concept)


def test_whatever_is_computed_with_a_withheld_column_is_withheld_or_a_documented_exception() -> None:
    meanings = {feature.name: feature for feature in FEATURES}

    def columns_of(name: str) -> set[str]:
        found: set[str] = set()
        for origin in meanings[name].inputs:
            found |= columns_of(origin) if origin in meanings else {origin}
        return found

    for feature in FEATURES:
        if columns_of(feature.name) & set(WITHHELD_COLUMNS) and feature.name not in EXCEPTIONS:
            assert concept_of(feature.name).is_withheld, feature.name


def test_columns_and_exceptions_exist() -> None:
    columns = {column.name for table in ALL_TABLES for column in table.columns}
    assert set(WITHHELD_COLUMNS) - BUILDING <= columns
    assert len(BUILDING & columns) == 47
    assert set(EXCEPTIONS) <= set(feature_names())


def test_withheld_concepts_say_why() -> None:
    assert {concept for concept in Concept if concept.is_withheld} == set(WITHHELD)
    assert set(WITHHELD_COLUMNS.values()) <= set(WITHHELD) == set(WITHHELD_IN_FRENCH)
    for concept, french in WITHHELD_IN_FRENCH.items():
        english, told = (sorted(re.findall(r"225-1|art\. \d+", law)) for law in (WITHHELD[concept], french))
        assert english == told, concept


@pytest.mark.parametrize(
    ("feature", "concept"),
    [
        ("app_code_gender", Concept.GENDER),
        ("app_days_birth", Concept.AGE),
        ("app_income_per_child", Concept.MIXED),
        ("app_age_at_payoff", Concept.MIXED),
        ("cross_bureau_history_share_of_life", Concept.MIXED),
        ("cross_score_after_warnings", Concept.MIXED),
        ("app_region_rating_sum", Concept.RESIDENCE),
        ("previous_goods_latest", Concept.HEALTH),
        ("app_ext_source_mean", Concept.EXTERNAL_SCORES),
        ("installments_days_late_max", Concept.PAYMENTS_WITH_US),
        ("installments_due_latest", Concept.LOANS_WITH_US),
        ("card_balance_latest", Concept.CARDS_WITH_US),
        ("card_share_nearly_full", Concept.CARDS_WITH_US),
        ("bureau_planned_days_latest", Concept.CREDIT_HISTORY),
        ("bureau_days_late_max", Concept.PAYMENTS_ELSEWHERE),
    ],
)
def test_features_lie_where_a_credit_officer_looks_for_them(feature: str, concept: Concept) -> None:
    assert concept_of(feature) is concept


def test_columns_are_followed_through_features_between() -> None:
    assert raw_columns_of("app_age_at_payoff") == {"DAYS_BIRTH", "AMT_CREDIT", "AMT_ANNUITY"}
    assert raw_columns_of("bureau_count") == frozenset()
    assert "history" in raw_columns_of("cross_debt_to_income")


def test_an_unknown_feature_is_refused() -> None:
    with pytest.raises(ValueError, match="no concept for the feature shoe_size"):
        concept_of("shoe_size")
