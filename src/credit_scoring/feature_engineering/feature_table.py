"""Source, concept and disclosure of every feature, without loading what computes features.

The prediction service explains decisions and has no Polars, in which history features are declared. It reads
feature_table.csv, which `make generated` writes from the declarations; a test compares the two.
"""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple, cast

from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import Disclosure, DisplayUnit

FEATURE_TABLE = "feature_table.csv"
COLUMNS = ("feature", "source", "concept", "shown_as", "risk_rises", "monotone")


class DeclaredFeature(NamedTuple):
    """What the feature table says about one feature."""

    source: str
    concept: Concept
    disclosure: Disclosure | None


@cache
def feature_table() -> Mapping[str, DeclaredFeature]:
    """Source, concept and disclosure by feature name, in the order in which features are stored."""
    lines = (files(__package__) / FEATURE_TABLE).read_text(encoding="utf-8").splitlines()
    return {row["feature"]: _declared(row) for row in csv.DictReader(lines)}


def _declared(row: Mapping[str, str]) -> DeclaredFeature:
    shown_as = cast(DisplayUnit, row["shown_as"])
    disclosure = Disclosure(shown_as, row["risk_rises"] == "yes") if shown_as else None
    return DeclaredFeature(row["source"], Concept(row["concept"]), disclosure)
