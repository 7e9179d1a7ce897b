"""Thresholds: the grid of the specification, the flat region around the optimum, and the effect of the cost ratio."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from credit_scoring.evaluation.business_cost import Threshold, business_cost, cheapest_threshold

GRID = tuple(round(0.1 + 0.05 * step, 2) for step in range(17))
"""Thresholds from 0.1 to 0.9 in steps of 0.05."""
COST_RATIOS = (2.0, 5.0, 10.0, 15.0, 20.0, 30.0)
FLAT_WITHIN = 0.01
"""Costs at most this share above the smallest count as the same."""


class FlatRegion(NamedTuple):
    """The thresholds around the optimum that cost hardly more."""

    low: float
    high: float


def costs_at(
    cuts: Sequence[float] | np.ndarray, probability: np.ndarray, default: np.ndarray, missed_default_cost: float
) -> np.ndarray:
    """Cost per client (k,) at each of k cuts, from probabilities (n,) and defaults (n,)."""
    order = np.argsort(probability, kind="stable")
    accepted = np.searchsorted(probability[order], np.asarray(cuts), side="left")
    missed = np.concatenate([[0], np.cumsum(default[order] == 1)])
    good = np.concatenate([[0], np.cumsum(default[order] == 0)])
    costs: np.ndarray = (missed_default_cost * missed[accepted] + good[-1] - good[accepted]) / len(default)
    return costs


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
