"""feature_table.csv: source, concept, disclosure and direction of every feature, so that a review sees each change."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from credit_scoring.feature_engineering import feature_table
from credit_scoring.feature_engineering.catalogue import FEATURES
from credit_scoring.feature_engineering.definition import Feature

FEATURE_TABLE = Path(feature_table.__file__).with_name(feature_table.FEATURE_TABLE)


def render_feature_table(features: Sequence[Feature] = FEATURES) -> str:
    """The table as CSV, one line per feature in the order in which features are stored."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(feature_table.COLUMNS)
    for feature in features:
        shown_as, risk_rises = "", ""
        if feature.disclosure:
            shown_as, risk_rises = feature.disclosure.shown_as, ("yes" if feature.disclosure.risk_rises else "no")
        writer.writerow((feature.name, feature.source, feature.concept.value, shown_as, risk_rises, feature.monotone))
    return text.getvalue()
