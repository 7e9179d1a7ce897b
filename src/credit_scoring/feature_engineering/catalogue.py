"""Every feature in the order in which it is stored: history first, then the application."""

from credit_scoring.feature_engineering.application import APPLICATION_FEATURES
from credit_scoring.feature_engineering.definition import Feature
from credit_scoring.feature_engineering.history import HISTORY_FEATURES

FEATURES: tuple[Feature, ...] = (*HISTORY_FEATURES, *APPLICATION_FEATURES)


def feature_names() -> tuple[str, ...]:
    """Names of all features, in the order in which they are stored."""
    return tuple(feature.name for feature in FEATURES)
