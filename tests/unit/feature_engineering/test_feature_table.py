"""The committed table shows in a review which features change their concept, disclosure or direction."""

from credit_scoring.feature_engineering.catalogue import FEATURES
from credit_scoring.feature_engineering.feature_table import feature_table
from scripts.documentation.feature_table import FEATURE_TABLE, render_feature_table


def test_the_committed_table_is_what_the_declarations_say() -> None:
    assert FEATURE_TABLE.read_text() == render_feature_table(), "run `make generated` and review the difference"


def test_the_service_reads_what_is_declared() -> None:
    assert {name: tuple(declared) for name, declared in feature_table().items()} == {
        feature.name: (feature.source, feature.concept, feature.disclosure) for feature in FEATURES
    }
