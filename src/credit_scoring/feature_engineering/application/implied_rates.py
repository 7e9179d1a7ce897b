"""Interest rate and term that the amount and instalment of the requested loan imply.

The application does not state its term. Each common loan term implies an interest rate; only some of the rates are
plausible, and these bound the true one.
"""

from functools import partial

import numpy as np

from credit_scoring.feature_engineering.application import arithmetic
from credit_scoring.feature_engineering.application.arithmetic import Values
from credit_scoring.feature_engineering.application.derived_columns import rates_on
from credit_scoring.feature_engineering.application.feature_list import FeatureList
from credit_scoring.feature_engineering.application.loan_terms import HIGHEST_PLAUSIBLE, LOAN_TERMS, LOWEST_PLAUSIBLE
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import more_is_riskier

implied_rates = FeatureList(Concept.LOAN_REQUESTED)
_add_rate = partial(implied_rates.add, unit="rate per year", minimum=LOWEST_PLAUSIBLE, maximum=HIGHEST_PLAUSIBLE)


def _shortest_term(*rates: Values) -> Values:
    """The shortest loan term over which the rate is plausible."""
    terms = zip(LOAN_TERMS, rates, strict=True)
    return arithmetic.lowest(*(np.where(np.isnan(rate), np.nan, term) for term, rate in terms))


_add_rate(
    "app_implied_rate_min",
    arithmetic.lowest,
    rates_on("credit"),
    meaning="Lowest plausible yearly interest rate that instalment and amount allow.",
    disclosure=more_is_riskier("rate"),
)
_add_rate(
    "app_implied_rate_max",
    arithmetic.highest,
    rates_on("credit"),
    meaning="Highest plausible yearly interest rate that instalment and amount allow.",
)
_add_rate(
    "app_implied_rate_on_price_min",
    arithmetic.lowest,
    rates_on("goods_price"),
    meaning="Lowest plausible yearly rate that the instalment allows on the price alone, without added insurance.",
)
implied_rates.add(
    "app_implied_term_count",
    arithmetic.known_count,
    rates_on("credit"),
    unit="terms",
    meaning="How many of the usual terms give a plausible interest rate.",
    minimum=0,
    maximum=len(LOAN_TERMS),
    nullable=False,
)
implied_rates.add(
    "app_implied_term_min",
    _shortest_term,
    rates_on("credit"),
    unit="instalments",
    meaning="Shortest of the usual terms that gives a plausible interest rate.",
    minimum=LOAN_TERMS[0],
    maximum=LOAN_TERMS[-1],
)
implied_rates.add(
    "app_implied_interest_to_income",
    lambda term, annuity, credit, income: arithmetic.ratio(term * annuity - credit, income),
    ("app_implied_term_min", "AMT_ANNUITY", "AMT_CREDIT", "AMT_INCOME_TOTAL"),
    unit="ratio",
    meaning="Interest of the shortest plausible term relative to the declared income.",
    concept=Concept.AFFORDABILITY,
)
