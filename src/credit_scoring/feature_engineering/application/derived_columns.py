"""Columns derived from an application before its features: filled external scores, plausible interest rates."""

import numpy as np

from credit_scoring.feature_engineering.application.arithmetic import Values
from credit_scoring.feature_engineering.application.encoding import ENCODED_COLUMNS
from credit_scoring.feature_engineering.application.loan_terms import LOAN_TERMS, plausible_rates
from credit_scoring.feature_engineering.application.training_statistics import EXTERNAL_SCORES, TrainingStatistics

_AMOUNTS = {"credit": "AMT_CREDIT", "goods_price": "AMT_GOODS_PRICE"}
_INSTALMENT = "AMT_ANNUITY"


USUAL_SCORES = tuple(f"{score}_or_usual" for score in EXTERNAL_SCORES)
"""Names of the external scores with the training median in place of a missing one."""
CAUTIOUS_SCORES = tuple(f"{score}_or_cautious" for score in EXTERNAL_SCORES)
"""Names of the external scores with the lower quartile in training in place of a missing one."""


def rates_on(amount: str) -> tuple[str, ...]:
    """Names of the plausible yearly rates on an amount, "credit" or "goods_price", one for each loan term."""
    return tuple(f"rate_on_{amount}_over_{term}" for term in LOAN_TERMS)


_FILLED = {name: (score,) for name, score in zip(USUAL_SCORES + CAUTIOUS_SCORES, EXTERNAL_SCORES * 2, strict=True)}
_RATES = {name: (column, _INSTALMENT) for amount, column in _AMOUNTS.items() for name in rates_on(amount)}

DERIVED: dict[str, tuple[str, ...]] = {**_FILLED, **_RATES}
"""The application's columns behind each derived column."""

_INDEX = {column.name: index for index, column in enumerate(ENCODED_COLUMNS)}
_SCORES = np.array([_INDEX[score] for score, in _FILLED.values()])
_AMOUNT_INDICES = np.array([_INDEX[column] for column in _AMOUNTS.values()])


class DerivedColumns:
    """Computes the derived columns of applications.

    Args:
        statistics: training statistics stored with the feature version.
    """

    def __init__(self, statistics: TrainingStatistics) -> None:
        scores = statistics.external_scores
        stand_ins = np.array((scores.medians, scores.lower_quartiles), dtype=np.float64)
        self._stand_ins = stand_ins.reshape(-1, 1)

    def compute(self, applications: Values) -> Values:
        """The derived columns, shape (`DERIVED`, applications).

        Args:
            applications: encoded columns, shape (`ENCODED_COLUMNS`, applications).
        """
        scores = applications[_SCORES]
        filled = np.where(np.isnan(scores), self._stand_ins, scores)
        rates = plausible_rates(applications[_INDEX[_INSTALMENT]], applications[_AMOUNT_INDICES])
        return np.concatenate((filled, rates))
