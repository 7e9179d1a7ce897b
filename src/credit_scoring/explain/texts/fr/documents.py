"""French: the documents of `governance`; their templates are in this folder."""

import re

from credit_scoring.scoring.scorer import Decision


def typeset(markdown: str) -> str:
    """French spaces before punctuation and within numbers do not break a line."""
    numbers = re.sub(r"(?<=\d) (?=\d{3}\b)", "\N{NARROW NO-BREAK SPACE}", markdown)
    return re.sub(r"(?<=\S) (?=[;:%»?!])|(?<=«) ", "\N{NO-BREAK SPACE}", numbers)


DOCUMENT_TITLES = {"interpretability_report": "Rapport d'interprétabilité", "model_card": "Fiche du modèle"}
SYNTHETIC_NOTICE = ("Données synthétiques.", "Chaque chiffre de cette page vient de clients générés, non de personnes.")
DATE_FORMAT = "%d/%m/%Y"
FAMILIES = {
    "lightgbm": "arbres de décision boostés (LightGBM)",
    "logistic_regression": "régression logistique",
    "scorecard": "grille de score",
    "xgboost": "arbres de décision boostés (XGBoost)",
}
HELD_OUT_ROWS = "demandes de l'apprentissage, chacune expliquée par un modèle qui ne l'a jamais vue"
DECISIONS = {Decision.REFUSED: "refusée", Decision.ACCEPTED: "acceptée"}
INTENDED_USE = (
    "Décider des demandes de crédit à la consommation de personnes semblables à celles des données "
    "d'apprentissage ; chaque décision est enregistrée, et une personne peut la réexaminer. Ni pour d'autres "
    "produits, ni pour d'autres pays, ni pour d'autres fins."
)
