"""What was due and what was paid on the client's earlier loans with us."""

from operator import itemgetter

from credit_scoring.data_contracts.installments_payments import INSTALLMENTS_PAYMENTS
from credit_scoring.feature_engineering.history.feature_builder import FeatureGroup
from credit_scoring.feature_engineering.history.installments_payments.amounts import AMOUNTS
from credit_scoring.feature_engineering.history.installments_payments.lateness import LATENESS
from credit_scoring.feature_engineering.history.installments_payments.loans import LOAN_FEATURES
from credit_scoring.feature_engineering.history.installments_payments.rows import by_loan, prepare

__all__ = ["GROUPS", "by_loan", "prepare"]

GROUPS = (
    FeatureGroup(itemgetter(INSTALLMENTS_PAYMENTS.name), (*LATENESS, *AMOUNTS)),
    FeatureGroup(lambda prepared: by_loan(prepared[INSTALLMENTS_PAYMENTS.name]), LOAN_FEATURES),
)
