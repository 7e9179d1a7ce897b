"""The three external scores combined: the strongest predictors of an application."""

import numpy as np

from credit_scoring.feature_engineering.application.arithmetic import (
    Reduction,
    Values,
    highest,
    known_count,
    known_mean,
    known_sum,
    lowest,
    middle,
    product,
    ratio,
    unchanged,
)
from credit_scoring.feature_engineering.application.derived_columns import cautious, usual
from credit_scoring.feature_engineering.application.feature_list import FeatureList, Pair
from credit_scoring.feature_engineering.application.training_statistics import EXTERNAL_SCORES
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import less_is_riskier

external_scores = FeatureList(Concept.EXTERNAL_SCORES)

SCORE = "score from 0 to 1"
PAIRS = (("EXT_SOURCE_1", "EXT_SOURCE_2"), ("EXT_SOURCE_1", "EXT_SOURCE_3"), ("EXT_SOURCE_2", "EXT_SOURCE_3"))
ORDINAL = {"EXT_SOURCE_1": "first", "EXT_SOURCE_2": "second", "EXT_SOURCE_3": "third"}

external_scores.add(
    "app_ext_source_known_count",
    known_count,
    EXTERNAL_SCORES,
    unit="scores",
    meaning="How many of the three external scores are known.",
    minimum=0,
    maximum=3,
    nullable=False,
)
external_scores.add(
    "app_ext_source_sum",
    known_sum,
    EXTERNAL_SCORES,
    unit="sum of scores",
    meaning="Sum of the known external scores.",
    monotone=-1,
    minimum=0,
    maximum=3,
    nullable=False,
)
external_scores.add(
    "app_ext_source_mean",
    ratio,
    ("app_ext_source_sum", "app_ext_source_known_count"),
    unit=SCORE,
    meaning="Average of the known external scores.",
    minimum=0,
    disclosure=less_is_riskier("score"),
    monotone=-1,
)
for _name, _function, _phrase, _disclosure in (
    ("min", lowest, "Lowest", less_is_riskier("score")),
    ("max", highest, "Highest", None),
    ("median", middle, "Median", None),
):
    external_scores.add(
        f"app_ext_source_{_name}",
        _function,
        EXTERNAL_SCORES,
        unit=SCORE,
        meaning=f"{_phrase} of the known external scores.",
        disclosure=_disclosure,
        monotone=-1,
        minimum=0,
        maximum=1,
    )
external_scores.differences(
    SCORE,
    Pair(
        "app_ext_source_range",
        "app_ext_source_max",
        "app_ext_source_min",
        "How far the known external scores lie apart.",
    ),
)


external_scores.add(
    "app_ext_source_product",
    product,
    EXTERNAL_SCORES,
    unit="product of scores",
    meaning="Product of the three external scores, high only if all three are; missing if one is.",
    monotone=-1,
    minimum=0,
    maximum=1,
)
for _pair in PAIRS:
    _numbers = "_".join(name[-1] for name in _pair)
    _both = " and ".join(ORDINAL[name] for name in _pair)
    external_scores.add(
        f"app_ext_source_product_{_numbers}",
        product,
        _pair,
        unit="product of scores",
        meaning=f"Product of the {_both} external score; missing if one is.",
        monotone=-1,
        minimum=0,
        maximum=1,
    )
    external_scores.add(
        f"app_ext_source_mean_{_numbers}",
        known_mean,
        _pair,
        unit=SCORE,
        meaning=f"Average of the {_both} external score, or the one that is known.",
        monotone=-1,
        minimum=0,
        maximum=1,
    )


@Reduction
def _weighted(scores: Values) -> Values:
    weights = np.array((2.0, 1.0, 3.0))[:, np.newaxis]
    return ratio(known_sum(weights * scores), known_sum(weights * ~np.isnan(scores)))


@Reduction
def _mean_of_three(scores: Values) -> Values:
    first, second, third = scores
    mean: Values = (first + second + third) / 3.0
    return mean


@Reduction
def _weighted_of_three(scores: Values) -> Values:
    first, second, third = scores
    mean: Values = (1.9 * first + 2.1 * second + 2.6 * third) / 6.6
    return mean


external_scores.add(
    "app_ext_source_weighted",
    _weighted,
    EXTERNAL_SCORES,
    unit=SCORE,
    meaning="Average of the known external scores, the third counting three times and the first twice.",
    monotone=-1,
    minimum=0,
    maximum=1,
)
external_scores.add(
    "app_ext_source_geometric_mean_2_3",
    np.sqrt,
    ("app_ext_source_product_2_3",),
    unit=SCORE,
    meaning="Geometric average of the second and third external score: one bad score weighs more than one good.",
    monotone=-1,
    minimum=0,
    maximum=1,
)
for _name, _function, _stand_in, _meaning in (
    (
        "app_ext_source_filled_mean",
        _mean_of_three,
        usual,
        "Average of the three external scores, the training median standing in for a missing one.",
    ),
    (
        "app_ext_source_cautious_mean",
        _mean_of_three,
        cautious,
        "Average of the three external scores, a missing one counting like the lower quartile in training.",
    ),
    (
        "app_ext_source_cautious_weighted",
        _weighted_of_three,
        cautious,
        "The same with weights 1.9, 2.1 and 2.6, close to the predictive power of each external score.",
    ),
):
    external_scores.add(
        _name,
        _function,
        tuple(_stand_in(score) for score in EXTERNAL_SCORES),
        unit=SCORE,
        meaning=_meaning,
        monotone=-1,
        minimum=0,
        maximum=1,
    )
external_scores.differences(
    "difference of scores",
    Pair(
        "app_ext_source_above_occupation",
        "app_ext_source_mean",
        "score_by_occupation",
        "Average external score minus the median one of training applications in the same occupation.",
    ),
    Pair(
        "app_ext_source_above_organization",
        "app_ext_source_mean",
        "score_by_organization",
        "Average external score minus the median one of training applications from the same branch of employer.",
    ),
    Pair(
        "app_ext_source_above_education",
        "app_ext_source_mean",
        "score_by_education",
        "Average external score minus the median one of training applications with the same degree.",
    ),
    Pair(
        "app_ext_source_above_age",
        "app_ext_source_mean",
        "score_by_age",
        "Average external score minus the median one of training applications of the same age, in five-year bands.",
    ),
)
for _group, _phrase in (
    ("occupation", "in the same occupation"),
    ("organization", "from the same branch of employer"),
):
    external_scores.add(
        f"app_{_group}_usual_ext_source",
        unchanged,
        (f"score_by_{_group}",),
        unit=SCORE,
        meaning=f"Median external score of training applications {_phrase}.",
        minimum=0,
        maximum=1,
    )
