"""English: the documents of `governance`; their templates are in this folder."""

from credit_scoring.core.manifest import SYNTHETIC_NOTICE
from credit_scoring.explain.texts.language import DocumentTexts
from credit_scoring.model_registry.model_card import INTENDED_USE
from credit_scoring.scoring.scorer import Decision

DOCUMENTS = DocumentTexts(
    titles={"interpretability_report": "Interpretability report", "model_card": "Model card"},
    synthetic_notice=SYNTHETIC_NOTICE,
    date_format="%Y-%m-%d",
    families={
        "lightgbm": "gradient-boosted trees (LightGBM)",
        "logistic_regression": "logistic regression",
        "scorecard": "scorecard",
        "xgboost": "gradient-boosted trees (XGBoost)",
    },
    held_out_rows="applications of the training, each explained by a model that never saw it",
    case_titles={
        Decision.REFUSED: "Refused, and the client did default",
        Decision.ACCEPTED: "Accepted, and the client paid",
    },
    decisions={Decision.REFUSED: "refused", Decision.ACCEPTED: "accepted"},
    case_text="The model expects a default with a probability of {probability}; the threshold is {threshold}: "
    "{decision}. Most against the application: {against}. Most in its favour: {favour}. The figures are "
    "changes of the log-odds.",
    intended_use=INTENDED_USE,
)
