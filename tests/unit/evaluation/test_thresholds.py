"""The grid, the flat region and the cost ratio against the definition of the cost."""

import numpy as np
import pytest

from credit_scoring.evaluation.business_cost import (
    GRID,
    business_cost,
    by_cost_ratio,
    cheapest_threshold,
    cost_at_theory,
    costs_at,
    flat_region,
    grid_optimum,
    nested_cost_per_client,
)

RANDOM = np.random.default_rng(0)
PROBABILITY = RANDOM.beta(1, 8, size=3000)
DEFAULT = (RANDOM.random(3000) < PROBABILITY).astype(np.int8)
COST = 10.0


def test_the_grid_is_that_of_the_specification() -> None:
    assert (GRID[0], GRID[1], GRID[-1], len(GRID)) == (0.1, 0.15, 0.9, 17)


def test_costs_at_cuts_are_the_business_cost() -> None:
    cuts = [0.0, *PROBABILITY[:20], *GRID, 1.0]
    by_definition = [business_cost(PROBABILITY >= cut, DEFAULT, COST) / len(DEFAULT) for cut in cuts]
    assert costs_at(cuts, PROBABILITY, DEFAULT, COST) == pytest.approx(by_definition)


def test_the_best_of_the_grid_is_no_cheaper_than_the_exact_optimum() -> None:
    best, on_grid = cheapest_threshold(PROBABILITY, DEFAULT, COST), grid_optimum(PROBABILITY, DEFAULT, COST)
    assert on_grid.value in GRID
    assert best.cost_per_client <= on_grid.cost_per_client == costs_at(GRID, PROBABILITY, DEFAULT, COST).min()
    assert on_grid.acceptance_rate == np.mean(PROBABILITY < on_grid.value)


def test_the_flat_region_holds_the_optimum_and_costs_hardly_more() -> None:
    best = cheapest_threshold(PROBABILITY, DEFAULT, COST)
    flat = flat_region(PROBABILITY, DEFAULT, best, COST)
    assert flat.low < best.value < flat.high
    inside = np.linspace(flat.low, flat.high, 50)
    assert costs_at(inside, PROBABILITY, DEFAULT, COST).max() <= best.cost_per_client * 1.015
    wider = [flat.low - 0.02, flat.high + 0.02]
    assert costs_at(wider, PROBABILITY, DEFAULT, COST).max() > best.cost_per_client * 1.01


def test_the_more_a_missed_default_costs_the_lower_the_threshold() -> None:
    table = by_cost_ratio(PROBABILITY, DEFAULT)
    cuts = [best.value for _, best, _ in table]
    assert cuts == sorted(cuts, reverse=True)
    for ratio, best, theory in table:
        assert theory == pytest.approx(1 / (1 + ratio))
        assert best.value == pytest.approx(theory, abs=0.1), "probabilities here are calibrated"


def test_the_theoretical_cut_costs_at_least_the_optimum() -> None:
    best = cheapest_threshold(PROBABILITY, DEFAULT, COST).cost_per_client
    folds = np.arange(len(DEFAULT)) % 5
    nested = nested_cost_per_client(PROBABILITY, DEFAULT, folds, COST)
    assert best <= nested < best * 1.1
    assert best <= cost_at_theory(PROBABILITY, DEFAULT, COST) < best * 1.1
