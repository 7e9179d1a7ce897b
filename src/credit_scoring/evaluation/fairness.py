"""Audit of decisions by group: acceptance rates, acceptance of good clients, and calibration.

Groups are compared by the established criteria: acceptances by the four-fifths rule (US Uniform Guidelines on
Employee Selection Procedures, 1978, section 4D, used by analogy), good clients by equal opportunity (Hardt, Price
and Srebro, 2016), probabilities by calibration within groups.
"""

from collections.abc import Mapping

import numpy as np
from pydantic import BaseModel

from credit_scoring.evaluation.confidence_intervals import CONFIDENCE, Interval

SMALLEST_GROUP = 100
"""A ratio over fewer clients is too uncertain; such a group is listed but not judged."""

_COMPARED_GROUPS = 2
_REPLICATES = 1_000


class GroupAudit(BaseModel, frozen=True, extra="forbid"):
    """The decisions about one group.

    Attributes:
        acceptance_rate: share of the group that is accepted.
        acceptance_ratio: that share over the share in the group that is accepted most often.
        opportunity: share of the group's good clients that is accepted; None without a good client.
        opportunity_gap: that share minus the one of the group where it is highest.
        default_rate, mean_probability: observed rate and mean prediction.
        is_judged: whether the group is large enough to be judged.
    """

    group: str
    clients: int
    acceptance_rate: float
    acceptance_ratio: Interval
    opportunity: float | None
    opportunity_gap: Interval | None
    default_rate: float
    mean_probability: float
    is_judged: bool


class WorstGroup(BaseModel, frozen=True, extra="forbid"):
    """The group that is accepted least often, and its acceptance rate over that of the group accepted most often."""

    attribute: str
    group: str
    acceptance_ratio: Interval


class AblationCost(BaseModel, frozen=True, extra="forbid"):
    """The cost of removing inputs; positive is a loss.

    Attributes:
        columns: raw columns that were removed, with every feature computed from them.
        features: number of these features.
        fitted_rows: rows that each of the compared models was fitted on.
        auc_with, auc_without, auc_lost: area under the ROC curve, and DeLong's paired interval of the difference.
        cost_with, cost_without, cost_added: cost per client in refused good clients, with a paired bootstrap interval.
        worst_with, worst_without: the lowest judged acceptance ratio; None where no group is large enough.
    """

    columns: tuple[str, ...]
    features: int
    fitted_rows: int
    auc_with: float
    auc_without: float
    auc_lost: Interval
    cost_with: float
    cost_without: float
    cost_added: Interval
    worst_with: WorstGroup | None
    worst_without: WorstGroup | None


class FairnessAudit(BaseModel, frozen=True, extra="forbid"):
    """The groups of every attribute.

    Attributes:
        attributes: audits of the groups, by attribute.
        rows: clients that were audited.
        without_gender_and_age: cost of removing both from the inputs; None if it was not measured.
    """

    rows: int
    attributes: dict[str, tuple[GroupAudit, ...]]
    without_gender_and_age: AblationCost | None = None

    def not_judged(self) -> tuple[str, ...]:
        """The attributes in which fewer than two groups are large enough: a group alone is compared with itself."""
        return tuple(
            attribute
            for attribute, groups in self.attributes.items()
            if sum(each.is_judged for each in groups) < _COMPARED_GROUPS
        )

    def worst(self) -> WorstGroup | None:
        """The group with the lowest acceptance ratio; None if no attribute has two groups to compare."""
        judged = (
            WorstGroup(attribute=attribute, group=each.group, acceptance_ratio=each.acceptance_ratio)
            for attribute, groups in self.attributes.items()
            for each in groups
            if each.is_judged and attribute not in self.not_judged()
        )
        return min(judged, key=lambda group: group.acceptance_ratio.value, default=None)


def audit(
    accepted: np.ndarray, probability: np.ndarray, default: np.ndarray, groups: Mapping[str, np.ndarray]
) -> FairnessAudit:
    """Compare the groups of every attribute.

    Args:
        accepted: bool (n,), the decisions.
        probability: (n,) of default.
        default: (n,) 1 for a default, 0 for none.
        groups: by attribute, the name of each client's group (n,).
    """
    attributes = {name: _audit_of(accepted, probability, default, members) for name, members in groups.items()}
    return FairnessAudit(rows=len(accepted), attributes=attributes)


def _audit_of(
    accepted: np.ndarray, probability: np.ndarray, default: np.ndarray, members: np.ndarray
) -> tuple[GroupAudit, ...]:
    names, index = np.unique(members, return_inverse=True)
    # Acceptance and outcome of a client fall into one of four cells, so drawing how often each cell occurs is the
    # same as drawing clients, and much faster.
    cells = np.zeros((len(names), 2, 2), dtype=np.int64)
    np.add.at(cells, (index, accepted.astype(int), (default == 1).astype(int)), 1)
    drawn = np.random.default_rng(0).multinomial(len(index), cells.ravel() / len(index), size=_REPLICATES)
    drawn = drawn.reshape(_REPLICATES, *cells.shape)
    sizes = cells.sum(axis=(1, 2))
    judged = sizes >= SMALLEST_GROUP
    acceptance, opportunity = _acceptance(cells), _opportunity(cells)
    ratio = _compared(acceptance, _acceptance(drawn), judged, as_ratio=True)
    gap = _compared(opportunity, _opportunity(drawn), judged, as_ratio=False)
    has_good_clients = ~np.isnan(opportunity)
    return tuple(
        GroupAudit(
            group=str(name),
            clients=int(sizes[group]),
            acceptance_rate=float(acceptance[group]),
            acceptance_ratio=ratio[group],
            opportunity=float(opportunity[group]) if has_good_clients[group] else None,
            opportunity_gap=gap[group] if has_good_clients[group] else None,
            default_rate=float((default[index == group] == 1).mean()),
            mean_probability=float(probability[index == group].mean()),
            is_judged=bool(judged[group]),
        )
        for group, name in enumerate(names.tolist())
    )


def _acceptance(cells: np.ndarray) -> np.ndarray:
    """Accepted share by group, (..., groups), from counts (..., groups, accepted, default)."""
    return _share(cells[..., 1, :].sum(axis=-1), cells.sum(axis=(-2, -1)))


def _opportunity(cells: np.ndarray) -> np.ndarray:
    """Accepted share of the good clients by group."""
    return _share(cells[..., 1, 0], cells[..., 0].sum(axis=-1))


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(part / whole)


def _compared(rates: np.ndarray, drawn: np.ndarray, judged: np.ndarray, *, as_ratio: bool) -> list[Interval]:
    """Each group's rate against the best of those that are judged, or of all where none is."""
    eligible = (judged if judged.any() else np.ones_like(judged)) & ~np.isnan(rates)
    if not eligible.any():
        return [Interval(0.0, 0.0, 0.0)] * len(rates)
    best = rates[eligible].max()
    best_drawn = np.nan_to_num(drawn[:, eligible]).max(axis=1, keepdims=True)
    values = _share(rates, best) if as_ratio else rates - best
    replicates = _share(drawn, best_drawn) if as_ratio else drawn - best_drawn
    edges = (1 - CONFIDENCE) / 2
    low, high = np.quantile(np.nan_to_num(replicates), [edges, 1 - edges], axis=0)
    return [
        Interval(float(value), float(a), float(b)) for value, a, b in zip(np.nan_to_num(values), low, high, strict=True)
    ]
