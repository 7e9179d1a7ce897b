"""What is asked for, against what the client earns and what is usual."""

import numpy as np

from credit_scoring.feature_engineering.application.arithmetic import Values, ratio
from credit_scoring.feature_engineering.application.feature_list import FeatureList

request = FeatureList()

request.ratios(
    "instalments",
    (
        "app_credit_to_annuity",
        "AMT_CREDIT",
        "AMT_ANNUITY",
        "Loan asked for, in instalments: about how long it will take to pay it back.",
    ),
    (
        "app_goods_price_to_annuity",
        "AMT_GOODS_PRICE",
        "AMT_ANNUITY",
        "Price of what the loan pays for, in instalments.",
    ),
)
request.ratios(
    "ratio",
    (
        "app_credit_to_goods_price",
        "AMT_CREDIT",
        "AMT_GOODS_PRICE",
        "Loan asked for relative to the price of what it pays for; above 1 when insurance or cash is added.",
    ),
    ("app_annuity_to_income", "AMT_ANNUITY", "AMT_INCOME_TOTAL", "Instalment relative to the yearly income."),
    (
        "app_credit_to_income",
        "AMT_CREDIT",
        "AMT_INCOME_TOTAL",
        "Loan asked for relative to the yearly income.",
    ),
    (
        "app_goods_price_to_income",
        "AMT_GOODS_PRICE",
        "AMT_INCOME_TOTAL",
        "Price of what the loan pays for relative to the yearly income.",
    ),
)
request.differences(
    "currency units",
    (
        "app_goods_price_minus_credit",
        "AMT_GOODS_PRICE",
        "AMT_CREDIT",
        "Part of the price that the loan does not cover; below zero if the loan exceeds the price.",
    ),
    (
        "app_income_minus_annuity",
        "AMT_INCOME_TOTAL",
        "AMT_ANNUITY",
        "Income as stated less one instalment of the loan.",
    ),
)
request.ratios(
    "ratio",
    (
        "app_price_gap_to_income",
        "app_goods_price_minus_credit",
        "AMT_INCOME_TOTAL",
        "Part of the price that the loan does not cover relative to the yearly income.",
    ),
    minimum=None,
)
request.ratios(
    "currency units",
    (
        "app_income_per_person",
        "AMT_INCOME_TOTAL",
        "CNT_FAM_MEMBERS",
        "Yearly income per person in the household.",
    ),
    ("app_credit_per_person", "AMT_CREDIT", "CNT_FAM_MEMBERS", "Loan asked for per person in the household."),
)


@request.feature(unit="currency units", meaning="Instalment per adult in the household.", minimum=0)
def app_annuity_per_adult(AMT_ANNUITY: Values, CNT_FAM_MEMBERS: Values, CNT_CHILDREN: Values) -> Values:
    return ratio(AMT_ANNUITY, np.maximum(CNT_FAM_MEMBERS - CNT_CHILDREN, 0.0))


@request.feature(unit="currency units", meaning="Yearly income for the client and each child.", minimum=0)
def app_income_per_child(AMT_INCOME_TOTAL: Values, CNT_CHILDREN: Values) -> Values:
    return ratio(AMT_INCOME_TOTAL, CNT_CHILDREN + 1.0)


@request.feature(
    unit="years",
    meaning="Age of the client when the loan would be paid back, if the term is the loan in instalments.",
    minimum=0,
)
def app_age_at_payoff(DAYS_BIRTH: Values, app_credit_to_annuity: Values) -> Values:
    return DAYS_BIRTH / -365.25 + app_credit_to_annuity / 12.0


request.ratios(
    "ratio",
    (
        "app_income_to_occupation_median",
        "AMT_INCOME_TOTAL",
        "income_by_occupation",
        "Income relative to the median income of training applications in the same occupation.",
    ),
    (
        "app_income_to_organization_median",
        "AMT_INCOME_TOTAL",
        "income_by_organization",
        "Income relative to the median income of training applications from the same branch of employer.",
    ),
    (
        "app_income_to_education_median",
        "AMT_INCOME_TOTAL",
        "income_by_education",
        "Income relative to the median income of training applications with the same degree.",
    ),
    (
        "app_income_to_age_median",
        "AMT_INCOME_TOTAL",
        "income_by_age",
        "Income relative to the median income of training applications of the same age, in five-year bands.",
    ),
    (
        "app_credit_to_occupation_median",
        "AMT_CREDIT",
        "credit_by_occupation",
        "Loan asked for relative to the median loan of training applications in the same occupation.",
    ),
    (
        "app_annuity_to_occupation_median",
        "AMT_ANNUITY",
        "annuity_by_occupation",
        "Instalment relative to the median instalment of training applications in the same occupation.",
    ),
    (
        "app_term_to_age_median",
        "app_credit_to_annuity",
        "term_by_age",
        "Loan in instalments relative to the median of training applications of the same age.",
    ),
)
