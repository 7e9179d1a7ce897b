"""The loan requested, compared with income and with what comparable clients request."""

import numpy as np

from credit_scoring.feature_engineering.application.arithmetic import ratio
from credit_scoring.feature_engineering.application.feature_list import FeatureList, Pair
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import DAYS_PER_YEAR, MONEY, less_is_riskier, more_is_riskier

request = FeatureList(Concept.LOAN_REQUESTED)

request.ratios(
    "instalments",
    Pair("app_credit_to_annuity", "AMT_CREDIT", "AMT_ANNUITY").means(
        "Loan requested, in instalments: about how long it will take to pay it back.", more_is_riskier("count")
    ),
    Pair("app_goods_price_to_annuity", "AMT_GOODS_PRICE", "AMT_ANNUITY").means(
        "Price of what the loan pays for, in instalments."
    ),
)
request.ratios(
    "ratio",
    Pair("app_credit_to_goods_price", "AMT_CREDIT", "AMT_GOODS_PRICE").means(
        "Loan requested relative to the price of what it pays for; above 1 when insurance or cash is added.",
        more_is_riskier("share"),
    ),
)
request.ratios(
    "ratio",
    Pair("app_annuity_to_income", "AMT_ANNUITY", "AMT_INCOME_TOTAL").means(
        "Instalment relative to the yearly income.", more_is_riskier("share")
    ),
    Pair("app_credit_to_income", "AMT_CREDIT", "AMT_INCOME_TOTAL").means(
        "Loan requested relative to the yearly income.", more_is_riskier("times")
    ),
    Pair("app_goods_price_to_income", "AMT_GOODS_PRICE", "AMT_INCOME_TOTAL").means(
        "Price of what the loan pays for relative to the yearly income.", more_is_riskier("times")
    ),
    concept=Concept.AFFORDABILITY,
)
request.differences(
    MONEY,
    Pair("app_goods_price_minus_credit", "AMT_GOODS_PRICE", "AMT_CREDIT").means(
        "Part of the price that the loan does not cover; below zero if the loan exceeds the price.",
        less_is_riskier("amount"),
    ),
)
request.differences(
    MONEY,
    Pair("app_income_minus_annuity", "AMT_INCOME_TOTAL", "AMT_ANNUITY").means(
        "Income as stated less one instalment of the loan.", less_is_riskier("amount")
    ),
    concept=Concept.AFFORDABILITY,
)
request.ratios(
    "ratio",
    Pair("app_price_gap_to_income", "app_goods_price_minus_credit", "AMT_INCOME_TOTAL").means(
        "Part of the price that the loan does not cover relative to the yearly income."
    ),
    minimum=None,
    concept=Concept.AFFORDABILITY,
)
request.ratios(
    MONEY,
    Pair("app_income_per_person", "AMT_INCOME_TOTAL", "CNT_FAM_MEMBERS").means(
        "Yearly income per person in the household."
    ),
    Pair("app_credit_per_person", "AMT_CREDIT", "CNT_FAM_MEMBERS").means("Loan requested per person in the household."),
)
request.add(
    "app_annuity_per_adult",
    lambda annuity, members, children: ratio(annuity, np.maximum(members - children, 0.0)),
    ("AMT_ANNUITY", "CNT_FAM_MEMBERS", "CNT_CHILDREN"),
    unit=MONEY,
    meaning="Instalment per adult in the household.",
    minimum=0,
)
request.add(
    "app_income_per_child",
    lambda income, children: ratio(income, children + 1.0),
    ("AMT_INCOME_TOTAL", "CNT_CHILDREN"),
    unit=MONEY,
    meaning="Yearly income for the client and each child.",
    minimum=0,
)
request.add(
    "app_age_at_payoff",
    lambda days_birth, term: days_birth / -DAYS_PER_YEAR + term / 12.0,
    ("DAYS_BIRTH", "app_credit_to_annuity"),
    unit="years",
    meaning="Age of the client when the loan would be paid back, if the term is the loan in instalments.",
    minimum=0,
)
request.ratios(
    "ratio",
    Pair("app_income_to_occupation_median", "AMT_INCOME_TOTAL", "income_by_occupation").means(
        "Income relative to the median income of training applications in the same occupation."
    ),
    Pair("app_income_to_organization_median", "AMT_INCOME_TOTAL", "income_by_organization").means(
        "Income relative to the median income of training applications from the same branch of employer."
    ),
    Pair("app_income_to_education_median", "AMT_INCOME_TOTAL", "income_by_education").means(
        "Income relative to the median income of training applications with the same degree."
    ),
    Pair("app_income_to_age_median", "AMT_INCOME_TOTAL", "income_by_age").means(
        "Income relative to the median income of training applications of the same age, in five-year bands."
    ),
    Pair("app_credit_to_occupation_median", "AMT_CREDIT", "credit_by_occupation").means(
        "Loan requested relative to the median loan of training applications in the same occupation."
    ),
    Pair("app_annuity_to_occupation_median", "AMT_ANNUITY", "annuity_by_occupation").means(
        "Instalment relative to the median instalment of training applications in the same occupation."
    ),
    Pair("app_term_to_age_median", "app_credit_to_annuity", "term_by_age").means(
        "Loan in instalments relative to the median of training applications of the same age."
    ),
)
