"""French: pictures and tables about the model and about single clients, for credit officers and auditors."""

from credit_scoring.explain.feature_findings import Finding, LeftOutBecause

MEASURES = {
    "mean_absolute_shap": "SHAP absolue moyenne (log-odds)",
    "native_share": "part selon la mesure propre au modèle",
    "auc_loss_when_permuted": "AUC perdue après permutation",
}
CONCEPT_MEASURES = {
    "mean_absolute_shap": "variation moyenne des log-odds",
    "auc_loss_when_permuted": "AUC perdue quand tout le thème est permuté",
}
LOG_ODDS = "variation des log-odds de défaut"
LOW, HIGH, FEATURE_VALUE = "faible", "élevée", "valeur de la variable"
COLOURED_BY = "couleur : {}\nbleu faible, rouge élevé"
NOT_MEASURED = "non mesurée"
WATERFALL_UNIT = "Unité : log-odds de défaut, avant calibration. Le rouge augmente le risque, le bleu le réduit."
WATERFALL_AXIS = "log-odds de défaut, de la moyenne du modèle {base} (en haut) à ce client {margin} (en bas)"
FURTHER_FEATURES = "{concept} : {count} autres variables"
OTHER_FEATURES = "{count} autres variables"
CAPTIONS = {
    "concepts": "Influence de chaque thème sur les scores ; les thèmes en gris ne sont jamais donnés comme motif",
    "importance": "Les variables les plus fortes selon trois mesures",
    "native_importance": "Les variables les plus fortes selon la mesure propre au modèle",
    "summary": "Chaque point est une demande, plus risquée vers la droite ; en rouge, une valeur élevée de la variable",
    "dependence": "Effet d'une variable sur le score, selon sa valeur",
    "waterfall_of_concepts": "De la moyenne du modèle à la valeur de ce client, par thème",
    "waterfall": (
        "De même par variable : les plus fortes, puis les autres par thème, jusqu'à nommer au moins 80 % de l'écart"
    ),
}

CASE_TITLE = "Client {client} ({outcome}) : demande {decision}, probabilité de défaut {probability} (seuil {threshold})"
OUTCOMES = {True: "a fait défaut", False: "a remboursé", None: "issue inconnue"}
CASE_TEXT = (
    "Le modèle attend un défaut avec une probabilité de {probability} ; le seuil est de {threshold} : la demande est "
    "{decision}. Le plus contre la demande : {against}. Le plus en sa faveur : {favour}. Les chiffres sont "
    "des variations des log-odds."
)
EFFECT_COLUMNS = (
    "thème",
    "chiffre, tel que le client le lit",
    "client",
    "valeur habituelle des clients acceptés",
    "effet sur les log-odds",
    "écart avec les clients acceptés",
)
NO_FIGURE, PROTECTED_FIGURE = "aucun qu'un client puisse lire", "protégé, jamais communiqué"
NO_VALUE, NO_RECORD = "non connu", "aucune trace"

FINDINGS = {
    Finding.INFORMATIVE: "apportent une information propre",
    Finding.REDUNDANT: "redondantes : presque égales à une variable plus forte",
    Finding.UNUSED: "sans contribution",
}
LEFT_OUT_REASONS = {
    LeftOutBecause.KEY: "une clé, ne dit rien du client",
    LeftOutBecause.OUTCOME: "l'issue elle-même",
    LeftOutBecause.FILTER: "ne sert qu'à choisir les lignes retenues",
    LeftOutBecause.CONSTANT: "presque toujours la même valeur",
    LeftOutBecause.MISSING: "presque toujours absente",
    LeftOutBecause.REPEATED: "répète d'autres colonnes",
}
