"""The three outside scores, taken together: the strongest evidence there is on an application."""

import numpy as np

from credit_scoring.feature_engineering.application.arithmetic import (
    Values,
    highest,
    known_count,
    known_sum,
    lowest,
    middle,
    ratio,
)
from credit_scoring.feature_engineering.application.definition import FeatureGroup
from credit_scoring.feature_engineering.application.population import Population, age_band

external_scores = FeatureGroup()

SCORE = "score from 0 to 1"
ALL_THREE = ("EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3")
PAIRS = (("EXT_SOURCE_1", "EXT_SOURCE_2"), ("EXT_SOURCE_1", "EXT_SOURCE_3"), ("EXT_SOURCE_2", "EXT_SOURCE_3"))
ORDINAL = {"EXT_SOURCE_1": "first", "EXT_SOURCE_2": "second", "EXT_SOURCE_3": "third"}

external_scores.add(
    "app_ext_source_known_count",
    known_count,
    ALL_THREE,
    unit="scores",
    meaning="How many of the three outside scores are known.",
    minimum=0,
    maximum=3,
    nullable=False,
)
external_scores.add(
    "app_ext_source_sum",
    known_sum,
    ALL_THREE,
    unit="sum of scores",
    meaning="Sum of the known outside scores.",
    minimum=0,
    maximum=3,
    nullable=False,
)
external_scores.ratios(
    SCORE,
    (
        "app_ext_source_mean",
        "app_ext_source_sum",
        "app_ext_source_known_count",
        "Average of the known outside scores.",
    ),
)
for _name, _function, _words in (
    ("min", lowest, "Lowest"),
    ("max", highest, "Highest"),
    ("median", middle, "Median"),
):
    external_scores.add(
        f"app_ext_source_{_name}",
        _function,
        ALL_THREE,
        unit=SCORE,
        meaning=f"{_words} of the known outside scores.",
        minimum=0,
        maximum=1,
    )
external_scores.differences(
    SCORE,
    (
        "app_ext_source_range",
        "app_ext_source_max",
        "app_ext_source_min",
        "How far the known outside scores lie apart.",
    ),
)


def _product(*scores: Values) -> Values:
    result = scores[0]
    for score in scores[1:]:
        result = result * score
    return result


def _known_mean(*scores: Values) -> Values:
    return ratio(known_sum(*scores), known_count(*scores))


def _filled(first: Values, second: Values, third: Values, stand_in: Values) -> Values:
    scores = np.array((first, second, third))
    return np.where(np.isnan(scores), stand_in, scores)


external_scores.add(
    "app_ext_source_product",
    _product,
    ALL_THREE,
    unit="product of scores",
    meaning="Product of the three outside scores, high only if all three are; missing if one is.",
    minimum=0,
    maximum=1,
)
for _pair in PAIRS:
    _numbers = "_".join(name[-1] for name in _pair)
    _both = " and ".join(ORDINAL[name] for name in _pair)
    external_scores.add(
        f"app_ext_source_product_{_numbers}",
        _product,
        _pair,
        unit="product of scores",
        meaning=f"Product of the {_both} outside score; missing if one is.",
        minimum=0,
        maximum=1,
    )
    external_scores.add(
        f"app_ext_source_mean_{_numbers}",
        _known_mean,
        _pair,
        unit=SCORE,
        meaning=f"Average of the {_both} outside score, or the one that is known.",
        minimum=0,
        maximum=1,
    )


@external_scores.feature(
    unit=SCORE,
    meaning="Average of the known outside scores, the third counting three times and the first twice.",
    minimum=0,
    maximum=1,
)
def app_ext_source_weighted(EXT_SOURCE_1: Values, EXT_SOURCE_2: Values, EXT_SOURCE_3: Values) -> Values:
    weights = 2.0 * ~np.isnan(EXT_SOURCE_1) + 1.0 * ~np.isnan(EXT_SOURCE_2) + 3.0 * ~np.isnan(EXT_SOURCE_3)
    return ratio(known_sum(2.0 * EXT_SOURCE_1, EXT_SOURCE_2, 3.0 * EXT_SOURCE_3), weights)


