"""`credit-scoring features where NAME` finds the declaration of every feature, composed names included."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from credit_scoring.cli.features import app
from credit_scoring.feature_engineering import definition
from credit_scoring.feature_engineering.catalogue import FEATURES

PACKAGE = Path(definition.__file__).parent


@pytest.mark.parametrize(
    ("name", "declaration"),
    [
        ("installments_days_late_mean_late", "cross_product((DAYS_LATE,), (rows.LATE, rows.LAST_10"),
        ("bureau_count_active", "bureau.counts("),
        ("previous_hour_latest", "cross_product((HOUR,)"),
        ("app_credit_to_income", "request.ratios("),
        ("app_contact_count", "never_missing("),
    ],
)
def test_the_printed_line_declares_the_feature(name: str, declaration: str) -> None:
    result = CliRunner().invoke(app, ["where", name])
    assert result.exit_code == 0
    found = re.search(r"declared at: (\S+):(\d+)", result.output)
    assert found
    assert declaration in Path(found[1]).read_text().splitlines()[int(found[2]) - 1]


def test_inputs_meaning_and_concept_are_printed() -> None:
    output = CliRunner().invoke(app, ["where", "installments_days_late_max"]).output
    assert "inputs: DAYS_ENTRY_PAYMENT, DAYS_INSTALMENT\n" in output
    assert "meaning: Highest number of days paid late" in output
    assert "concept: payments_with_us\n" in output
    assert "disclosed: as days\n" in output
    assert "only raises it" in output


def test_an_unknown_name_is_answered_with_similar_ones() -> None:
    result = CliRunner().invoke(app, ["where", "app_credit_to_incom"])
    assert result.exit_code == 2
    assert "No feature is called 'app_credit_to_incom'" in result.output
    assert "app_credit_to_income" in result.output


def test_every_declaration_is_a_line_of_this_package() -> None:
    for feature in FEATURES:
        file, line = feature.declared_at.split(":")
        assert 0 < int(line) <= len((PACKAGE / file).read_text().splitlines()), feature.name
