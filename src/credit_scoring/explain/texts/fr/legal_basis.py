"""French: why each protected concept is protected."""

from credit_scoring.feature_engineering.concepts import Concept

_CODE, _CHARTER = "Code pénal art. 225-1", "Charte des droits fondamentaux art. 21"
_CREDIT = "Directive (UE) 2023/2225 art. 18(3)"

LEGAL_BASIS = {
    Concept.GENDER: f"Sexe. {_CODE} ; Directive 2004/113/CE ; {_CHARTER}.",
    Concept.AGE: f"Âge. {_CODE} ; {_CHARTER}.",
    Concept.FAMILY: f"Situation de famille : mariage, enfants, foyer, accompagnants. {_CODE}.",
    Concept.RESIDENCE: "Lieu de résidence : région et sa note, adresses, immeuble, et mode de logement, qui trahit "
    f"l'âge et la famille. {_CODE}.",
    Concept.TRADE_AND_EDUCATION: "Métier, branche de l'employeur et études : indices de l'origine sociale et du sexe. "
    f"{_CHARTER}.",
    Concept.SOURCE_OF_INCOME: "Pension, congé de maternité, études ou absence d'emploi : indices de l'âge, de la "
    f"grossesse et de la santé. {_CODE}.",
    Concept.HEALTH: "Objet d'un prêt antérieur : médicaments et soins sont parmi les réponses. RGPD art. 9 ; "
    f"{_CREDIT}.",
    Concept.ACQUAINTANCES: "Comment d'autres paient : données d'autrui, et aucun fait propre au client. "
    f"{_CREDIT}, qui n'admet pas les réseaux sociaux.",
    Concept.MOMENT: "Jour et heure d'une demande, dates de formalités : ils peuvent trahir la religion et le mode de "
    f"vie, et ne disent rien de la situation économique ({_CREDIT}).",
    Concept.MIXED: "Calculé avec une donnée écartée parmi d'autres, qu'il trahit : le texte de cette donnée.",
}
