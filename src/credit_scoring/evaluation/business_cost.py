"""Business cost of decisions, and thresholds: the optimum, the grid of the specification, the effect of the cost ratio.

Arrays hold one value for each of n clients, shape (n,): ``probability`` of default, ``default`` (1 for a default, 0
otherwise), ``refused`` (bool) and the numbers of ``folds``.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

GRID = tuple(round(0.1 + 0.05 * step, 2) for step in range(17))
"""Thresholds from 0.1 to 0.9 in steps of 0.05."""
COST_RATIOS = (2.0, 5.0, 10.0, 15.0, 20.0, 30.0)
FLAT_WITHIN = 0.01
"""Costs at most this share above the smallest count as the same."""


class Threshold(NamedTuple):
    """A threshold and its cost.

    Attributes:
        value: probability of default at or above which an application is refused.
        cost_per_client: business cost divided by the number of clients.
        acceptance_rate: share of clients below the cut.
    """

    value: float
    cost_per_client: float
    acceptance_rate: float


class Outcomes(NamedTuple):
    """What k thresholds do to n clients, each (k,).

    Attributes:
        accepted: clients below the threshold.
        false_negatives: defaults that are accepted.
        false_positives: good clients that are refused.
    """

    accepted: np.ndarray
    false_negatives: np.ndarray
    false_positives: np.ndarray


class FlatRegion(NamedTuple):
    """The thresholds around the optimum that cost hardly more."""

    low: float
    high: float


def business_cost(refused: np.ndarray, default: np.ndarray, missed_default_cost: float) -> float:
    """Missed defaults times their cost, plus one for each good client refused."""
    missed_defaults = np.count_nonzero(~refused & (default == 1))
    lost_good_clients = np.count_nonzero(refused & (default == 0))
    return missed_default_cost * missed_defaults + lost_good_clients


def client_costs(refused: np.ndarray, default: np.ndarray, missed_default_cost: float) -> np.ndarray:
    """Cost of the decision about each client (n,), in units of a refused good client."""
    return np.asarray(np.where(refused, (default == 0) * 1.0, (default == 1) * missed_default_cost))


def cheapest_threshold(probability: np.ndarray, default: np.ndarray, missed_default_cost: float) -> Threshold:
    """The exact optimum over all cuts of a sample.

    The cut lies halfway between two neighbouring probabilities, so that rounding cannot move a client across it.
    """
    order = np.argsort(probability, kind="stable")
    sorted_probability, sorted_default = probability[order], default[order]
    # costs[k]: the k clients of lowest probability are accepted.
    missed = np.concatenate([[0], np.cumsum(sorted_default == 1)]) * missed_default_cost
    lost = np.count_nonzero(default == 0) - np.concatenate([[0], np.cumsum(sorted_default == 0)])
    # A cut exists only between different values: clients of equal probability get the same decision.
    possible = np.concatenate([[True], np.diff(sorted_probability) > 0, [True]])
    costs = np.where(possible, missed + lost, np.inf)
    accepted = int(np.argmin(costs))
    below = sorted_probability[accepted - 1] if accepted > 0 else 0.0
    above = sorted_probability[accepted] if accepted < len(order) else np.nextafter(1.0, 2.0)
    halfway = (below + above) / 2
    # The half of two neighbouring floating-point numbers is rounded to one of them.
    cut = halfway if halfway > below or accepted == 0 else above
    return Threshold(float(cut), float(costs[accepted] / len(order)), accepted / len(order))


def nested_cost_per_client(
    probability: np.ndarray, default: np.ndarray, folds: np.ndarray, missed_default_cost: float
) -> float:
    """Cost per client when each fold is cut where the others cost least: without the optimism of a searched cut."""
    refused = np.empty(len(default), dtype=bool)
    for fold in np.unique(folds):
        held_out = folds == fold
        cut = cheapest_threshold(probability[~held_out], default[~held_out], missed_default_cost).value
        refused[held_out] = probability[held_out] >= cut
    return business_cost(refused, default, missed_default_cost) / len(default)


def outcomes_at(cuts: Sequence[float] | np.ndarray, probability: np.ndarray, default: np.ndarray) -> Outcomes:
    """Numbers of clients accepted, defaults accepted and good clients refused at each of k cuts."""
    order = np.argsort(probability, kind="stable")
    accepted = np.searchsorted(probability[order], np.asarray(cuts), side="left")
    missed = np.concatenate([[0], np.cumsum(default[order] == 1)])[accepted]
    return Outcomes(accepted, missed, np.count_nonzero(default == 0) - (accepted - missed))


def costs_at(
    cuts: Sequence[float] | np.ndarray, probability: np.ndarray, default: np.ndarray, missed_default_cost: float
) -> np.ndarray:
    """Cost per client (k,) at each of k cuts."""
    _, false_negatives, false_positives = outcomes_at(cuts, probability, default)
    return np.asarray((missed_default_cost * false_negatives + false_positives) / len(default))


def grid_optimum(probability: np.ndarray, default: np.ndarray, missed_default_cost: float) -> Threshold:
    """The cheapest threshold of the grid."""
    costs = costs_at(GRID, probability, default, missed_default_cost)
    cut = GRID[int(np.argmin(costs))]
    return Threshold(cut, float(costs.min()), float(np.mean(probability < cut)))


def flat_region(
    probability: np.ndarray, default: np.ndarray, best: Threshold, missed_default_cost: float
) -> FlatRegion:
    """The widest range of thresholds around the best one in which none costs more than a hundredth more."""
    cuts = np.unique(np.append(np.quantile(probability, np.linspace(0, 1, 2001)), best.value))
    flat = costs_at(cuts, probability, default, missed_default_cost) <= best.cost_per_client * (1 + FLAT_WITHIN)
    optimum = int(np.searchsorted(cuts, best.value))
    steep = np.flatnonzero(~flat)
    below, above = steep[steep < optimum], steep[steep > optimum]
    low = cuts[below[-1] + 1] if len(below) else cuts[0]
    high = cuts[above[0] - 1] if len(above) else cuts[-1]
    return FlatRegion(float(min(low, best.value)), float(max(high, best.value)))


def by_cost_ratio(probability: np.ndarray, default: np.ndarray) -> list[tuple[float, Threshold, float]]:
    """For each cost ratio the exact optimum, and 1 / (1 + ratio), optimal if calibration is perfect."""
    return [(ratio, cheapest_threshold(probability, default, ratio), 1 / (1 + ratio)) for ratio in COST_RATIOS]


def cost_at_theory(probability: np.ndarray, default: np.ndarray, missed_default_cost: float) -> float:
    """Cost per client at the cut that follows from the cost ratio alone."""
    refused = probability >= 1 / (1 + missed_default_cost)
    return business_cost(refused, default, missed_default_cost) / len(default)
