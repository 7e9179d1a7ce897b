"""Properties of request and client divided by the external scores: the same sum weighs more on a weaker client."""

from credit_scoring.feature_engineering.application.arithmetic import ratio
from credit_scoring.feature_engineering.application.feature_list import FeatureList
from credit_scoring.feature_engineering.concepts import Concept

score_interactions = FeatureList(Concept.EXTERNAL_SCORES)

_DIVIDED = {
    "credit": ("AMT_CREDIT", "Loan requested", 0),
    "annuity": ("AMT_ANNUITY", "Instalment", 0),
    "goods_price": ("AMT_GOODS_PRICE", "Price of what the loan pays for", 0),
    "income": ("AMT_INCOME_TOTAL", "Declared income", 0),
    "credit_to_annuity": ("app_credit_to_annuity", "Loan requested, in instalments,", 0),
    "credit_to_income": ("app_credit_to_income", "Loan requested relative to the declared income,", 0),
    "annuity_to_income": ("app_annuity_to_income", "Instalment relative to the declared income,", 0),
    "employed": ("DAYS_EMPLOYED", "Start of the present job, in days and below zero,", None),
}
_DIVISORS = {
    "ext_source_3": ("EXT_SOURCE_3", "third external score"),
    "ext_source": ("app_ext_source_cautious_mean", "cautious average of the external scores"),
}

for _short, (_score, _score_phrase) in _DIVISORS.items():
    for _name, (_input, _phrase, _minimum) in _DIVIDED.items():
        score_interactions.add(
            f"app_{_name}_per_{_short}",
            ratio,
            (_input, _score),
            unit="per unit of score",
            meaning=f"{_phrase} divided by the {_score_phrase}.",
            minimum=_minimum,
        )
