"""The committed table shows in a review which features change their concept, disclosure or direction."""

from scripts.documentation.feature_table import FEATURE_TABLE, render_feature_table
from scripts.generate import ROOT


def test_the_committed_table_is_what_the_declarations_say() -> None:
    assert (
        ROOT / FEATURE_TABLE
    ).read_text() == render_feature_table(), "run `make generated`, review the diff"
