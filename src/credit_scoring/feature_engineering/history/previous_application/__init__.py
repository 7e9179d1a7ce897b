"""The client's earlier applications with us and their outcomes."""

from credit_scoring.feature_engineering.history.feature_builder import FeatureGroup
from credit_scoring.feature_engineering.history.previous_application.money import AMOUNTS, PRICE, SCHEDULED
from credit_scoring.feature_engineering.history.previous_application.outcomes import OUTCOMES
from credit_scoring.feature_engineering.history.previous_application.product import PRODUCTS
from credit_scoring.feature_engineering.history.previous_application.rows import prepare

__all__ = ["GROUPS", "prepare"]

GROUPS = (FeatureGroup((*OUTCOMES, *AMOUNTS, *PRICE, *SCHEDULED, *PRODUCTS)),)
