"""Every feature belongs to one concept, and what reveals a protected attribute is protected."""

import pytest
from pydantic import ValidationError

from credit_scoring.data_contracts import ALL_TABLES
from credit_scoring.data_contracts.application.housing import HOUSING
from credit_scoring.explain.displayed_values import concepts_of
from credit_scoring.feature_engineering.application import RAW_COLUMNS
from credit_scoring.feature_engineering.application.arithmetic import ratio, unchanged
from credit_scoring.feature_engineering.application.feature_list import FeatureList, with_protected_concepts
from credit_scoring.feature_engineering.catalogue import FEATURES, feature_names
from credit_scoring.feature_engineering.concepts import PROTECTED_COLUMNS, Concept
from credit_scoring.feature_engineering.definition import more_is_riskier

ORDER = {"SK_ID_CURR", "SK_ID_PREV", "DAYS_DECISION"}
"""Columns that choose the row of a history table, such as the latest one."""

PROTECTED = {column for columns in PROTECTED_COLUMNS.values() for column in columns}


def columns_behind(name: str) -> set[str]:
    """Raw columns of all tables that a feature is computed from, found independently of the code under test."""
    inputs = {feature.name: feature.inputs for feature in FEATURES}
    return {name} if name not in inputs else set().union(*map(columns_behind, inputs[name]))


def test_every_concept_has_features_except_the_mixed_one() -> None:
    assert set(concepts_of(feature_names())) == set(Concept) - {Concept.MIXED}


def test_features_computed_from_a_protected_column_are_protected_or_say_why_not() -> None:
    for feature in FEATURES:
        if columns_behind(feature.name) & PROTECTED and not feature.concept_because:
            assert feature.concept.is_protected, feature.name


def test_no_feature_mixes_protected_columns_with_others() -> None:
    for feature in FEATURES:
        behind = columns_behind(feature.name)
        if behind & PROTECTED:
            own = set(PROTECTED_COLUMNS[feature.concept])
            assert behind - ORDER <= own, feature.name


def test_features_that_say_why_their_concept_differs_are_few() -> None:
    assert {feature.name for feature in FEATURES if feature.concept_because} == {"app_without_job"}


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
        ("app_days_id_publish", Concept.MOMENT),
        ("app_region_rating_client", Concept.RESIDENCE),
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
    assert concepts_of([feature]) == (concept,)


def test_raw_columns_are_followed_through_features_between() -> None:
    assert RAW_COLUMNS["app_annuity_to_income"] == {"AMT_ANNUITY", "AMT_INCOME_TOTAL"}
    assert "history" in RAW_COLUMNS["cross_debt_to_income"]


def test_a_feature_that_reads_age_through_another_feature_among_other_columns_is_an_error() -> None:
    declared = FeatureList(Concept.AFFORDABILITY)
    declared.add("app_age", unchanged, ("DAYS_BIRTH",), unit="days", meaning="Made up for a test.")
    declared.add("app_by_age", ratio, ("AMT_CREDIT", "app_age"), unit="ratio", meaning="Made up for a test.")
    with pytest.raises(ValueError, match="app_by_age mixes a protected column with others"):
        with_protected_concepts(declared.features)


def test_a_feature_that_reads_age_alone_cannot_be_disclosed() -> None:
    declared = FeatureList(Concept.AFFORDABILITY)
    years = more_is_riskier("years")
    declared.add("app_age", unchanged, ("DAYS_BIRTH",), unit="days", meaning="Made up for a test.", disclosure=years)
    with pytest.raises(ValidationError, match="app_age is about age, which is protected"):
        with_protected_concepts(declared.features)


def test_a_feature_of_an_older_model_that_nothing_declares_is_not_disclosed() -> None:
    assert concepts_of(["app_age_at_payoff", "app_amt_credit"]) == (Concept.MIXED, Concept.LOAN_REQUESTED)
