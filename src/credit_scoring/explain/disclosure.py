"""Features whose value a client may read, and how their numbers are rounded."""

from collections.abc import Mapping

from credit_scoring.feature_engineering.definition import DAYS_PER_YEAR, Disclosure, DisplayUnit
from credit_scoring.feature_engineering.feature_table import feature_table

_DECIMALS: dict[DisplayUnit, int] = {
    "amount": 0,
    "share": 2,
    "times": 1,
    "years": 0,
    "days_in_years": 1,
    "days": 0,
    "count": 1,
    "score": 2,
    "rate": 3,
}

DISCLOSED: Mapping[str, Disclosure] = {
    name: declared.disclosure for name, declared in feature_table().items() if declared.disclosure
}
"""The features with a phrase in every language."""


def shown(unit: DisplayUnit, value: float) -> float:
    """A stored number as it is shown: converted and rounded; numbers that look the same are the same."""
    converted = abs(value) / DAYS_PER_YEAR if unit == "days_in_years" else value
    return round(converted, _DECIMALS[unit]) + 0.0
