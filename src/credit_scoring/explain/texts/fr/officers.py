"""French: what credit officers and auditors read, never clients."""

from credit_scoring.feature_engineering.concepts import Concept

THIRD_PERSON = {"votre": "leur", "vos": "leurs"}

NAMES = {
    Concept.EXTERNAL_SCORES: "Scores externes",
    Concept.PAYMENTS_WITH_US: "Paiement des prêts chez nous",
    Concept.LOANS_WITH_US: "Prêts chez nous",
    Concept.CARDS_WITH_US: "Utilisation des cartes chez nous",
    Concept.EARLIER_APPLICATIONS: "Demandes antérieures chez nous",
    Concept.PAYMENTS_ELSEWHERE: "Paiement des crédits ailleurs",
    Concept.DEBTS_ELSEWHERE: "Dettes ailleurs",
    Concept.CREDIT_HISTORY: "Durée et déroulement de l'historique de crédit",
    Concept.ENQUIRIES: "Consultations du fichier des crédits",
    Concept.AFFORDABILITY: "Mensualités et dettes rapportées au revenu",
    Concept.LOAN_REQUESTED: "Le prêt demandé",
    Concept.INCOME_AND_WORK: "Revenu et ancienneté dans l'emploi",
    Concept.CONTACT_AND_PAPERS: "Coordonnées et pièces fournies",
    Concept.POSSESSIONS: "Biens",
    Concept.GENDER: "Sexe",
    Concept.AGE: "Âge",
    Concept.FAMILY: "Situation de famille",
    Concept.RESIDENCE: "Lieu de résidence et logement",
    Concept.TRADE_AND_EDUCATION: "Métier et études",
    Concept.SOURCE_OF_INCOME: "Nature du revenu",
    Concept.HEALTH: "Objet des prêts antérieurs (santé)",
    Concept.ACQUAINTANCES: "Paiements de l'entourage",
    Concept.MOMENT: "Dates et heures sans portée économique",
    Concept.MIXED: "Mesures de modèles antérieurs mêlant une donnée protégée à d'autres",
}
TABLES = {
    "bureau": "Crédits auprès d'autres prêteurs",
    "bureau_balance": "Relevés mensuels des crédits auprès d'autres prêteurs",
    "previous_application": "Demandes antérieures chez nous",
    "installments_payments": "Échéances payées chez nous",
    "POS_CASH_balance": "Relevés mensuels des prêts chez nous",
    "credit_card_balance": "Relevés mensuels des cartes de crédit chez nous",
}

PROTECTED_DECIDES = (
    "Sans les données qui ne peuvent être données comme motif, la décision serait inverse. "
    "Une personne doit décider."
)

ATTRIBUTES = {
    "gender": "sexe",
    "family status": "situation de famille",
    "income type": "nature du revenu",
    "age": "âge",
    "gender x age": "sexe et âge",
}
GROUPS = {
    "not known": "non connu",
    "F": "femmes",
    "M": "hommes",
    "Married": "marié",
    "Single / not married": "célibataire",
    "Civil marriage": "union civile",
    "Separated": "séparé",
    "Widow": "veuf",
    "Working": "salarié",
    "Commercial associate": "associé commercial",
    "Pensioner": "retraité",
    "State servant": "fonctionnaire",
    "Unemployed": "sans emploi",
    "Student": "étudiant",
    "Businessman": "chef d'entreprise",
    "Maternity leave": "congé de maternité",
    "under 30": "moins de 30 ans",
    "30 to 39": "30 à 39 ans",
    "40 to 49": "40 à 49 ans",
    "50 to 59": "50 à 59 ans",
    "60 and over": "60 ans et plus",
}
GROUP = "{attribute}\N{NO-BREAK SPACE}: {group}"
NO_GROUP = "aucun groupe n'est assez grand"
