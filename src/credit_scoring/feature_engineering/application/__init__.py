"""What an application says, and how it compares with the client's history: row-wise, in batch and online alike."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from credit_scoring.feature_engineering.application.against_history import (
    against_bureau,
    against_everything,
    against_loans,
)
from credit_scoring.feature_engineering.application.arithmetic import Values
from credit_scoring.feature_engineering.application.definition import POPULATION, ApplicationFeature
from credit_scoring.feature_engineering.application.encoding import (
    ENCODED_COLUMNS,
    encode_application,
    encode_applications,
    encode_column,
    encode_requests,
)
from credit_scoring.feature_engineering.application.external_scores import external_scores
from credit_scoring.feature_engineering.application.per_score import per_score
from credit_scoring.feature_engineering.application.person import person
from credit_scoring.feature_engineering.application.population import Population, fit_population
from credit_scoring.feature_engineering.application.price import price
from credit_scoring.feature_engineering.application.raw_columns import raw_columns
from credit_scoring.feature_engineering.application.request import request
from credit_scoring.feature_engineering.application.warning_signs import warning_signs
from credit_scoring.feature_engineering.definition import STORED_TYPE, Feature

__all__ = [
    "APPLICATION_FEATURES",
    "ENCODED_COLUMNS",
    "ApplicationPlan",
    "Population",
    "Values",
    "encode_application",
    "encode_applications",
    "encode_column",
    "encode_requests",
    "fit_population",
]

_DECLARED: tuple[ApplicationFeature, ...] = tuple(
    feature
    for group in (
        raw_columns,
        external_scores,
        request,
        price,
        person,
        per_score,
        against_bureau,
        against_loans,
        against_everything,
        warning_signs,
    )
    for feature in group.features
)

APPLICATION_FEATURES: tuple[Feature, ...] = tuple(feature.definition for feature in _DECLARED)
"""Every application feature, in the order in which it is stored."""

_NAMES = tuple(feature.name for feature in _DECLARED)
_PLAN = tuple((feature.name, feature.compute, feature.parameters) for feature in _DECLARED)


class ApplicationPlan:
    """How the application features are computed beside history features that lie in a given order.

    The history is known by its names alone, so that the service needs nothing of what computes it in batch.

    Args:
        history_names: history features in the order of the rows that `compute` will be given.

    Raises:
        ValueError: a feature reads something that neither the application, the history nor a feature before it gives.
    """

    def __init__(self, history_names: Sequence[str]) -> None:
        known = {POPULATION, *(column.name for column in ENCODED_COLUMNS), *history_names}
        for feature in _DECLARED:
            if unknown := set(feature.parameters) - known:
                raise ValueError(f"{feature.name} reads {sorted(unknown)}, which nothing before it gives")
            known.add(feature.name)
        read = {name for feature in _DECLARED for name in feature.parameters}
        self._positions = {name: place for place, name in enumerate(history_names) if name in read}

    def compute(
        self, application: Mapping[str, Values], history: NDArray[np.float32], population: Population
    ) -> NDArray[np.float32]:
        """Features of applications, the same bits for one row and for many.

        Args:
            application: encoded columns by raw name, each of shape (applications,).
            history: history features as stored, shape (applications, history features), NaN where missing.
            population: statistics stored with the feature version.

        Returns:
            Shape (applications, number of application features); NaN where missing, never infinite.
        """
        # Contiguous columns, so that NumPy takes the same loops for one row and for many.
        past = np.ascontiguousarray(history.T, dtype=np.float64)
        values: dict[str, Values | Population] = {**application, POPULATION: population}
        for name, position in self._positions.items():
            values[name] = past[position]
        with np.errstate(all="ignore"):
            for name, compute, parameters in _PLAN:
                values[name] = compute(*[values[parameter] for parameter in parameters])
            joined = np.concatenate([values[name] for name in _NAMES]).astype(STORED_TYPE)
        joined[~np.isfinite(joined)] = np.nan
        return np.ascontiguousarray(joined.reshape(len(_NAMES), history.shape[0]).T)