@external_scores.feature(
    unit=SCORE,
    meaning="Geometric average of the second and third outside score: one bad score weighs more than one good.",
    minimum=0,
    maximum=1,
)
def app_ext_source_geometric_mean_2_3(app_ext_source_product_2_3: Values) -> Values:
    return np.sqrt(app_ext_source_product_2_3)


@external_scores.feature(
    unit=SCORE,
    meaning="Average of the three outside scores, the training median standing in for a missing one.",
    minimum=0,
    maximum=1,
)
def app_ext_source_filled_mean(
    EXT_SOURCE_1: Values, EXT_SOURCE_2: Values, EXT_SOURCE_3: Values, population: Population
) -> Values:
    first, second, third = _filled(EXT_SOURCE_1, EXT_SOURCE_2, EXT_SOURCE_3, population.external_scores.usual)
    mean: Values = (first + second + third) / 3.0
    return mean


@external_scores.feature(
    unit=SCORE,
    meaning="Average of the three outside scores, a missing one counting like the lower quartile in training.",
    minimum=0,
    maximum=1,
)
def app_ext_source_cautious_mean(
    EXT_SOURCE_1: Values, EXT_SOURCE_2: Values, EXT_SOURCE_3: Values, population: Population
) -> Values:
    first, second, third = _filled(
        EXT_SOURCE_1, EXT_SOURCE_2, EXT_SOURCE_3, population.external_scores.cautious
    )
    mean: Values = (first + second + third) / 3.0
    return mean


@external_scores.feature(
    unit=SCORE,
    meaning="The same with weights 1.9, 2.1 and 2.6, close to how much each outside score tells.",
    minimum=0,
    maximum=1,
)
def app_ext_source_cautious_weighted(
    EXT_SOURCE_1: Values, EXT_SOURCE_2: Values, EXT_SOURCE_3: Values, population: Population
) -> Values:
    first, second, third = _filled(
        EXT_SOURCE_1, EXT_SOURCE_2, EXT_SOURCE_3, population.external_scores.cautious
    )
    mean: Values = (1.9 * first + 2.1 * second + 2.6 * third) / 6.6
    return mean


@external_scores.feature(
    unit="difference of scores",
    meaning="Average outside score minus the median one of training applications in the same occupation.",
)
def app_ext_source_above_occupation(
    app_ext_source_mean: Values, OCCUPATION_TYPE: Values, population: Population
) -> Values:
    return app_ext_source_mean - population.score_by_occupation.of(OCCUPATION_TYPE)


@external_scores.feature(
    unit="difference of scores",
    meaning="Average outside score minus the median one of training applications from the same branch of employer.",
)
def app_ext_source_above_organization(
    app_ext_source_mean: Values, ORGANIZATION_TYPE: Values, population: Population
) -> Values:
    return app_ext_source_mean - population.score_by_organization.of(ORGANIZATION_TYPE)


@external_scores.feature(
    unit="difference of scores",
    meaning="Average outside score minus the median one of training applications with the same degree.",
)
def app_ext_source_above_education(
    app_ext_source_mean: Values, NAME_EDUCATION_TYPE: Values, population: Population
) -> Values:
    return app_ext_source_mean - population.score_by_education.of(NAME_EDUCATION_TYPE)


@external_scores.feature(
    unit="difference of scores",
    meaning="Average outside score minus the median one of training applications of the same age, in five-year bands.",
)
def app_ext_source_above_age(
    app_ext_source_mean: Values, DAYS_BIRTH: Values, population: Population
) -> Values:
    return app_ext_source_mean - population.score_by_age.of(age_band(DAYS_BIRTH))


@external_scores.feature(
    unit=SCORE,
    meaning="Median outside score of training applications in the same occupation.",
    minimum=0,
    maximum=1,
)
def app_occupation_usual_ext_source(OCCUPATION_TYPE: Values, population: Population) -> Values:
    return population.score_by_occupation.of(OCCUPATION_TYPE)


@external_scores.feature(
    unit=SCORE,
    meaning="Median outside score of training applications from the same branch of employer.",
    minimum=0,
    maximum=1,
)
def app_organization_usual_ext_source(ORGANIZATION_TYPE: Values, population: Population) -> Values:
    return population.score_by_organization.of(ORGANIZATION_TYPE)
