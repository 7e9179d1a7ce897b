"""Results of comparisons, built by hand."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from credit_scoring.drift_detection.decision_drift import Month, PredictionDrift, Segment
from credit_scoring.drift_detection.feature_drift import FeatureDrift
from credit_scoring.drift_detection.result import DriftResult, Finding, Verdict
from credit_scoring.drift_detection.separation import Separation
from credit_scoring.evaluation.confidence_intervals import Interval
from credit_scoring.evaluation.performance import estimated, measured, rate_interval
from credit_scoring.governance.drift_history import Status

SINCE, UNTIL = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC)
RUN_AT = datetime(2026, 9, 1, 6, tzinfo=UTC)


def feature(
    name: str,
    before: Sequence[float],
    now: Sequence[float],
    edges: Sequence[float],
    index: float = 0.5,
    importance: float = 0.01,
) -> FeatureDrift:
    """A feature with these shares; the last one is that of missing values."""
    return FeatureDrift(
        name=name,
        index=index,
        distance=0.1,
        missing_before=before[-1],
        missing_now=now[-1],
        importance=importance,
        edges=tuple(edges),
        shares_before=tuple(before),
        shares_now=tuple(now),
    )


def unmoved(name: str = "app_amt_credit") -> FeatureDrift:
    """A feature whose distribution is that of the training."""
    return feature(name, (0.5, 0.4, 0.1), (0.5, 0.4, 0.1), (100_000.0,), index=0.0)


def month(name: str, risk: float = 1.0) -> Month:
    """A thousand decisions, of which the accepted ones have an outcome.

    Args:
        risk: true over estimated probability of default.
    """
    random = np.random.default_rng(0)
    probability = random.uniform(0.01, 0.19, 1_000)
    refused = probability >= 0.15
    known = ~refused
    default = (random.random(known.sum()) < risk * probability[known]).astype(float)
    return Month(
        month=name,
        decisions=1_000,
        estimated=estimated(probability, refused, 10.0),
        estimated_where_measured=estimated(probability[known], refused[known], 10.0),
        measured=measured(probability[known], refused[known], default, 10.0),
        default_rate_of_accepted=rate_interval(int(default.sum()), len(default)),
    )


def drift_result(
    status: Status, features: Sequence[FeatureDrift], *findings: Finding, **changes: object
) -> DriftResult:
    """A comparison of decisions of July and August 2026 with a training, with every part of the report."""
    moved = status in (Status.WARNING, Status.ALARM)
    result = DriftResult(
        baseline="model version 3",
        model_name="credit-scoring",
        model_version=3,
        source="synthetic",
        current="ledger",
        kind="ledger",
        content="",
        since=SINCE,
        until=UNTIL,
        run_at=RUN_AT,
        decisions=2_000,
        left_out={"erased": 4},
        verdict=Verdict(status=status, findings=findings, since=SINCE if moved else None),
        missed_default_cost=10.0,
        drifted_above=0.2,
        warning_score=0.2,
        alarm_score=0.5,
        min_decisions=500,
        score=sum(one.index > 0.2 for one in features) / max(len(features), 1),
        features=tuple(features),
        unseen_categories={"NAME_INCOME_TYPE": 7},
        separation=Separation(auc=Interval(0.61, 0.59, 0.63), features={"app_amt_credit": 0.8, "bureau_count": 0.2}),
        prediction=PredictionDrift(
            index=0.05,
            distance=0.1,
            missing_before=0.0,
            missing_now=0.0,
            edges=(0.05, 0.1),
            shares_before=(0.3, 0.4, 0.3, 0.0),
            shares_now=(0.2, 0.4, 0.4, 0.0),
            mean_probability=0.09,
            acceptance_rate=0.7,
            acceptance_rate_before=0.72,
            near_threshold=0.06,
        ),
        overall=month("", risk=2.0),
        months=(month("2026-07"), month("2026-08", risk=3.0)),
        segments=(
            _segment("client", "known", 1_950, 1.0),
            _segment("client", "new", 50, None),
            _segment("contract type", "Revolving loans", 2_000, None),
            _segment("gender x age", "F, 30 to 39", 400, 1.0),
            _segment("gender x age", "F, under 30", 400, 0.9),
        ),
        expected_default_rate=Interval(0.08, 0.06, 0.1),
    )
    return DriftResult.model_validate(result.model_copy(update=changes).model_dump())


def _segment(attribute: str, group: str, decisions: int, ratio: float | None) -> Segment:
    return Segment(
        attribute=attribute,
        group=group,
        decisions=decisions,
        acceptance_rate=0.7,
        acceptance_ratio=ratio,
        mean_probability=0.09,
        measured_default_rate=None,
    )
