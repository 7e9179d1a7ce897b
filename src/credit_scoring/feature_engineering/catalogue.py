"""Every feature in the order in which it is stored: history first, then the application."""

from credit_scoring.feature_engineering.application import APPLICATION_FEATURES
from credit_scoring.feature_engineering.definition import Feature
from credit_scoring.feature_engineering.history import HISTORY_FEATURES

FEATURES: tuple[Feature, ...] = (*HISTORY_FEATURES, *APPLICATION_FEATURES)

SECTIONS = {
    "bureau": "Credits with other lenders",
    "bureau_balance": "Months of credits with other lenders",
    "previous": "Earlier applications with us",
    "installments": "Instalments of earlier loans",
    "pos": "Months of earlier cash and shop loans",
    "card": "Months of credit cards",
    "app": "The application",
    "cross": "The application compared with its history",
}
"""Titles of the catalogue's sections by the source that a feature's name starts with."""


def feature_names() -> tuple[str, ...]:
    """Names of all features, in the order in which they are stored."""
    return tuple(feature.name for feature in FEATURES)


def section_of(feature: Feature) -> str:
    """The source that a feature's name starts with; a key of `SECTIONS`."""
    return max((prefix for prefix in SECTIONS if feature.name.startswith(f"{prefix}_")), key=len)


def range_of(feature: Feature) -> str:
    """The declared range as text."""
    if feature.minimum is None and feature.maximum is None:
        return "any"
    low = "" if feature.minimum is None else f"{feature.minimum:,.6g}"
    high = "" if feature.maximum is None else f"{feature.maximum:,.6g}"
    if low and high:
        return f"{low} to {high}"
    return f"from {low}" if low else f"up to {high}"
