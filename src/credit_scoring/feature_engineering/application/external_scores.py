"""The three external scores combined: the strongest predictors of an application."""

from functools import partial

import numpy as np

from credit_scoring.data_contracts.application.external_information import SCORE
from credit_scoring.feature_engineering.application import arithmetic
from credit_scoring.feature_engineering.application.arithmetic import Values
from credit_scoring.feature_engineering.application.derived_columns import CAUTIOUS_SCORES, USUAL_SCORES
from credit_scoring.feature_engineering.application.feature_list import FeatureList
from credit_scoring.feature_engineering.application.training_statistics import EXTERNAL_SCORES
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import less_is_riskier

external_scores = FeatureList(Concept.EXTERNAL_SCORES)

PRODUCT = "product of scores"

combine = partial(external_scores.add, unit=SCORE, monotone=-1, minimum=0, maximum=1)
"""Declares a number from 0 to 1 that falls with risk."""


def _weighted(*scores: Values) -> Values:
    weights = np.array((2.0, 1.0, 3.0))[:, np.newaxis]
    known = arithmetic.known_sum(*(weights * ~np.isnan(scores)))
    return arithmetic.ratio(arithmetic.known_sum(*(weights * scores)), known)


def _mean_of_three(first: Values, second: Values, third: Values) -> Values:
    return (first + second + third) / 3.0


def _weighted_of_three(first: Values, second: Values, third: Values) -> Values:
    return (1.9 * first + 2.1 * second + 2.6 * third) / 6.6


external_scores.add(
    "app_ext_source_known_count",
    arithmetic.known_count,
    EXTERNAL_SCORES,
    unit="scores",
    meaning="How many of the three external scores are known.",
    minimum=0,
    maximum=3,
    nullable=False,
)
external_scores.add(
    "app_ext_source_sum",
    arithmetic.known_sum,
    EXTERNAL_SCORES,
    unit="sum of scores",
    meaning="Sum of the known external scores.",
    monotone=-1,
    minimum=0,
    maximum=3,
    nullable=False,
)
combine(
    "app_ext_source_mean",
    arithmetic.ratio,
    ("app_ext_source_sum", "app_ext_source_known_count"),
    meaning="Average of the known external scores.",
    disclosure=less_is_riskier("score"),
)
combine(
    "app_ext_source_min",
    arithmetic.lowest,
    EXTERNAL_SCORES,
    meaning="Lowest of the known external scores.",
    disclosure=less_is_riskier("score"),
)
combine("app_ext_source_max", arithmetic.highest, EXTERNAL_SCORES, meaning="Highest of the known external scores.")
combine("app_ext_source_median", arithmetic.middle, EXTERNAL_SCORES, meaning="Median of the known external scores.")
external_scores.add(
    "app_ext_source_range",
    np.subtract,
    ("app_ext_source_max", "app_ext_source_min"),
    unit=SCORE,
    meaning="Difference between the highest and the lowest known external score.",
)
combine(
    "app_ext_source_product",
    arithmetic.product,
    EXTERNAL_SCORES,
    unit=PRODUCT,
    meaning="Product of the three external scores, high only if all three are; missing if one is.",
)
for _numbers, _pair, _both in (
    ("1_2", ("EXT_SOURCE_1", "EXT_SOURCE_2"), "first and second"),
    ("1_3", ("EXT_SOURCE_1", "EXT_SOURCE_3"), "first and third"),
    ("2_3", ("EXT_SOURCE_2", "EXT_SOURCE_3"), "second and third"),
):
    combine(
        f"app_ext_source_product_{_numbers}",
        arithmetic.product,
        _pair,
        unit=PRODUCT,
        meaning=f"Product of the {_both} external score; missing if one is.",
    )
    combine(
        f"app_ext_source_mean_{_numbers}",
        arithmetic.known_mean,
        _pair,
        meaning=f"Average of the {_both} external score, or the one that is known.",
    )
combine(
    "app_ext_source_weighted",
    _weighted,
    EXTERNAL_SCORES,
    meaning="Average of the known external scores, the third counting three times and the first twice.",
)
combine(
    "app_ext_source_geometric_mean_2_3",
    np.sqrt,
    ("app_ext_source_product_2_3",),
    meaning="Geometric average of the second and third external score: one bad score weighs more than one good.",
)
combine(
    "app_ext_source_filled_mean",
    _mean_of_three,
    USUAL_SCORES,
    meaning="Average of the three external scores, the training median standing in for a missing one.",
)
combine(
    "app_ext_source_cautious_mean",
    _mean_of_three,
    CAUTIOUS_SCORES,
    meaning="Average of the three external scores, a missing one counting like the lower quartile in training.",
)
combine(
    "app_ext_source_cautious_weighted",
    _weighted_of_three,
    CAUTIOUS_SCORES,
    meaning="Cautious average of the external scores with weights 1.9, 2.1 and 2.6.",
)
