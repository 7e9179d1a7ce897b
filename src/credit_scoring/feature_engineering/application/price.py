"""What the loan costs: the interest rate and the term that fit its amount and instalment.

The application does not state its term. For each usual term the instalment implies an interest; only some of them
are plausible, and those bound the true one.
"""

import numpy as np

from credit_scoring.feature_engineering.application.arithmetic import Values, known_count, ratio
from credit_scoring.feature_engineering.application.definition import FeatureGroup

price = FeatureGroup()

USUAL_TERMS = np.arange(6.0, 61.0, 6.0)[:, np.newaxis]
"""Numbers of instalments, as a column against the row of applications."""
LOWEST_PLAUSIBLE, HIGHEST_PLAUSIBLE = 0.08, 0.50
"""Bounds of the simple yearly rate of a plausible offer."""


def plausible_rates(amount: Values, instalment: Values) -> Values:
    """Simple yearly interest rates, shape (usual terms, applications); NaN where not plausible.

    The rate is 24 (n a - c) / (c (n + 1)) for n instalments a on an amount c: interest over average debt.
    """
    rates = (ratio(instalment, amount) * USUAL_TERMS - 1.0) * (24.0 / (USUAL_TERMS + 1.0))
    return np.where((rates >= LOWEST_PLAUSIBLE) & (rates <= HIGHEST_PLAUSIBLE), rates, np.nan)


def _lowest(by_term: Values) -> Values:
    result: Values = np.fmin.reduce(by_term, axis=0)
    return result


def _highest(by_term: Values) -> Values:
    result: Values = np.fmax.reduce(by_term, axis=0)
    return result


RATE = "rate per year"


@price.feature(
    unit=RATE,
    meaning="Lowest plausible yearly interest rate that instalment and amount allow.",
    minimum=LOWEST_PLAUSIBLE,
    maximum=HIGHEST_PLAUSIBLE,
)
def app_implied_rate_min(AMT_CREDIT: Values, AMT_ANNUITY: Values) -> Values:
    return _lowest(plausible_rates(AMT_CREDIT, AMT_ANNUITY))


@price.feature(
    unit=RATE,
    meaning="Highest plausible yearly interest rate that instalment and amount allow.",
    minimum=LOWEST_PLAUSIBLE,
    maximum=HIGHEST_PLAUSIBLE,
)
def app_implied_rate_max(AMT_CREDIT: Values, AMT_ANNUITY: Values) -> Values:
    return _highest(plausible_rates(AMT_CREDIT, AMT_ANNUITY))


@price.feature(
    unit=RATE,
    meaning="Lowest plausible yearly rate that the instalment allows on the price alone, without added insurance.",
    minimum=LOWEST_PLAUSIBLE,
    maximum=HIGHEST_PLAUSIBLE,
)
def app_implied_rate_on_price_min(AMT_GOODS_PRICE: Values, AMT_ANNUITY: Values) -> Values:
    return _lowest(plausible_rates(AMT_GOODS_PRICE, AMT_ANNUITY))


@price.feature(
    unit="terms",
    meaning="How many of the usual terms give a plausible interest rate.",
    minimum=0,
    maximum=USUAL_TERMS.size,
    nullable=False,
)
def app_implied_term_count(AMT_CREDIT: Values, AMT_ANNUITY: Values) -> Values:
    return known_count(*plausible_rates(AMT_CREDIT, AMT_ANNUITY))


@price.feature(
    unit="instalments",
    meaning="Shortest of the usual terms that gives a plausible interest rate.",
    minimum=6,
    maximum=60,
)
def app_implied_term_min(AMT_CREDIT: Values, AMT_ANNUITY: Values) -> Values:
    rates = plausible_rates(AMT_CREDIT, AMT_ANNUITY)
    return _lowest(np.where(np.isnan(rates), np.nan, USUAL_TERMS))


@price.feature(
    unit="ratio",
    meaning="Interest of the shortest plausible term relative to the yearly income.",
)
def app_implied_interest_to_income(
    app_implied_term_min: Values, AMT_ANNUITY: Values, AMT_CREDIT: Values, AMT_INCOME_TOTAL: Values
) -> Values:
    return ratio(app_implied_term_min * AMT_ANNUITY - AMT_CREDIT, AMT_INCOME_TOTAL)
