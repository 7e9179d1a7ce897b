"""feature_table.csv: concept, disclosure and direction of every feature, so that a review sees each change."""

import csv
import io
from pathlib import Path

from credit_scoring.explain.concepts import concept_of
from credit_scoring.explain.disclosure import SPOKEN
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.train.monotone import directions

FEATURE_TABLE = Path("src/credit_scoring/feature_engineering/feature_table.csv")
"""Path below the root of the repository."""


def render_feature_table() -> str:
    """The table as CSV, one line per feature in the order in which features are stored."""
    names = feature_names()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("feature", "concept", "shown_as", "risk_rises", "monotone"))
    for name, direction in zip(names, directions(names), strict=True):
        disclosure = SPOKEN.get(name)
        writer.writerow(
            (
                name,
                concept_of(name).value,
                disclosure.unit if disclosure else "",
                ("yes" if disclosure.risk_rises else "no") if disclosure else "",
                direction,
            )
        )
    return text.getvalue()
