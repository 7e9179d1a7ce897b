"""Application features of a single application that names only the columns that matter."""

from collections.abc import Mapping

import numpy as np

from credit_scoring.feature_engineering.application import APPLICATION_FEATURES
from credit_scoring.feature_engineering.application.encoding import encode_requests
from credit_scoring.feature_engineering.application.training_statistics import (
    SMALLEST_GROUP,
    TrainingStatistics,
    fit_statistics,
)
from credit_scoring.feature_engineering.compute import application_evaluator
from credit_scoring.feature_engineering.history import HISTORY_FEATURES
from tests.support.handmade_tables import make_table

_POSITIONS = {feature.name: position for position, feature in enumerate(HISTORY_FEATURES)}


def empty_history() -> np.ndarray:
    """History features of a client without any history: float32 (number of history features,), NaN where missing."""
    values = [np.nan if feature.without_history is None else feature.without_history for feature in HISTORY_FEATURES]
    return np.array(values, dtype=np.float32)


def two_occupations() -> TrainingStatistics:
    """Managers of 50 who earn 1000 and score high, and as many of unknown trade, 25, who earn 100 and score low."""
    managers = {
        "AMT_INCOME_TOTAL": 1000.0,
        "AMT_CREDIT": 500.0,
        "AMT_ANNUITY": 50.0,
        "OCCUPATION_TYPE": "Managers",
        "NAME_EDUCATION_TYPE": "Higher education",
        "DAYS_BIRTH": round(-50.5 * 365.25),
    }
    others = {
        "AMT_INCOME_TOTAL": 100.0,
        "AMT_CREDIT": 100.0,
        "AMT_ANNUITY": 5.0,
        "NAME_EDUCATION_TYPE": "Lower secondary",
        "DAYS_BIRTH": round(-25.5 * 365.25),
    }
    scores = {"EXT_SOURCE_1": 0.8, "EXT_SOURCE_2": 0.8, "EXT_SOURCE_3": 0.8}
    low = {name: 0.4 for name in scores}
    rows = [managers | scores] * SMALLEST_GROUP + [others | low] * (SMALLEST_GROUP + 1)
    return fit_statistics(make_table("application_train", rows))


def application_of(
    history: Mapping[str, float] | None = None, statistics: TrainingStatistics | None = None, **columns: object
) -> dict[str, float]:
    """Features of one application; history features that are not named are those of a client without history."""
    past = empty_history()
    for name, value in (history or {}).items():
        past[_POSITIONS[name]] = value
    evaluator = application_evaluator(statistics or two_occupations())
    values = evaluator.compute(encode_requests([columns]), past[np.newaxis])
    return dict(zip((feature.name for feature in APPLICATION_FEATURES), values[0].tolist(), strict=True))
