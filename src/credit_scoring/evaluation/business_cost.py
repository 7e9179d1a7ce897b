"""Business cost of decisions, and the threshold that minimises it."""

from typing import NamedTuple

import numpy as np


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


def business_cost(refused: np.ndarray, default: np.ndarray, missed_default_cost: float) -> float:
    """Missed defaults times their cost, plus one for each good client refused.

    Args:
        refused: (n,) whether each client is refused.
        default: (n,) 1 for a default, 0 otherwise.
    """
    missed_defaults = np.count_nonzero(~refused & (default == 1))
    lost_good_clients = np.count_nonzero(refused & (default == 0))
    return missed_default_cost * missed_defaults + lost_good_clients


def client_costs(refused: np.ndarray, default: np.ndarray, missed_default_cost: float) -> np.ndarray:
    """Cost of the decision about each client (n,), in units of a refused good client.

    Args:
        refused: (n,) whether each client is refused.
        default: (n,) 1 for a default, 0 otherwise.
    """
    costs: np.ndarray = np.where(refused, (default == 0) * 1.0, (default == 1) * missed_default_cost)
    return costs


def cheapest_threshold(probability: np.ndarray, default: np.ndarray, missed_default_cost: float) -> Threshold:
    """The exact optimum over all cuts of a sample.

    The cut lies halfway between two neighbouring probabilities, so that rounding cannot move a client across it.

    Args:
        probability: (n,) probabilities of default.
        default: (n,) 1 for a default, 0 otherwise.
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
    """Cost per client when each fold is cut where the other folds cost least: without the optimism of a searched cut.

    Args:
        folds: (n,) fold of each client.
    """
    refused = np.empty(len(default), dtype=bool)
    for fold in np.unique(folds):
        held_out = folds == fold
        cut = cheapest_threshold(probability[~held_out], default[~held_out], missed_default_cost).value
        refused[held_out] = probability[held_out] >= cut
    return business_cost(refused, default, missed_default_cost) / len(default)
