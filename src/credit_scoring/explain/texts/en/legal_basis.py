"""English: why each protected concept is protected."""

from credit_scoring.feature_engineering.concepts import Concept

LEGAL_BASIS = {
    Concept.GENDER: "Sex. French penal code art. 225-1; Directive 2004/113/EC; Charter of Fundamental Rights art. 21.",
    Concept.AGE: "Age. French penal code art. 225-1; Charter art. 21.",
    Concept.FAMILY: "Family situation: marriage, children, household, company. French penal code art. 225-1.",
    Concept.RESIDENCE: "Place of residence: region, its grade, addresses, the building, and how the client is housed, "
    "which betrays age and family. French penal code art. 225-1.",
    Concept.TRADE_AND_EDUCATION: "Trade, employer's branch and education: proxies of social origin and of sex. "
    "Charter art. 21.",
    Concept.SOURCE_OF_INCOME: "Pension, maternity leave, studies, or no job: proxies of age, pregnancy and health. "
    "French penal code art. 225-1.",
    Concept.HEALTH: "What an earlier loan was for: medicine and treatment are among the answers. GDPR art. 9; "
    "Directive (EU) 2023/2225 art. 18(3).",
    Concept.ACQUAINTANCES: "How other people pay: personal data of others, and no circumstance of the client's own. "
    "Directive (EU) 2023/2225 art. 18(3) admits no social networks.",
    Concept.MOMENT: "Weekday and hour of an application, dates of formalities: they may betray religion and way of "
    "life, and are no economic circumstance (Directive (EU) 2023/2225 art. 18(3)).",
    Concept.MIXED: "Computed from a protected attribute among others, which it reveals: the law of that attribute.",
}
