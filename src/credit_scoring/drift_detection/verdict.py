"""The verdict of a comparison: what exceeds its limit, and since when."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from scipy.stats import betabinom

from credit_scoring.core.settings.defaults import DriftSettings
from credit_scoring.drift_detection.comparison import MIN_OUTCOMES, Baseline, TrackRecord
from credit_scoring.drift_detection.feature_drift import FeatureDrift
from credit_scoring.drift_detection.result import Finding, Verdict
from credit_scoring.evaluation.confidence_intervals import Interval
from credit_scoring.governance.drift_history import DriftSummary, Status

_IMPORTANT_FEATURES = 10
_CHANCE = 0.001
"""Probability that the default rate of unchanged applications lies above its interval, and that it lies below."""


def drift_score(features: Sequence[FeatureDrift], drifted_above: float) -> float:
    """Share of the features that have drifted."""
    return sum(feature.index > drifted_above for feature in features) / max(len(features), 1)


def expected_default_rate(baseline: Baseline, track: TrackRecord) -> Interval | None:
    """Default rate to expect among accepted applications with newly known outcome, if nothing has changed.

    The interval allows for the chance of both the training and these outcomes (the beta-binomial distribution of their
    number of defaults). None if they are fewer than ``MIN_OUTCOMES``, or the baseline has no outcomes.
    """
    observed = int(np.count_nonzero(track.is_newly_known & ~track.refused))
    defaults, accepted = baseline.accepted_defaults, max(baseline.accepted, 1.0)
    if observed < MIN_OUTCOMES or np.isnan(defaults):
        return None
    expected = betabinom(observed, defaults + 0.5, accepted - defaults + 0.5)
    low, high = expected.ppf(_CHANCE), expected.ppf(1 - _CHANCE)
    return Interval(baseline.default_rate_of_accepted, float(low) / observed, float(high) / observed)


def verdict(
    features: Sequence[FeatureDrift],
    decisions: int,
    measured_default_rate: float | None,
    expected: Interval | None,
    limits: DriftSettings,
    begins: datetime,
    previous: DriftSummary | None,
) -> Verdict:
    """Status of a comparison.

    Args:
        measured_default_rate, expected: of accepted applications with outcome; None if there are none.
        begins: begin of the window, or the time of the comparison.
        previous: result of the window before this one; None if there is none.
    """
    if decisions < limits.min_decisions:
        return Verdict(status=Status.TOO_FEW)
    score = drift_score(features, limits.feature_index)
    important = sorted(features, key=lambda feature: -feature.importance)[:_IMPORTANT_FEATURES]
    exceeded = {
        Finding.SCORE: score > limits.warning_score,
        Finding.IMPORTANT_FEATURE: any(feature.index > limits.feature_index for feature in important),
        Finding.DEFAULT_RATE: (
            measured_default_rate is not None and expected is not None and measured_default_rate > expected.high
        ),
    }
    findings = tuple(finding for finding, is_exceeded in exceeded.items() if is_exceeded)
    if not findings:
        return Verdict(status=Status.STABLE)
    is_alarming = score > limits.alarm_score or exceeded[Finding.DEFAULT_RATE]
    return Verdict(
        status=Status.ALARM if is_alarming and previous is not None and previous.is_alarming else Status.WARNING,
        findings=findings,
        is_alarming=is_alarming,
        since=begins if previous is None or previous.alerted_since is None else previous.alerted_since,
    )
