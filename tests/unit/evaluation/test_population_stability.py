"""The population stability index, against values worked out by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_scoring.evaluation.population_stability import population_stability_index


def _index(expected: list[float], observed: list[float]) -> float:
    return sum((o - e) * math.log(o / e) for e, o in zip(expected, observed, strict=True))


def test_two_bins_by_hand() -> None:
    reference = np.array([1.0, 2.0, 3.0, 4.0])
    current = np.array([1.0, 1.0, 1.0, 3.5])
    # The median is 2, the value below which half the reference lies at most: bins are {1} and {2, 3, 4}.
    assert population_stability_index(reference, current, bins=2) == pytest.approx(_index([0.25, 0.75], [0.75, 0.25]))


def test_tenths_by_hand() -> None:
    reference = np.arange(1000, dtype=np.float32)
    current = np.concatenate([reference, np.arange(100, dtype=np.float32)])
    # The nine edges are the clients 99, 199, ..., 899; 99 of the added clients lie below the first one.
    expected = np.array([99, *[100] * 8, 101])
    observed = expected + np.array([99, 1, *[0] * 8])
    assert population_stability_index(reference, current) == pytest.approx(
        _index((expected / 1000).tolist(), (observed / 1100).tolist())
    )


@given(st.lists(st.one_of(st.floats(-1e6, 1e6, width=32), st.just(np.nan)), min_size=1, max_size=200))
def test_what_did_not_move_has_index_zero(values: list[float]) -> None:
    array = np.array(values, dtype=np.float32)
    assert population_stability_index(array, array) == 0
    assert population_stability_index(array, array[::-1]) == 0


@given(
    st.lists(st.floats(-100, 100, width=32), min_size=1, max_size=50),
    st.lists(st.floats(-100, 100, width=32), min_size=1, max_size=50),
)
def test_the_index_is_finite_and_never_negative(reference: list[float], current: list[float]) -> None:
    index = population_stability_index(np.array(reference), np.array(current))
    assert np.isfinite(index)
    assert index >= 0


@pytest.mark.parametrize("share", [0.08, 0.92])
def test_a_shift_of_a_rare_or_frequent_flag_is_detected(share: float) -> None:
    reference = np.repeat([0.0, 1.0], [round(1000 * (1 - share)), round(1000 * share)])
    current = np.repeat([0.0, 1.0], [400, 600])
    assert population_stability_index(reference, current) == pytest.approx(_index([1 - share, share], [0.4, 0.6]))


def test_clients_that_leave_a_shared_value_are_detected() -> None:
    spread = np.linspace(1, 2, 50)
    reference = np.concatenate([np.zeros(950), spread])
    current = np.concatenate([np.zeros(500), np.repeat(spread, 10)])
    assert population_stability_index(reference, current) == pytest.approx(_index([0.95, 0.05], [0.5, 0.5]))


def test_missing_values_are_a_bin_of_their_own() -> None:
    reference = np.array([1.0, 2.0, 3.0, 4.0, *[np.nan] * 4])
    current = np.array([1.0, 2.0, 3.0, 4.0, *[np.nan] * 12])
    assert population_stability_index(reference, current, bins=2) == pytest.approx(
        _index([0.125, 0.375, 0.5], [0.0625, 0.1875, 0.75])
    )


def test_values_that_appear_where_all_were_missing_have_moved() -> None:
    missing, known = np.full(100, np.nan), np.linspace(0, 1, 100)
    # An empty bin counts as one client in ten thousand.
    expected = _index([1.0, 1e-4], [1e-4, 1.0])
    assert population_stability_index(missing, known) == pytest.approx(expected)
    assert population_stability_index(missing, missing) == 0
    assert population_stability_index(known, missing) > 1
