"""Histograms, fences and null maps."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_scoring.data_contracts import Column, Table
from credit_scoring.data_contracts.column_types import NO_DATE, amount, category, days, identifier
from credit_scoring.data_validation.column_profiles import (
    BINS,
    NULL_MAP_ROWS,
    SHOWN_CATEGORIES,
    Numbers,
    category_distribution,
    fences_of,
    known_values,
    null_map,
    number_distribution,
    number_values,
)
from credit_scoring.data_validation.row_rules import Fences, NoFences
from credit_scoring.data_validation.table_checks import MIN_ROWS

AMOUNT = amount("AMT_CREDIT", "Amount lent.", minimum=-1_000_000_000)


def any_fences(numbers: Numbers) -> Fences | NoFences:
    table = Table(name="bureau", meaning="Test.", columns=(AMOUNT,), sort_order=(), published_rows=1)
    return fences_of(pl.DataFrame({"AMT_CREDIT": numbers}), table)["AMT_CREDIT"]


def fences(numbers: Numbers) -> Fences:
    found = any_fences(numbers)
    assert isinstance(found, Fences)
    return found


def heavy_tail() -> Numbers:
    return np.random.default_rng(0).lognormal(12, 0.5, 5_000)


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=200))
def test_every_value_counts_in_exactly_one_bin(values: list[float]) -> None:
    found = number_distribution(np.array(values))
    assert len(found.edges) == len(found.shares) + 1
    assert list(found.edges) == sorted(set(found.edges))
    assert sum(found.shares) == pytest.approx(1, abs=1e-4)


@given(st.lists(st.floats(-1e9, 1e9), min_size=1), st.lists(st.floats(-1e9, 1e9), min_size=1))
def test_another_version_is_counted_in_the_same_bins(before: list[float], now: list[float]) -> None:
    edges = number_distribution(np.array(before)).edges
    found = number_distribution(np.array(now), edges)
    assert found.edges == edges
    assert sum(found.shares) == pytest.approx(1, abs=1e-4)


def test_few_different_values_get_a_bin_each() -> None:
    found = number_distribution(np.array([0.0, 0, 0, 1, 5, 5]))
    assert list(found.shares) == pytest.approx([1 / 2, 1 / 6, 1 / 3], abs=1e-5)
    assert found.quartiles == (0, 0, 0.5, 4, 5)


def test_a_heavy_tail_does_not_push_everything_into_the_first_bin() -> None:
    shares = number_distribution(heavy_tail()).shares
    assert len(shares) == BINS
    assert max(shares) < 0.2


def test_large_numbers_close_to_each_other_are_distinguished() -> None:
    found = number_distribution(1e9 + np.arange(100.0))
    assert len(found.shares) == BINS
    assert max(found.shares) < 0.1


@pytest.mark.parametrize("low", [0.1, 1e9, 1e-300])
def test_neighbours_among_the_floats_make_a_histogram_too(low: float) -> None:
    found = number_distribution(np.array([low, np.nextafter(low, 2 * low)]))
    assert sum(found.shares) == pytest.approx(1)


def test_a_column_that_is_nearly_always_zero_still_shows_what_is_not() -> None:
    numbers = np.concatenate([np.zeros(100_000), np.arange(1.0, 101.0)])
    found = number_distribution(numbers)
    assert [found.edges[0], found.edges[-1]] == pytest.approx([0, 100])
    assert found.shares[0] < 1


def test_no_values_have_no_shares_but_keep_the_bins() -> None:
    assert number_distribution(np.array([]), (0, 1)).edges == (0, 1)
    assert number_distribution(np.array([])).shares == ()


def test_nulls_missing_codes_and_infinities_are_no_numbers() -> None:
    column = days("DAYS_EMPLOYED", "Since when.", -20_000, 0, missing_codes=(NO_DATE,))
    assert list(number_values(pl.DataFrame({"DAYS_EMPLOYED": [NO_DATE, None, -5]}), column)) == [-5.0]
    infinite = pl.DataFrame({"AMT_CREDIT": [float("inf"), float("nan"), 2.0]})
    assert list(number_values(infinite, AMOUNT)) == [2.0]


def test_fences_keep_a_heavy_tail_in_and_shut_typing_errors_out() -> None:
    found = fences(heavy_tail())
    assert np.mean((heavy_tail() < found.low) | (heavy_tail() > found.high)) < 0.001
    assert found.high < np.median(heavy_tail()) * 100


def test_a_tenth_of_absurd_values_does_not_move_the_fences_far_enough_to_hide_them() -> None:
    spoiled = heavy_tail()
    spoiled[::10] *= 1_000
    found = fences(spoiled)
    assert np.median(spoiled[::10]) > found.high


def test_mostly_zeros_are_fenced_by_the_other_values() -> None:
    sparse = np.concatenate([np.zeros(20_000), heavy_tail()])
    found = fences(sparse)
    assert np.mean((sparse < found.low) | (sparse > found.high)) < 0.001


@pytest.mark.parametrize("numbers", [np.ones(5_000), np.tile([0.0, 0.0, 1.0], 2_000)])
def test_without_spread_there_are_no_fences(numbers: Numbers) -> None:
    assert any_fences(numbers) == NoFences("too few different values", "the quartiles are equal")


def test_few_values_have_no_fences_but_a_reason() -> None:
    assert any_fences(heavy_tail()[: MIN_ROWS - 1]) == NoFences(
        "too few rows", "999 sampled rows with a value, 1,000 are needed"
    )


def test_identifiers_have_no_fences() -> None:
    columns: tuple[Column, ...] = (identifier("SK_ID_CURR", "The client."),)
    table = Table(name="bureau", meaning="Test.", columns=columns, sort_order=(), published_rows=1)
    assert fences_of(pl.DataFrame({"SK_ID_CURR": range(5_000)}), table) == {}


def test_the_most_frequent_categories_come_first_and_the_rest_is_one_share() -> None:
    values = pl.Series([f"word {number}" for number in range(SHOWN_CATEGORIES + 3) for _ in range(20 - number)])
    found = category_distribution(values)
    assert found.categories[:2] == ("word 0", "word 1")
    assert found.categories[-1] == "all others"
    assert sum(found.shares) == pytest.approx(1, abs=1e-4)


def test_categories_of_another_version_keep_their_order() -> None:
    found = category_distribution(pl.Series(["B", "B", "C", "D"]), order=("A", "B"))
    assert dict(zip(found.categories, found.shares, strict=True)) == {"A": 0.0, "B": 0.5, "all others": 0.5}


def test_missing_codes_are_not_counted() -> None:
    column = category("CODE_GENDER", "Gender.", ("F", "M"), missing_codes=("XNA",))
    assert known_values(pl.DataFrame({"CODE_GENDER": ["F", "XNA", None]}), column).to_list() == ["F"]


def test_a_null_map_shows_rows_from_the_whole_frame_in_order() -> None:
    frame = pl.DataFrame({"A": [None] * 500 + [1.0] * 500})
    assert null_map(frame, "A") == "1" * (NULL_MAP_ROWS // 2) + "0" * (NULL_MAP_ROWS // 2)
    assert null_map(frame.head(3), "A") == "111"
