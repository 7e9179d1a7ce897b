"""Business cost of decisions, and the cut that minimises it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_scoring.evaluation.business_cost import business_cost, cheapest_threshold

PROBABILITY = np.array([0.1, 0.2, 0.3, 0.4, 0.8])
DEFAULT = np.array([0, 0, 1, 0, 1])

clients = st.lists(
    st.tuples(st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.25, np.nextafter(0.25, 1), 0.5, 1.0])), st.booleans()),
    min_size=1,
    max_size=30,
)


def test_a_missed_default_costs_ten_and_a_refused_good_client_one() -> None:
    refused = np.array([False, True, False, True, True])
    assert business_cost(refused, DEFAULT, missed_default_cost=10) == 10 + 2
    assert business_cost(refused, DEFAULT, missed_default_cost=2.5) == 2.5 + 2
    assert business_cost(DEFAULT == 1, DEFAULT, missed_default_cost=10) == 0


def test_the_cheapest_cut_by_hand() -> None:
    # Accepting the two clients below 0.25 refuses one good client (0.4) and misses no default: cost 1 of 5 clients.
    threshold = cheapest_threshold(PROBABILITY, DEFAULT, missed_default_cost=10)
    assert threshold.value == 0.25
    assert threshold.cost_per_client == pytest.approx(1 / 5)
    assert threshold.acceptance_rate == pytest.approx(2 / 5)


def test_a_cheap_missed_default_is_accepted() -> None:
    # Below a cost of 1 it is cheaper to miss the default at 0.3 than to refuse the good client at 0.4.
    threshold = cheapest_threshold(PROBABILITY, DEFAULT, missed_default_cost=0.5)
    assert threshold.value == pytest.approx(0.6)
    assert threshold.cost_per_client == pytest.approx(0.5 / 5)


def test_the_threshold_moves_down_when_a_missed_default_costs_more() -> None:
    random = np.random.default_rng(1)
    probability = random.random(200_000)
    default = (random.random(200_000) < probability).astype(np.int8)
    values = [cheapest_threshold(probability, default, cost).value for cost in (1, 3, 10, 30)]
    assert values == sorted(values, reverse=True)
    # With calibrated probabilities the best cut is known: 1 / (1 + cost).
    assert values == pytest.approx([1 / 2, 1 / 4, 1 / 11, 1 / 31], abs=0.02)


def test_clients_of_equal_probability_are_decided_alike() -> None:
    probability, default = np.array([0.2, 0.2, 0.2, 0.6]), np.array([0, 1, 0, 1])
    threshold = cheapest_threshold(probability, default, missed_default_cost=10)
    assert threshold.value == pytest.approx(0.1)
    assert threshold.acceptance_rate == 0
    assert threshold.cost_per_client == pytest.approx(2 / 4)


def test_without_defaults_every_client_is_accepted() -> None:
    threshold = cheapest_threshold(np.array([0.2, 1.0]), np.array([0, 0]), missed_default_cost=10)
    assert (threshold.acceptance_rate, threshold.cost_per_client) == (1, 0)
    assert threshold.value > 1


@given(clients=clients, missed_default_cost=st.sampled_from([0.5, 1.0, 3.0, 10.0]))
def test_no_cut_is_cheaper(clients: list[tuple[float, bool]], missed_default_cost: float) -> None:
    probability = np.array([client[0] for client in clients])
    default = np.array([client[1] for client in clients]).astype(np.int8)
    threshold = cheapest_threshold(probability, default, missed_default_cost)
    every_cut = [*np.unique(probability), 2.0]
    cheapest = min(business_cost(probability >= cut, default, missed_default_cost) for cut in every_cut)
    assert threshold.cost_per_client * len(clients) == pytest.approx(cheapest)


@given(clients=clients, missed_default_cost=st.sampled_from([0.5, 1.0, 3.0, 10.0]))
def test_the_cut_costs_what_it_promises(clients: list[tuple[float, bool]], missed_default_cost: float) -> None:
    probability = np.array([client[0] for client in clients])
    default = np.array([client[1] for client in clients]).astype(np.int8)
    threshold = cheapest_threshold(probability, default, missed_default_cost)
    refused = probability >= threshold.value
    assert business_cost(refused, default, missed_default_cost) == pytest.approx(
        threshold.cost_per_client * len(clients)
    )
    assert 1 - refused.mean() == pytest.approx(threshold.acceptance_rate)
