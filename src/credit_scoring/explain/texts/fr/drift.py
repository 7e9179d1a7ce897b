"""French: the drift report; `documents.typeset` sets the spaces."""

TITLE = "Dérive et performance"
SUBTITLE = "{current}, par rapport à {baseline} ; demandes : {decisions} ; modèle : {model} ; calcul du {run_at}"
STATUSES = {"too few": "Trop peu de décisions", "stable": "Stable", "warning": "Avertissement", "alarm": "Alarme"}
MODEL_BASELINE = "l'apprentissage de la version {} du modèle"
VERSION_BASELINE = "la population d'apprentissage de la version {} des variables"
LEDGER = "Décisions du {since} au {until}"
VERSION = "Demandes de la version {} des variables"

SINCE = "{moved} (situation instable depuis le {date})"
SINCE_COMPARISON = "{moved} (situation instable depuis la comparaison du {date})"
DRIFTED = "une dérive touche {drifted} des {features} variables : {groups}"
DRIFTED_LITTLE = "une dérive touche {drifted} des {features} variables, trop peu pour un avertissement : {groups}"
NONE_DRIFTED = "aucune des {features} variables n'a dérivé"
DEFAULT_RATE = (
    "{rate} des demandes acceptées dont l'issue a été connue ont fait défaut, plus que l'intervalle attendu "
    "(de {low} à {high})"
)
AND_ALSO = "{default_rate}, et {features}"
GROUP = "« {name} », avec {count} variables, surtout « {feature} » ({change})"
SINGLE = "« {name} » : « {feature} » ({change})"
UNPHRASED_GROUP = "« {name} », avec {count} variables (surtout : {change})"
UNPHRASED_SINGLE = "« {name} » ({change})"
SEPARATOR = " ; "
MORE_GROUPS = "autres groupes (variables : {count})"
NOTHING = "il n'y a rien à comparer : aucune demande que ce modèle aurait pu traiter n'a été trouvée"
TOO_FEW = "trop peu de demandes ont pu être comparées : {decisions}, alors qu'un verdict en exige {minimum}"
MISSING = "valeur absente pour {now} des demandes au lieu de {before}"
HIGHER = "valeurs plus élevées qu'à l'apprentissage"
LOWER = "valeurs plus basses qu'à l'apprentissage"
SMALL = "aucun changement notable"
OTHER = "{bin} : {now} des demandes au lieu de {before}"

COMPARE_MORE = "comparez une période plus longue, ou attendez davantage de demandes"
KEEP = "aucune action n'est nécessaire"
CONFIRM = "aucune limite n'est dépassée ; vérifiez que le changement de « {name} » était voulu"
CHECK_DATA = (
    "cherchez si ce sont les données de « {name} » ou les demandeurs qui ont changé : corrigez les données si elles "
    "sont fausses, prévoyez un nouvel apprentissage si elles sont justes"
)
TRAIN_AGAIN = (
    "contrôlez dès aujourd'hui les données de « {name} » ; si elles sont justes, entraînez un nouveau modèle sur des "
    "demandes récentes et faites revoir les décisions par les conseillers jusqu'à sa mise en production"
)
REVIEW = (
    "le modèle sous-estime désormais le risque : faites revoir par les conseillers les acceptations proches du seuil, "
    "et entraînez un nouveau modèle sur des dossiers récents dont l'issue est connue"
)
RISKIER = (
    "les demandes acceptées sont désormais plus risquées, comme le modèle l'avait prévu : vérifiez que le seuil et "
    "l'offre leur conviennent encore"
)
NEXT_WINDOW = (
    "{action} ; si la prochaine période, sans jour commun avec celle-ci, le confirme, l'alarme sera déclenchée"
)

CATEGORY = "« {} »"
BELOW, EXACTLY, FROM_, ABOVE, MISSING_BIN = "moins de {}", "{}", "dès {}", "plus de {}", "absente"
BEFORE, NOW = "apprentissage", "actuel"
SCORE = "part des variables qui ont dérivé"
ESTIMATED, MEASURED, EXPECTED = "estimé", "mesuré", "attendu"
COST = "coût par client"
DEFAULT_RATE_OF_ACCEPTED = "taux de défaut des acceptés"
WHOLE, WINDOW = "ensemble", "cette période"
HISTORY_CAPTION = (
    "Part des variables qui ont dérivé à chaque comparaison, colorée selon le verdict ; les tirets sont les limites"
)
FEATURES_CAPTION = (
    "Les dix variables les plus marquantes : part des demandes dans chaque tranche de valeurs, à l'apprentissage et "
    "aujourd'hui"
)
PROBABILITY_CAPTION = "Probabilité de défaut : part des demandes dans chaque tranche, à l'apprentissage et aujourd'hui"
MONTHS_CAPTION = (
    "Par mois de décision, avec intervalles à 95 % ; les valeurs mesurées et attendues portent sur les décisions "
    "d'issue connue"
)

ATTRIBUTES = {"client": "client", "contract type": "type de contrat"}
GROUPS = {
    "known": "avec historique",
    "new": "sans historique",
    "Cash loans": "prêts amortissables",
    "Revolving loans": "crédits renouvelables",
}
FEW = "{} (trop peu pour comparer)"
AS_ESTIMATED, BETTER, WORSE = "conforme à l'estimation", "inférieur à l'estimation", "supérieur à l'estimation"
LEFT_OUT = {
    "erased": "données personnelles effacées",
    "decided by another model": "décidées par une autre version du modèle",
}
NO_EVIDENTLY_PAGE = {
    "nothing to compare": "Il n'y a pas de page d'Evidently, car trop peu de demandes ont pu être comparées.",
    "not installed": "Il n'y a pas de page d'Evidently, car ce logiciel n'est pas installé : lancez "
    "`pip install 'credit-scoring[drift]'`, puis de nouveau la comparaison.",
    "no training rows": "Il n'y a pas de page d'Evidently, car l'entrepôt de variables ne contient plus les demandes "
    "sur lesquelles le modèle a été entraîné.",
}
