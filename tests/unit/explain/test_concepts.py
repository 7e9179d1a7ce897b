"""Every feature belongs to one concept, and what reveals a protected attribute is protected."""

import pytest
from pydantic import ValidationError

from credit_scoring.data_contracts import ALL_TABLES
from credit_scoring.data_contracts.application.housing import HOUSING
from credit_scoring.explain.concepts import concept_of, concepts_of
from credit_scoring.feature_engineering.application import RAW_COLUMNS
from credit_scoring.feature_engineering.application.arithmetic import ratio
from credit_scoring.feature_engineering.application.feature_list import FeatureList, with_protected_concepts
from credit_scoring.feature_engineering.catalogue import FEATURES, feature_names
from credit_scoring.feature_engineering.concepts import PROTECTED_COLUMNS, Concept
from credit_scoring.feature_engineering.definition import more_is_riskier

PROTECTED = {column for columns in PROTECTED_COLUMNS.values() for column in columns}


def columns_behind(name: str) -> set[str]:
    """Raw columns of all tables that a feature is computed from, found independently of the code under test."""
    inputs = {feature.name: feature.inputs for feature in FEATURES}
    return {name} if name not in inputs else set().union(*map(columns_behind, inputs[name]))


def test_every_concept_has_features() -> None:
    assert set(concepts_of(feature_names())) == set(Concept)


def test_features_computed_from_a_protected_column_are_protected_or_say_why_not() -> None:
    for feature in FEATURES:
        if columns_behind(feature.name) & PROTECTED and not feature.concept_because:
            assert feature.concept.is_protected, feature.name


def test_only_features_computed_from_a_protected_column_are_mixed() -> None:
    for feature in FEATURES:
        if feature.concept is Concept.MIXED:
            assert columns_behind(feature.name) & PROTECTED, f"{feature.name} declares no concept"


def test_features_that_say_why_their_concept_differs_are_few() -> None:
    assert {feature.name for feature in FEATURES if feature.concept_because} == {
        "app_document_count",
        "app_without_job",
    }


def test_protected_columns_exist_and_include_the_whole_building() -> None:
    columns = {column.name for table in ALL_TABLES for column in table.columns}
    assert columns >= PROTECTED
    assert len(HOUSING) == 47
    assert {column.name for column in HOUSING} <= set(PROTECTED_COLUMNS[Concept.RESIDENCE])


def test_protected_concepts_are_those_of_protected_columns() -> None:
    protected = {concept for concept in Concept if concept.is_protected}
    assert protected == {*PROTECTED_COLUMNS, Concept.MIXED}


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
        ("previous_hour_latest", Concept.MOMENT),
        ("app_ext_source_mean", Concept.EXTERNAL_SCORES),
        ("installments_days_late_max", Concept.PAYMENTS_WITH_US),
        ("installments_due_latest", Concept.LOANS_WITH_US),
        ("card_balance_latest", Concept.CARDS_WITH_US),
        ("card_share_nearly_full", Concept.CARDS_WITH_US),
        ("bureau_planned_days_latest", Concept.CREDIT_HISTORY),
        ("bureau_days_late_max", Concept.PAYMENTS_ELSEWHERE),
    ],
)
def test_features_belong_where_a_credit_officer_looks_for_them(feature: str, concept: Concept) -> None:
    assert concept_of(feature) is concept


def test_raw_columns_are_followed_through_features_between() -> None:
    assert RAW_COLUMNS["app_age_at_payoff"] == {"DAYS_BIRTH", "AMT_CREDIT", "AMT_ANNUITY"}
    assert "history" in RAW_COLUMNS["cross_debt_to_income"]


def test_a_feature_that_reads_age_through_another_feature_cannot_be_disclosed() -> None:
    declared = FeatureList(Concept.AFFORDABILITY)
    declared.add("app_age", ratio, ("DAYS_BIRTH", "AMT_CREDIT"), unit="ratio", meaning="Made up for a test.")
    declared.add(
        "app_by_age",
        ratio,
        ("AMT_CREDIT", "app_age"),
        unit="ratio",
        meaning="Made up for a test.",
        disclosure=more_is_riskier("share"),
    )
    with pytest.raises(ValidationError, match="app_by_age is about mixed, which is protected"):
        with_protected_concepts(declared.features)


def test_an_unknown_feature_has_no_concept() -> None:
    with pytest.raises(ValueError, match="no feature is called shoe_size"):
        concept_of("shoe_size")
