"""What the concepts are called in front of people, in each language."""

from typing import Literal

from credit_scoring.explain.concepts import Concept

Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = ("en", "fr")

TITLES: dict[Concept, dict[Language, str]] = {
    Concept.EXTERNAL_SCORES: {"en": "external scores", "fr": "scores externes"},
    Concept.PAYMENTS_WITH_US: {"en": "payment behaviour with us", "fr": "paiement des échéances chez nous"},
    Concept.LOANS_WITH_US: {"en": "loans with us", "fr": "prêts en cours et passés chez nous"},
    Concept.CARDS_WITH_US: {"en": "use of credit cards", "fr": "usage des cartes de crédit"},
    Concept.EARLIER_APPLICATIONS: {"en": "earlier applications", "fr": "demandes antérieures"},
    Concept.PAYMENTS_ELSEWHERE: {
        "en": "payment behaviour with other lenders",
        "fr": "paiement chez d'autres prêteurs",
    },
    Concept.DEBTS_ELSEWHERE: {"en": "debts with other lenders", "fr": "dettes chez d'autres prêteurs"},
    Concept.CREDIT_HISTORY: {"en": "credit history", "fr": "ancienneté du crédit"},
    Concept.ENQUIRIES: {"en": "recent enquiries", "fr": "interrogations récentes du fichier"},
    Concept.AFFORDABILITY: {"en": "affordability", "fr": "capacité de remboursement"},
    Concept.LOAN_REQUESTED: {"en": "the loan requested", "fr": "prêt demandé"},
    Concept.INCOME_AND_WORK: {"en": "income and work", "fr": "revenu et emploi"},
    Concept.CONTACT_AND_PAPERS: {"en": "contact data and papers", "fr": "coordonnées et pièces fournies"},
    Concept.POSSESSIONS: {"en": "possessions", "fr": "biens possédés"},
    Concept.GENDER: {"en": "gender", "fr": "sexe"},
    Concept.AGE: {"en": "age", "fr": "âge"},
    Concept.FAMILY: {"en": "family situation", "fr": "situation de famille"},
    Concept.RESIDENCE: {"en": "place of residence", "fr": "lieu de résidence"},
    Concept.TRADE_AND_EDUCATION: {"en": "trade and education", "fr": "métier et diplôme"},
    Concept.SOURCE_OF_INCOME: {"en": "source of income", "fr": "origine du revenu"},
    Concept.HEALTH: {"en": "what loans were for", "fr": "objet des prêts"},
    Concept.ACQUAINTANCES: {"en": "acquaintances", "fr": "entourage"},
    Concept.MOMENT: {"en": "moment of the application", "fr": "moment de la demande"},
    Concept.MIXED: {"en": "mixtures with a protected attribute", "fr": "mélanges avec un critère protégé"},
}
"""Title of every concept."""
