"""Drift of what the model answers and of what becomes of it: by month, and by group of applicants."""

import numpy as np
from pydantic import BaseModel

from credit_scoring.data_contracts.application import APPLICATION_TEST
from credit_scoring.drift_detection.comparison import Baseline, Sample, TrackRecord
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
    """Performance of the decisions of a month, or of the window.

    Attributes:
        month: such as 2026-07; empty for the window, and where decisions have no date.
        decisions: number of all decisions, whose performance is `estimated`.
        estimated_where_measured: of the decisions with known outcome, to compare with `measured`; for the window, of
            those whose outcome became known in it, whenever they were made.
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
        acceptance_ratio: acceptance rate over that of the group of the same attribute that is accepted most often.
            Every figure of a group that is too small is None: it would describe single persons, by chance.
    """

    attribute: str
    group: str
    decisions: int
    acceptance_rate: float | None
    acceptance_ratio: float | None
    mean_probability: float | None
    measured_default_rate: Interval | None

    @property
    def name(self) -> str:
        """Attribute and group."""
        return f"{self.attribute}: {self.group}"


def prediction_drift(baseline: Baseline, sample: Sample) -> PredictionDrift:
    """Drift of the probabilities and decisions of at least one application."""
    reference = baseline.distributions.probability.histogram
    drift = drift_of(reference, baseline.clients, sample.probability.astype(np.float32))
    threshold = baseline.registered.scorer.description.threshold
    return PredictionDrift(
        **drift.model_dump(),
        mean_probability=float(sample.probability.mean()),
        acceptance_rate=float(np.mean(~sample.refused)),
        acceptance_rate_before=baseline.acceptance_rate,
        near_threshold=float(np.mean(np.abs(sample.probability - threshold) <= _NEAR_THRESHOLD * threshold)),
    )


def months_of(track: TrackRecord, missed_default_cost: float) -> list[Month]:
    """Estimated and measured performance by month of the decision, oldest first."""
    months = []
    for month in np.unique(track.month):
        chosen = track.month == month
        probability, refused = track.probability[chosen], track.refused[chosen]
        known = chosen & ~np.isnan(track.default)
        months.append(_figures(str(month), probability, refused, track, known, missed_default_cost))
    return months


def figures_of_window(sample: Sample, track: TrackRecord, missed_default_cost: float) -> Month:
    """Performance estimated for the decisions of the window, and measured where an outcome became known in it."""
    return _figures("", sample.probability, sample.refused, track, track.is_newly_known, missed_default_cost)


def _figures(
    month: str,
    probability: np.ndarray,
    refused: np.ndarray,
    track: TrackRecord,
    known: np.ndarray,
    missed_default_cost: float,
) -> Month:
    """Figures of decisions (n,), and of those of the track record whose outcome is known."""
    of_known = track.probability[known], track.refused[known]
    accepted = known & ~track.refused
    return Month(
        month=month,
        decisions=len(probability),
        estimated=estimated(probability, refused, missed_default_cost),
        estimated_where_measured=estimated(*of_known, missed_default_cost) if known.any() else None,
        measured=measured(*of_known, track.default[known], missed_default_cost) if known.any() else None,
        default_rate_of_accepted=(
            rate_interval(int(track.default[accepted].sum()), int(accepted.sum())) if accepted.any() else None
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
            is_large = chosen.sum() >= smallest_group
            segments.append(
                Segment(
                    attribute=attribute,
                    group=group,
                    decisions=int(chosen.sum()),
                    acceptance_rate=rates[group] if is_large else None,
                    acceptance_ratio=(
                        rates[group] / highest if len(judged) > 1 and group in judged and highest else None
                    ),
                    mean_probability=float(sample.probability[chosen].mean()) if is_large else None,
                    measured_default_rate=(
                        rate_interval(int(sample.default[known].sum()), int(known.sum()))
                        if known.sum() >= smallest_group
                        else None
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
