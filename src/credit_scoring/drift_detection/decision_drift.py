"""Drift of what the model answers and of what becomes of it: by month, and by group of applicants."""

import numpy as np
from pydantic import BaseModel

from credit_scoring.data_contracts.application import APPLICATION_TEST
from credit_scoring.drift_detection.comparison import Baseline, Sample
from credit_scoring.drift_detection.feature_drift import Drift, drift_of
from credit_scoring.evaluation.confidence_intervals import Interval
from credit_scoring.evaluation.performance import Estimate, Measurement, estimated, measured, rate_interval
from credit_scoring.explain.audited_groups import AUDITED_FEATURES, NOT_KNOWN, audited_groups

_NEAR_THRESHOLD = 0.1
"""Probabilities within a tenth of the threshold are near it."""
_CONTRACT_TYPE = "app_name_contract_type"


class PredictionDrift(Drift, frozen=True):
    """Drift of the probability of default and of the decisions.

    Attributes:
        mean_probability, acceptance_rate: now; `acceptance_rate_before` is that of the training, out of fold.
        near_threshold: share of applications whose probability lies within a tenth of the threshold.
    """

    mean_probability: float
    acceptance_rate: float
    acceptance_rate_before: float
    near_threshold: float


class Month(BaseModel, frozen=True, extra="forbid"):
    """The decisions of a month, or of the whole sample if decisions have no date.

    Attributes:
        estimated: of all decisions.
        estimated_where_measured: of those with known outcome, to compare with `measured`.
        default_rate_of_accepted: with its interval; None before an accepted application has an outcome.
    """

    month: str
    decisions: int
    estimated: Estimate
    estimated_where_measured: Estimate | None
    measured: Measurement | None
    default_rate_of_accepted: Interval | None


class Segment(BaseModel, frozen=True, extra="forbid"):
    """The decisions about a group of applicants.

    Attributes:
        acceptance_ratio: acceptance rate over that of the group of the same attribute that is accepted most often;
            None for a group too small to be compared.
    """

    attribute: str
    group: str
    decisions: int
    acceptance_rate: float
    acceptance_ratio: float | None
    mean_probability: float
    measured_default_rate: Interval | None


def prediction_drift(baseline: Baseline, sample: Sample) -> PredictionDrift:
    """Drift of the probabilities and decisions of at least one application."""
    reference = baseline.distributions.probability.histogram
    drift, _ = drift_of(reference, baseline.clients, sample.probability.astype(np.float32))
    threshold = baseline.registered.scorer.description.threshold
    return PredictionDrift(
        **drift.model_dump(),
        mean_probability=float(sample.probability.mean()),
        acceptance_rate=float(np.mean(~sample.refused)),
        acceptance_rate_before=baseline.figure("acceptance_rate"),
        near_threshold=float(np.mean(np.abs(sample.probability - threshold) <= _NEAR_THRESHOLD * threshold)),
    )


def months_of(sample: Sample, missed_default_cost: float) -> list[Month]:
    """Estimated and measured performance by month of the decision, oldest first."""
    return [
        month_of(sample, sample.month == month, str(month), missed_default_cost) for month in np.unique(sample.month)
    ]


def month_of(sample: Sample, chosen: np.ndarray, name: str, missed_default_cost: float) -> Month:
    """Figures of chosen decisions (n,), at least one."""
    known = chosen & sample.has_outcome
    accepted = known & ~sample.refused
    probability, refused, default = sample.probability, sample.refused, sample.default
    return Month(
        month=name,
        decisions=int(chosen.sum()),
        estimated=estimated(probability[chosen], refused[chosen], missed_default_cost),
        estimated_where_measured=(
            estimated(probability[known], refused[known], missed_default_cost) if known.any() else None
        ),
        measured=(
            measured(probability[known], refused[known], default[known], missed_default_cost) if known.any() else None
        ),
        default_rate_of_accepted=(
            rate_interval(int(default[accepted].sum()), int(accepted.sum())) if accepted.any() else None
        ),
    )


def segments_of(baseline: Baseline, sample: Sample, smallest_group: int) -> list[Segment]:
    """Decisions by contract type, by new or known client, and by protected group.

    Args:
        smallest_group: number of decisions from which a group is compared with others.
    """
    segments = []
    for attribute, groups in _groups(baseline, sample).items():
        members = {str(group): groups == group for group in np.unique(groups)}
        rates = {group: float(np.mean(~sample.refused[chosen])) for group, chosen in members.items()}
        judged = [group for group, chosen in members.items() if chosen.sum() >= smallest_group and group != NOT_KNOWN]
        highest = max((rates[group] for group in judged), default=0.0)
        for group, chosen in members.items():
            known = chosen & sample.has_outcome & ~sample.refused
            segments.append(
                Segment(
                    attribute=attribute,
                    group=group,
                    decisions=int(chosen.sum()),
                    acceptance_rate=rates[group],
                    acceptance_ratio=(
                        rates[group] / highest if len(judged) > 1 and group in judged and highest else None
                    ),
                    mean_probability=float(sample.probability[chosen].mean()),
                    measured_default_rate=(
                        rate_interval(int(sample.default[known].sum()), int(known.sum())) if known.any() else None
                    ),
                )
            )
    return segments


def _groups(baseline: Baseline, sample: Sample) -> dict[str, np.ndarray]:
    columns = {name: index for index, name in enumerate(baseline.feature_names)}
    groups = {"client": np.where(sample.has_history, "known", "new")}
    if _CONTRACT_TYPE in columns:
        names = np.array([*APPLICATION_TEST.column("NAME_CONTRACT_TYPE").categories, NOT_KNOWN])
        codes = sample.features[:, columns[_CONTRACT_TYPE]]
        groups["contract type"] = names[np.where(np.isnan(codes), len(names) - 1, codes).astype(np.intp)]
    if all(name in columns for name in AUDITED_FEATURES):
        groups |= audited_groups({name: sample.features[:, columns[name]] for name in AUDITED_FEATURES})
    return groups
