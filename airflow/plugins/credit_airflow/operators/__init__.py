"""Operators of the platform. Each runs the command line, and the exit code decides what becomes of the task."""

from credit_airflow.operators.credit_scoring import CreditScoringOperator
from credit_airflow.operators.data_quality import DataQualityCheckOperator
from credit_airflow.operators.model_promotion import MLflowModelPromotionOperator
from credit_airflow.operators.model_serving import ModelServingUpdateOperator
from credit_airflow.operators.new_data import NewDataOperator
from credit_airflow.operators.smoke_test import SmokeTestOperator

__all__ = [
    "CreditScoringOperator",
    "DataQualityCheckOperator",
    "MLflowModelPromotionOperator",
    "ModelServingUpdateOperator",
    "NewDataOperator",
    "SmokeTestOperator",
]
