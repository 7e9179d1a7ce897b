"""Rows of the tables of the drift report about performance and groups of applicants."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from credit_scoring.drift_detection.decision_drift import Month, Segment
from credit_scoring.evaluation.confidence_intervals import Interval
from credit_scoring.evaluation.fairness import SMALLEST_GROUP
from credit_scoring.explain.texts.language import Language
from credit_scoring.governance.drift_history import DriftSummary

_T = TypeVar("_T")
_SHOWN_EARLIER = 4
"""Of the comparisons before this one, whose acceptance ratios are shown."""


class ComparisonRow(NamedTuple):
    """An estimate and the measurement of the same decisions."""

    month: str
    outcomes: str
    estimated_cost: str
    measured_cost: str
    comparison: str
    estimated_auc: str
    measured_auc: str


def estimates(months: Sequence[Month], language: Language) -> list[tuple[str, ...]]:
    """Estimated performance of all decisions, by month and of the window."""
    return [
        (
            _name(month, len(months) > 1, language),
            language.decimal(month.decisions, 0),
            _number(month.estimated.cost_per_client, language),
            _number(month.estimated.auc, language),
            _optional(month.estimated.precision, language.percent),
            _optional(month.estimated.recall, language.percent),
        )
        for month in months
    ]


def measurements(months: Sequence[Month], language: Language) -> list[ComparisonRow]:
    """The comparison of estimate and measurement, for months with outcomes."""
    rows = []
    for month in months:
        if month.measured is not None and month.estimated_where_measured is not None:
            estimate, measurement = month.estimated_where_measured, month.measured
            rows.append(
                ComparisonRow(
                    _name(month, len(months) > 1, language),
                    language.decimal(measurement.clients, 0),
                    _number(estimate.cost_per_client, language),
                    _number(measurement.cost_per_client, language),
                    _compared(measurement.cost_per_client.value, estimate.cost_per_client, language),
                    _number(estimate.auc, language),
                    _number(measurement.auc, language),
                )
            )
    return rows


def calibrations(months: Sequence[Month], language: Language) -> list[tuple[str, ...]]:
    """Default rate and calibration, for months with outcomes."""
    return [
        (
            _name(month, len(months) > 1, language),
            _optional(month.default_rate_of_accepted, lambda rate: language.estimate(rate, language.percent)),
            language.decimal(month.measured.brier_score, 4),
            _number(month.measured.calibration_slope, language, 2),
            _number(month.measured.calibration_intercept, language, 2),
        )
        for month in months
        if month.measured is not None
    ]


def segment_row(segment: Segment, earlier: Sequence[DriftSummary], language: Language) -> tuple[str, ...]:
    """The decisions about a group, with its acceptance ratio in the last comparisons; a small group is marked."""
    ratios = [one.acceptance_ratios.get(segment.name) for one in earlier[-_SHOWN_EARLIER:]] + [segment.acceptance_ratio]
    name = language.drift.groups.get(segment.group) or language.group_name(segment.group)
    return (
        language.drift.few.format(name) if segment.decisions < SMALLEST_GROUP else name,
        language.decimal(segment.decisions, 0),
        _optional(segment.acceptance_rate, language.percent),
        " → ".join(language.decimal(ratio, 2) for ratio in ratios if ratio is not None),
        _optional(segment.mean_probability, language.percent),
        _optional(segment.measured_default_rate, lambda rate: language.estimate(rate, language.percent)),
    )


def _name(month: Month, is_dated: bool, language: Language) -> str:
    return month.month or (language.drift.window if is_dated else language.drift.whole)


def _compared(measured: float, estimate: Interval, language: Language) -> str:
    texts = language.drift
    if estimate.low <= measured <= estimate.high:
        return texts.as_estimated
    return texts.worse if measured > estimate.high else texts.better


def _number(interval: Interval | None, language: Language, digits: int = 3) -> str:
    return _optional(interval, lambda one: language.estimate(one, lambda number: language.decimal(number, digits)))


def _optional(value: _T | None, write: Callable[[_T], str]) -> str:
    return "–" if value is None else write(value)
