"""What an application says, and how it compares with the client's history: row-wise, in batch and online alike."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from credit_scoring.feature_engineering.application.against_history import against_history
from credit_scoring.feature_engineering.application.definition import (
    POPULATION,
    ApplicationFeature,
    Values,
)
from credit_scoring.feature_engineering.application.encoding import (
    ENCODED_COLUMNS,
    encode_application,
    encode_applications,
    encode_column,
)
from credit_scoring.feature_engineering.application.external_scores import external_scores
from credit_scoring.feature_engineering.application.population import Population, fit_population
from credit_scoring.feature_engineering.application.raw_columns import raw_columns
from credit_scoring.feature_engineering.application.request import request
from credit_scoring.feature_engineering.definition import STORED_TYPE, Feature
from credit_scoring.feature_engineering.history import HISTORY_FEATURES

__all__ = [
    "APPLICATION_FEATURES",
    "ENCODED_COLUMNS",
    "Population",
    "Values",
    "compute_application_features",
    "encode_application",
    "encode_applications",
    "encode_column",
    "fit_population",
]

_DECLARED: tuple[ApplicationFeature, ...] = tuple(
    feature
    for group in (raw_columns, external_scores, request, against_history)
    for feature in group.features
)

APPLICATION_FEATURES: tuple[Feature, ...] = tuple(feature.definition for feature in _DECLARED)
"""Every application feature, in the order in which it is stored."""

_READ = {name for feature in _DECLARED for name in feature.parameters}
_HISTORY_POSITIONS = {
    feature.name: position for position, feature in enumerate(HISTORY_FEATURES) if feature.name in _READ
}


def compute_application_features(
    application: Mapping[str, Values], history: NDArray[np.float32], population: Population
) -> NDArray[np.float32]:
    """Features of applications, the same bits for one row and for many.

    Args:
        application: encoded columns by raw name, each of shape (applications,).
        history: history features as stored, shape (applications, number of history features), NaN where missing.
        population: statistics stored with the feature version.

    Returns:
        Shape (applications, number of application features); NaN where missing, never infinite.
    """
    # Contiguous columns, so that NumPy takes the same loops for one row and for many.
    past = np.ascontiguousarray(history.T, dtype=np.float64)
    values: dict[str, Values | Population] = {**application, POPULATION: population}
    for name, position in _HISTORY_POSITIONS.items():
        values[name] = past[position]
    result = np.empty((len(_DECLARED), history.shape[0]), dtype=STORED_TYPE)
    with np.errstate(all="ignore"):
        for row, feature in zip(result, _DECLARED, strict=True):
            value = feature.compute(*[values[name] for name in feature.parameters])
            values[feature.name] = value
            row[:] = value
        result[~np.isfinite(result)] = np.nan
    return np.ascontiguousarray(result.T)
