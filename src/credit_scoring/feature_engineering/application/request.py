"""What is asked for, against what the client earns and how the client lives."""

from credit_scoring.feature_engineering.application.arithmetic import ratio
from credit_scoring.feature_engineering.application.definition import FeatureGroup, Values
from credit_scoring.feature_engineering.application.population import Population

request = FeatureGroup()


@request.feature(
    unit="instalments",
    meaning="Loan asked for, in instalments: about how long it will take to pay it back.",
    minimum=0,
)
def app_credit_to_annuity(AMT_CREDIT: Values, AMT_ANNUITY: Values) -> Values:
    return ratio(AMT_CREDIT, AMT_ANNUITY)


@request.feature(
    unit="ratio",
    meaning="Loan asked for relative to the price of what it pays for; above 1 when insurance or cash is added.",
    minimum=0,
)
def app_credit_to_goods_price(AMT_CREDIT: Values, AMT_GOODS_PRICE: Values) -> Values:
    return ratio(AMT_CREDIT, AMT_GOODS_PRICE)


@request.feature(
    unit="currency units",
    meaning="Price of the goods that the loan does not cover; below zero if it exceeds it.",
)
def app_goods_price_minus_credit(AMT_GOODS_PRICE: Values, AMT_CREDIT: Values) -> Values:
    return AMT_GOODS_PRICE - AMT_CREDIT


@request.feature(unit="ratio", meaning="Instalment relative to the declared yearly income.", minimum=0)
def app_annuity_to_income(AMT_ANNUITY: Values, AMT_INCOME_TOTAL: Values) -> Values:
    return ratio(AMT_ANNUITY, AMT_INCOME_TOTAL)


@request.feature(unit="ratio", meaning="Loan asked for relative to the declared yearly income.", minimum=0)
def app_credit_to_income(AMT_CREDIT: Values, AMT_INCOME_TOTAL: Values) -> Values:
    return ratio(AMT_CREDIT, AMT_INCOME_TOTAL)


@request.feature(unit="currency units", meaning="Yearly income per person in the household.", minimum=0)
def app_income_per_person(AMT_INCOME_TOTAL: Values, CNT_FAM_MEMBERS: Values) -> Values:
    return ratio(AMT_INCOME_TOTAL, CNT_FAM_MEMBERS)


@request.feature(
    unit="share from 0 to 1", meaning="Part of the client's life spent in the present job.", minimum=0
)
def app_employed_share_of_life(DAYS_EMPLOYED: Values, DAYS_BIRTH: Values) -> Values:
    return ratio(DAYS_EMPLOYED, DAYS_BIRTH)


@request.feature(
    unit="ratio",
    meaning="Income relative to the median income of training applications from the same occupation.",
    minimum=0,
)
def app_income_to_occupation_median(
    AMT_INCOME_TOTAL: Values, OCCUPATION_TYPE: Values, population: Population
) -> Values:
    return ratio(AMT_INCOME_TOTAL, population.income_by_occupation.of(OCCUPATION_TYPE))


@request.feature(
    unit="ratio",
    meaning="Income relative to the median income of training applications from the same branch of employer.",
    minimum=0,
)
def app_income_to_organization_median(
    AMT_INCOME_TOTAL: Values, ORGANIZATION_TYPE: Values, population: Population
) -> Values:
    return ratio(AMT_INCOME_TOTAL, population.income_by_organization.of(ORGANIZATION_TYPE))
