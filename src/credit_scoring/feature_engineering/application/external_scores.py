"""The three outside scores, taken together: the strongest evidence there is on an application."""

import numpy as np

from credit_scoring.feature_engineering.application.arithmetic import (
    highest,
    known_count,
    known_sum,
    lowest,
    ratio,
)
from credit_scoring.feature_engineering.application.definition import FeatureGroup, Values

external_scores = FeatureGroup()

SCORE = "score from 0 to 1"


@external_scores.feature(
    unit="scores",
    meaning="How many of the three outside scores are known.",
    minimum=0,
    maximum=3,
    nullable=False,
)
def app_ext_source_known_count(EXT_SOURCE_1: Values, EXT_SOURCE_2: Values, EXT_SOURCE_3: Values) -> Values:
    return known_count(EXT_SOURCE_1, EXT_SOURCE_2, EXT_SOURCE_3)


@external_scores.feature(
    unit=SCORE, meaning="Sum of the known outside scores.", minimum=0, maximum=3, nullable=False
)
def app_ext_source_sum(EXT_SOURCE_1: Values, EXT_SOURCE_2: Values, EXT_SOURCE_3: Values) -> Values:
    return known_sum(EXT_SOURCE_1, EXT_SOURCE_2, EXT_SOURCE_3)


@external_scores.feature(unit=SCORE, meaning="Average of the known outside scores.", minimum=0, maximum=1)
def app_ext_source_mean(app_ext_source_sum: Values, app_ext_source_known_count: Values) -> Values:
    return ratio(app_ext_source_sum, app_ext_source_known_count)


@external_scores.feature(unit=SCORE, meaning="Lowest of the known outside scores.", minimum=0, maximum=1)
def app_ext_source_min(EXT_SOURCE_1: Values, EXT_SOURCE_2: Values, EXT_SOURCE_3: Values) -> Values:
    return lowest(EXT_SOURCE_1, EXT_SOURCE_2, EXT_SOURCE_3)


@external_scores.feature(unit=SCORE, meaning="Highest of the known outside scores.", minimum=0, maximum=1)
def app_ext_source_max(EXT_SOURCE_1: Values, EXT_SOURCE_2: Values, EXT_SOURCE_3: Values) -> Values:
    return highest(EXT_SOURCE_1, EXT_SOURCE_2, EXT_SOURCE_3)


@external_scores.feature(
    unit="product of scores",
    meaning="Product of the three outside scores, high only if all three are; missing if one is.",
    minimum=0,
    maximum=1,
)
def app_ext_source_product(EXT_SOURCE_1: Values, EXT_SOURCE_2: Values, EXT_SOURCE_3: Values) -> Values:
    return EXT_SOURCE_1 * EXT_SOURCE_2 * EXT_SOURCE_3


@external_scores.feature(
    unit=SCORE,
    meaning="Average of the known outside scores, the third counting three times and the first twice.",
    minimum=0,
    maximum=1,
)
def app_ext_source_weighted(EXT_SOURCE_1: Values, EXT_SOURCE_2: Values, EXT_SOURCE_3: Values) -> Values:
    weights = 2.0 * ~np.isnan(EXT_SOURCE_1) + 1.0 * ~np.isnan(EXT_SOURCE_2) + 3.0 * ~np.isnan(EXT_SOURCE_3)
    return ratio(known_sum(2.0 * EXT_SOURCE_1, EXT_SOURCE_2, 3.0 * EXT_SOURCE_3), weights)
