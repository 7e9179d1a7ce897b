"""English: what credit officers and auditors read, never clients."""

from credit_scoring.feature_engineering.concepts import Concept

THIRD_PERSON = {"your": "their", "you": "them"}

NAMES = {
    Concept.EXTERNAL_SCORES: "External scores",
    Concept.PAYMENTS_WITH_US: "Payment of loans with us",
    Concept.LOANS_WITH_US: "Loans with us",
    Concept.CARDS_WITH_US: "Use of cards with us",
    Concept.EARLIER_APPLICATIONS: "Earlier applications with us",
    Concept.PAYMENTS_ELSEWHERE: "Payment of credits elsewhere",
    Concept.DEBTS_ELSEWHERE: "Debts elsewhere",
    Concept.CREDIT_HISTORY: "Length and course of the credit history",
    Concept.ENQUIRIES: "Enquiries at the credit bureau",
    Concept.AFFORDABILITY: "Instalments and debts against income",
    Concept.LOAN_REQUESTED: "The loan requested",
    Concept.INCOME_AND_WORK: "Income and time in the job",
    Concept.CONTACT_AND_PAPERS: "Contact data and papers",
    Concept.POSSESSIONS: "Possessions",
    Concept.GENDER: "Gender",
    Concept.AGE: "Age",
    Concept.FAMILY: "Family",
    Concept.RESIDENCE: "Place of residence and housing",
    Concept.TRADE_AND_EDUCATION: "Trade and education",
    Concept.SOURCE_OF_INCOME: "Source of income",
    Concept.HEALTH: "Purpose of earlier loans (health)",
    Concept.ACQUAINTANCES: "Payments of acquaintances",
    Concept.MOMENT: "Dates and times without economic meaning",
    Concept.MIXED: "Measures of earlier models that mixed protected data with others",
}
TABLES = {
    "bureau": "Loans with other lenders",
    "bureau_balance": "Monthly records of loans with other lenders",
    "previous_application": "Earlier applications with us",
    "installments_payments": "Instalments paid to us",
    "POS_CASH_balance": "Monthly records of cash and shop loans with us",
    "credit_card_balance": "Monthly records of credit cards with us",
}

PROTECTED_DECIDES = (
    "Without the data that may not be given as a reason the decision would be the other way. A person must decide."
)

ATTRIBUTES = {
    "gender": "gender",
    "family status": "family status",
    "income type": "income type",
    "age": "age",
    "gender x age": "gender and age",
}
GROUPS = {
    "not known": "not known",
    "F": "women",
    "M": "men",
    "Married": "married",
    "Single / not married": "single",
    "Civil marriage": "civil marriage",
    "Separated": "separated",
    "Widow": "widowed",
    "Working": "working",
    "Commercial associate": "commercial associate",
    "Pensioner": "pensioner",
    "State servant": "state servant",
    "Unemployed": "unemployed",
    "Student": "student",
    "Businessman": "businessman",
    "Maternity leave": "maternity leave",
    "under 30": "under 30",
    "30 to 39": "30 to 39",
    "40 to 49": "40 to 49",
    "50 to 59": "50 to 59",
    "60 and over": "60 and over",
}
GROUP = "{attribute}: {group}"
NO_GROUP = "no group is large enough"
