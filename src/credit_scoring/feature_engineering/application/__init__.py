"""Features of an application and its ratios to the client's history: the same row-wise code in batch and online."""

from collections.abc import Mapping, Sequence

from credit_scoring.feature_engineering.application.derived_columns import DERIVED, DerivedColumns
from credit_scoring.feature_engineering.application.encoding import ENCODED_COLUMNS
from credit_scoring.feature_engineering.application.enquiries import enquiries
from credit_scoring.feature_engineering.application.evaluator import Evaluator
from credit_scoring.feature_engineering.application.external_scores import external_scores
from credit_scoring.feature_engineering.application.feature_list import (
    ApplicationFeature,
    raw_columns_behind,
    with_protected_concepts,
)
from credit_scoring.feature_engineering.application.implied_rates import implied_rates
from credit_scoring.feature_engineering.application.person import person
from credit_scoring.feature_engineering.application.ratios_to_history import (
    ratios_to_all_history,
    ratios_to_bureau,
    ratios_to_earlier_loans,
)
from credit_scoring.feature_engineering.application.raw_columns import raw_columns
from credit_scoring.feature_engineering.application.request import request
from credit_scoring.feature_engineering.application.risk_flags import risk_flags
from credit_scoring.feature_engineering.application.score_interactions import score_interactions
from credit_scoring.feature_engineering.application.training_statistics import TrainingStatistics
from credit_scoring.feature_engineering.definition import Feature

_DECLARED: tuple[ApplicationFeature, ...] = with_protected_concepts(
    feature
    for group in (
        *(raw_columns, external_scores, request, implied_rates, person, enquiries, score_interactions),
        *(ratios_to_bureau, ratios_to_earlier_loans, ratios_to_all_history, risk_flags),
    )
    for feature in group.features
)

APPLICATION_FEATURES: tuple[Feature, ...] = tuple(feature.definition for feature in _DECLARED)
"""Every application feature, in the order in which it is stored."""

RAW_COLUMNS: Mapping[str, frozenset[str]] = raw_columns_behind(APPLICATION_FEATURES)
"""Raw columns of the application behind each application feature, and "history" for those of other tables."""


class ApplicationEvaluator(Evaluator):
    """Computes the application features beside history features in a given order.

    It needs only the names of the history features, so that the service does not load what computes them in batch.

    Args:
        history_names: history features in the order of the columns that `compute` receives.
        statistics: training statistics stored with the feature version.

    Raises:
        ValueError: a feature reads a name that no column, no history feature and no feature before it has.
    """

    def __init__(self, history_names: Sequence[str], statistics: TrainingStatistics) -> None:
        super().__init__(
            _DECLARED,
            [column.name for column in ENCODED_COLUMNS],
            history_names,
            tuple(DERIVED),
            DerivedColumns(statistics).compute,
        )
