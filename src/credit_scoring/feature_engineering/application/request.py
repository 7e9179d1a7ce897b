"""The loan requested, compared with the price it pays for and with the income."""

from credit_scoring.feature_engineering.application.feature_list import FeatureList, Pair
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import MONEY, less_is_riskier, more_is_riskier

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
    Pair("app_annuity_to_income", "AMT_ANNUITY", "AMT_INCOME_TOTAL").means(
        "Instalment relative to the declared income.", more_is_riskier("share"), concept=Concept.AFFORDABILITY
    ),
    Pair("app_credit_to_income", "AMT_CREDIT", "AMT_INCOME_TOTAL").means(
        "Loan requested relative to the declared income.", more_is_riskier("times"), concept=Concept.AFFORDABILITY
    ),
    Pair("app_goods_price_to_income", "AMT_GOODS_PRICE", "AMT_INCOME_TOTAL").means(
        "Price of what the loan pays for relative to the declared income.",
        more_is_riskier("times"),
        concept=Concept.AFFORDABILITY,
    ),
)
request.differences(
    MONEY,
    Pair("app_goods_price_minus_credit", "AMT_GOODS_PRICE", "AMT_CREDIT").means(
        "Part of the price that the loan does not cover; below zero if the loan exceeds the price.",
        less_is_riskier("amount"),
    ),
    Pair("app_income_minus_annuity", "AMT_INCOME_TOTAL", "AMT_ANNUITY").means(
        "Income as stated less one instalment of the loan.", less_is_riskier("amount"), concept=Concept.AFFORDABILITY
    ),
)
request.ratios(
    "ratio",
    Pair("app_price_gap_to_income", "app_goods_price_minus_credit", "AMT_INCOME_TOTAL").means(
        "Part of the price that the loan does not cover relative to the declared income.",
        minimum=None,
        concept=Concept.AFFORDABILITY,
    ),
)
