"""The result of a comparison: everything that `drift.json` and the report say."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel

from credit_scoring.core.manifest import DataSource
from credit_scoring.drift_detection.comparison import MIN_OUTCOMES
from credit_scoring.drift_detection.decision_drift import Month, PredictionDrift, Segment
from credit_scoring.drift_detection.feature_drift import FeatureDrift
from credit_scoring.drift_detection.separation import Separation
from credit_scoring.evaluation.confidence_intervals import Interval
from credit_scoring.governance.drift_history import DriftSummary, Status

_GAUGED_FEATURES = 30


class Finding(StrEnum):
    """A limit that is exceeded."""

    SCORE = "score"
    IMPORTANT_FEATURE = "important feature"
    DEFAULT_RATE = "default rate"


class Verdict(BaseModel, frozen=True, extra="forbid"):
    """The status of a comparison.

    Attributes:
        is_alarming: whether it meets the conditions of an alarm; the status is an alarm if the one before did, too.
        since: begin of the first of the consecutive comparisons that are not stable; None for a stable one.
    """

    status: Status
    findings: tuple[Finding, ...] = ()
    is_alarming: bool = False
    since: datetime | None = None


class DriftResult(BaseModel, frozen=True, extra="forbid"):
    """Current applications compared with a baseline.

    Attributes:
        kind: of the current applications: ledger, version or file.
        content: fingerprint of the file or of the feature version; empty for decisions.
        since, until: of the window of decisions; None for other applications.
        decisions: number of applications that were compared.
        left_out: number of decisions that were not, by reason.
        missed_default_cost: of an accepted default, if refusing a good client costs 1.
        drifted_above: limit of a feature's index.
        warning_score, alarm_score: limits of the score; `min_decisions`: of the number of decisions.
        score: share of the features that have drifted.
        features: of the model; the one that moved most, weighted by its importance, comes first.
        expected_default_rate: of accepted applications with newly known outcome, as in the training; the interval holds
            all but one window of five hundred. None for few outcomes.
    """

    baseline: str
    model_name: str
    model_version: int
    source: DataSource
    current: str
    kind: str
    content: str
    since: datetime | None
    until: datetime | None
    run_at: datetime
    decisions: int
    left_out: dict[str, int]
    verdict: Verdict
    missed_default_cost: float
    drifted_above: float
    warning_score: float
    alarm_score: float
    min_decisions: int
    score: float
    features: tuple[FeatureDrift, ...]
    unseen_categories: dict[str, int]
    separation: Separation | None
    prediction: PredictionDrift | None
    overall: Month | None
    months: tuple[Month, ...]
    segments: tuple[Segment, ...]
    expected_default_rate: Interval | None

    @property
    def drifted(self) -> list[FeatureDrift]:
        """Features whose index exceeds the limit."""
        return [feature for feature in self.features if feature.index > self.drifted_above]

    @property
    def summary(self) -> DriftSummary:
        """The figures that the history keeps."""
        overall = self.overall
        is_compared = overall is not None and self.verdict.status is not Status.TOO_FEW
        estimate = overall.estimated if overall is not None and is_compared else None
        measurement, expectation = (
            (None, None) if overall is None else (overall.measured, overall.estimated_where_measured)
        )
        if measurement is None or measurement.clients < MIN_OUTCOMES:
            measurement = expectation = None
        rate = None if overall is None else overall.default_rate_of_accepted
        expected = self.expected_default_rate
        important = sorted(self.features, key=lambda feature: -feature.importance)[:_GAUGED_FEATURES]
        return DriftSummary(
            baseline=self.baseline,
            current=self.current,
            kind=self.kind,
            content=self.content,
            since=self.since,
            until=self.until,
            run_at=self.run_at,
            model_version=self.model_version,
            decisions=self.decisions,
            status=self.verdict.status,
            is_alarming=self.verdict.is_alarming,
            alerted_since=self.verdict.since,
            score=self.score,
            features={feature.name: feature.index for feature in important},
            acceptance_ratios={
                segment.name: segment.acceptance_ratio
                for segment in self.segments
                if segment.acceptance_ratio is not None
            },
            prediction_index=None if self.prediction is None else self.prediction.index,
            target_drift=None if rate is None or expected is None else rate.value - expected.value,
            estimated_cost=None if estimate is None else estimate.cost_per_client.value,
            expected_cost=None if expectation is None else expectation.cost_per_client.value,
            measured_cost=None if measurement is None else measurement.cost_per_client.value,
            estimated_auc=None if estimate is None or estimate.auc is None else estimate.auc.value,
            expected_auc=None if expectation is None or expectation.auc is None else expectation.auc.value,
            measured_auc=None if measurement is None or measurement.auc is None else measurement.auc.value,
        )
