"""Properties of every feature definition."""

import re

import pytest
from pydantic import ValidationError

from credit_scoring.data_contracts import ALL_TABLES
from credit_scoring.feature_engineering.application.encoding import ENCODED_COLUMNS
from credit_scoring.feature_engineering.application.raw_columns import WITHOUT_INFORMATION
from credit_scoring.feature_engineering.catalogue import FEATURES, feature_names
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import Feature

PREFIXES = ("app_", "bureau_", "bureau_balance_", "previous_", "installments_", "pos_", "card_", "cross_")


def test_there_are_at_least_600_features() -> None:
    assert len(FEATURES) >= 600


def test_names_are_unique_and_start_with_their_source() -> None:
    assert len(set(feature_names())) == len(FEATURES)
    assert all(name.startswith(PREFIXES) for name in feature_names())


def test_meanings_are_sentences_of_their_own() -> None:
    meanings = [feature.meaning for feature in FEATURES]
    assert len(set(meanings)) == len(meanings)
    for feature in FEATURES:
        assert feature.meaning.endswith("."), feature.name
        assert feature.meaning[0].isupper() or feature.meaning[0].isdigit(), feature.name
        assert feature.meaning.rstrip(".").lower() != feature.name.replace("_", " "), feature.name
        assert len(feature.meaning.split()) >= 3, feature.name
        assert not feature.meaning.startswith(("The same", "As above", "Likewise")), feature.name
        assert not re.search(r"[a-z_]\.[a-z_]", feature.meaning), feature.name  # a name from the code


def test_a_unit_without_a_type_is_rejected_with_the_file_that_lists_them() -> None:
    with pytest.raises(ValidationError, match="unknown unit 'bushels': add it to a type in definition.py"):
        Feature.model_validate(dict(FEATURES[0]) | {"unit": "bushels"})


def test_types_follow_from_units() -> None:
    types = {feature.name: feature.type for feature in FEATURES}
    assert set(types.values()) == {"amount", "ratio", "count", "share", "flag", "days", "code", "score"}
    assert types["app_amt_credit"] == "amount"
    assert types["app_flag_phone"] == "flag"
    assert types["app_code_gender"] == "code"


def test_every_input_is_a_raw_column_or_a_feature() -> None:
    columns = {column.name for table in ALL_TABLES for column in table.columns}
    known = columns | set(feature_names())
    for feature in FEATURES:
        assert feature.inputs, feature.name
        assert set(feature.inputs) <= known, feature.name


def test_every_column_of_an_application_is_a_feature_unless_it_carries_no_information() -> None:
    without_feature = {column.name for column in ENCODED_COLUMNS if f"app_{column.name.lower()}" not in feature_names()}
    assert without_feature == WITHOUT_INFORMATION


def test_a_history_feature_that_is_never_missing_needs_a_value_without_history() -> None:
    with pytest.raises(ValidationError, match="no value without history"):
        Feature(
            name="bureau_x",
            kind="history",
            source="bureau",
            unit="credits",
            meaning="A number that is always known.",
            inputs=("DAYS_CREDIT",),
            concept=Concept.CREDIT_HISTORY,
            nullable=False,
        )
