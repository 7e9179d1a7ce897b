"""English: the documents of `governance`; their templates are in this folder."""

from credit_scoring.core import manifest
from credit_scoring.model_registry import model_card
from credit_scoring.scoring.scorer import Decision

DOCUMENT_TITLES = {"interpretability_report": "Interpretability report", "model_card": "Model card"}
SYNTHETIC_NOTICE = manifest.SYNTHETIC_NOTICE
DATE_FORMAT = "%Y-%m-%d"
FAMILIES = {
    "lightgbm": "gradient-boosted trees (LightGBM)",
    "logistic_regression": "logistic regression",
    "scorecard": "scorecard",
    "xgboost": "gradient-boosted trees (XGBoost)",
}
HELD_OUT_ROWS = "applications of the training, each explained by a model that never saw it"
DECISIONS = {Decision.REFUSED: "refused", Decision.ACCEPTED: "accepted"}
INTENDED_USE = model_card.INTENDED_USE
