"""Instalments due and paid on the client's earlier loans with us."""

from credit_scoring.feature_engineering.history.feature_builder import FeatureGroup
from credit_scoring.feature_engineering.history.installments_payments.amounts import AMOUNTS
from credit_scoring.feature_engineering.history.installments_payments.lateness import LATENESS
from credit_scoring.feature_engineering.history.installments_payments.loans import LOAN_FEATURES
from credit_scoring.feature_engineering.history.installments_payments.rows import by_loan, prepare

__all__ = ["GROUPS", "by_loan", "prepare"]

GROUPS = (FeatureGroup((*LATENESS, *AMOUNTS)), FeatureGroup(LOAN_FEATURES, by_loan))
