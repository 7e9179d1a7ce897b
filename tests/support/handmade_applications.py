"""Application features of a single application that names only the columns that matter."""

from collections.abc import Mapping

import numpy as np

from credit_scoring.feature_engineering.application import APPLICATION_FEATURES
from credit_scoring.feature_engineering.application.encoding import encode_requests
from credit_scoring.feature_engineering.application.training_statistics import (
    EXTERNAL_SCORES,
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


def low_and_high_scores() -> TrainingStatistics:
    """As many applications with external scores of 0.8 as with 0.4, and one more of these."""
    rows = [dict.fromkeys(EXTERNAL_SCORES, score) for score in (0.8, 0.4, 0.4)]
    return fit_statistics(make_table("application_train", rows))


def application_of(
    history: Mapping[str, float] | None = None, statistics: TrainingStatistics | None = None, **columns: object
) -> dict[str, float]:
    """Features of one application; history features that are not named are those of a client without history."""
    past = empty_history()
    for name, value in (history or {}).items():
        past[_POSITIONS[name]] = value
    evaluator = application_evaluator(statistics or low_and_high_scores())
    values = evaluator.compute(encode_requests([columns]), past[np.newaxis])
    return dict(zip((feature.name for feature in APPLICATION_FEATURES), values[0].tolist(), strict=True))
