"""What an application says, and how it compares with the client's history: row-wise, in batch and online alike."""

from collections.abc import Sequence

from credit_scoring.feature_engineering.application.against_history import (
    against_bureau,
    against_everything,
    against_loans,
)
from credit_scoring.feature_engineering.application.arithmetic import Values
from credit_scoring.feature_engineering.application.definition import ApplicationFeature
from credit_scoring.feature_engineering.application.derived_columns import DERIVED, DerivedColumns
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
from credit_scoring.feature_engineering.application.plan import Plan
from credit_scoring.feature_engineering.application.population import Population, fit_population
from credit_scoring.feature_engineering.application.price import price
from credit_scoring.feature_engineering.application.raw_columns import raw_columns
from credit_scoring.feature_engineering.application.request import request
from credit_scoring.feature_engineering.application.warning_signs import warning_signs
from credit_scoring.feature_engineering.definition import Feature

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


class ApplicationPlan(Plan):
    """How the application features are computed beside history features that lie in a given order.

    The history is known by its names alone, so that the service needs nothing of what computes it in batch.

    Args:
        history_names: history features in the order of the rows that `compute` will be given.
        population: statistics stored with the feature version.

    Raises:
        ValueError: a feature reads something that neither the application, the history nor a feature before it gives.
    """

    def __init__(self, history_names: Sequence[str], population: Population) -> None:
        super().__init__(
            _DECLARED,
            [column.name for column in ENCODED_COLUMNS],
            history_names,
            tuple(DERIVED),
            DerivedColumns(population).of,
        )
