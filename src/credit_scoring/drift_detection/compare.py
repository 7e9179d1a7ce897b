"""Compares a sample with a baseline: every statistic, and the verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from credit_scoring.core.settings import Settings
from credit_scoring.drift_detection.comparison import Baseline, Sample, TrackRecord, TrainingClients
from credit_scoring.drift_detection.decision_drift import figures_of_window, months_of, prediction_drift, segments_of
from credit_scoring.drift_detection.feature_drift import drift_of_features
from credit_scoring.drift_detection.result import DriftResult, Verdict
from credit_scoring.drift_detection.separation import separation
from credit_scoring.drift_detection.verdict import drift_score, expected_default_rate, verdict
from credit_scoring.evaluation.fairness import SMALLEST_GROUP
from credit_scoring.governance.drift_history import DriftSummary, Status


@dataclass(frozen=True)
class Window:
    """Which applications are compared, and when.

    Attributes:
        kind: ledger, version or file.
        name: of the applications.
        content: fingerprint of a file or of a feature version; empty for decisions.
        since, until: None where applications have no date.
        run_at: time of the comparison.
    """

    kind: str
    name: str
    since: datetime | None
    until: datetime | None
    run_at: datetime
    content: str = ""


def compare(
    baseline: Baseline,
    sample: Sample | None,
    track: TrackRecord | None,
    training: TrainingClients | None,
    window: Window,
    settings: Settings,
    earlier: Sequence[DriftSummary],
) -> DriftResult:
    """Every statistic of the comparison; an empty sample, or None, means that there is nothing to compare.

    Args:
        track: all decisions of the model; None for applications that have no date.
        training: clients that the multivariate drift is measured against; None leaves it out.
        earlier: results of the same series before the window, oldest first.
    """
    limits, missed_default_cost = settings.drift, settings.cost.missed_default
    registered = baseline.registered
    facts = {
        "baseline": baseline.name,
        "model_name": registered.name,
        "model_version": registered.version,
        "source": registered.scorer.description.source,
        "current": window.name,
        "content": window.content,
        "kind": window.kind,
        "since": window.since,
        "until": window.until,
        "run_at": window.run_at,
        "missed_default_cost": missed_default_cost,
        "drifted_above": limits.feature_index,
        "warning_score": limits.warning_score,
        "alarm_score": limits.alarm_score,
        "min_decisions": limits.min_decisions,
    }
    if sample is None or not len(sample):
        return DriftResult.model_validate(
            facts
            | dict.fromkeys(("separation", "prediction", "overall", "expected_default_rate"))
            | dict.fromkeys(("features", "months", "segments"), ())
            | {
                "decisions": 0,
                "score": 0.0,
                "left_out": {} if sample is None else sample.left_out,
                "unseen_categories": {},
            }
            | {"verdict": Verdict(status=Status.TOO_FEW)}
        )
    features = drift_of_features(baseline, sample)
    known = TrackRecord.of(sample) if track is None else track
    overall = figures_of_window(sample, known, missed_default_cost)
    expected = expected_default_rate(baseline, known)
    rate = overall.default_rate_of_accepted
    begins = window.since or window.run_at
    return DriftResult.model_validate(
        facts
        | {
            "decisions": len(sample),
            "left_out": sample.left_out,
            "verdict": verdict(
                features,
                len(sample),
                None if rate is None else rate.value,
                expected,
                limits,
                begins,
                _previous(window, earlier),
            ),
            "score": drift_score(features, limits.feature_index),
            "features": features,
            "unseen_categories": sample.unseen,
            "separation": None if training is None else separation(training, sample),
            "prediction": prediction_drift(baseline, sample),
            "overall": overall,
            "months": () if track is None else months_of(track, missed_default_cost),
            "segments": segments_of(baseline, sample, SMALLEST_GROUP),
            "expected_default_rate": expected,
        }
    )


def _previous(window: Window, earlier: Sequence[DriftSummary]) -> DriftSummary | None:
    """The last result with a verdict; None if more than the length of the window lies between the two windows."""
    last = next((one for one in reversed(earlier) if one.status is not Status.TOO_FEW), None)
    if last is None or last.until is None or window.since is None or window.until is None:
        return last
    return last if window.since - last.until <= window.until - window.since else None
