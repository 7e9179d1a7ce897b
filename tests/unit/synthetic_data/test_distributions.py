"""Distributions of single columns."""

import numpy as np
import pytest

from credit_scoring.synthetic_data.profile import Choices, Distributions, Numbers, index_at, read_distribution

_EVEN = (np.arange(100_000) + 0.5) / 100_000


def test_numbers_have_the_quantiles_they_were_given() -> None:
    quantiles = [0.0, 1.0, 5.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0, 100.0]
    found = read_distribution({"q": quantiles, "null": 0.1})
    assert found.null_share == 0.1
    values = found.at(_EVEN)
    assert np.quantile(values, [0.25, 0.5, 0.75]) == pytest.approx([25.0, 50.0, 75.0], abs=0.01)


def test_an_atom_at_zero_has_its_share_and_lies_between_negative_and_positive_values() -> None:
    found = read_distribution({"q": [-10.0, -9.0, -8.0, -7.0, -5.0, 0.5, 5.0, 7.0, 8.0, 9.0, 10.0], "zero": 0.4})
    values = found.at(_EVEN)
    assert (values == 0.0).mean() == pytest.approx(0.4, abs=0.001)
    assert (np.diff(values) >= 0).all()
    assert values.min() < -9.0 and values.max() > 9.0


def test_a_far_maximum_is_reached_by_a_heavy_tail_and_does_not_carry_the_mean_away() -> None:
    found = read_distribution({"q": [25.0, 45.0, 67.0, 81.0, 112.0, 147.0, 202.0, 270.0, 337.0, 450.0, 117_000.0]})
    assert isinstance(found, Numbers)
    assert found.at(_EVEN).mean() < 2 * 147.0
    assert found.at(np.array([1.0])) == pytest.approx([117_000.0])
    assert found.at(np.array([0.999])) < 20 * 450.0


def test_choices_have_their_shares_in_their_order() -> None:
    found = read_distribution({"v": ["F", "M", "XNA"], "w": [0.6, 0.3, 0.1]})
    assert isinstance(found, Choices)
    values = found.at(_EVEN)
    assert [(values == label).mean() for label in ("F", "M", "XNA")] == pytest.approx([0.6, 0.3, 0.1], abs=0.001)
    assert index_at(np.array([0.0, 0.65, 0.999]), found.shares).tolist() == [0, 1, 2]


def test_a_draw_has_as_many_nulls_as_published_and_follows_the_order_within_its_group() -> None:
    quantiles = [0.0, 1.0, 5.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0, 100.0]
    known = Distributions(
        {"": read_distribution({"q": quantiles, "null": 0.25}), "a": read_distribution({"v": [1.0], "w": [1.0]})}
    )
    random = np.random.default_rng(1)
    order = random.standard_normal(300)
    codes = np.arange(300) % 3 // 2
    drawn = known.draw(["too few rows", "a"], codes, order, random.random(300))
    assert np.isnan(drawn[codes == 0]).mean() == 0.25
    assert (drawn[codes == 1] == 1.0).all()
    kept = (codes == 0) & ~np.isnan(drawn)
    assert (np.diff(drawn[kept][np.argsort(order[kept])]) >= 0).all()
