"""Columns as expressions."""

import numpy as np
import polars as pl
import pytest

from credit_scoring.synthetic_data.chunks import chunks_of
from credit_scoring.synthetic_data.draws import draw, month_of
from credit_scoring.synthetic_data.noise import correlated, evenly, normal, of_client, uniform
from credit_scoring.synthetic_data.source import OWNER, Source

_ROWS = pl.DataFrame({OWNER: np.arange(1_000)})


@pytest.fixture
def source() -> Source:
    habit = np.random.default_rng(1).standard_normal(1_000)
    return Source(chunks_of(1_000, seed=1)[0], pl.DataFrame({"habit": habit}))


def test_a_column_uses_earlier_ones_and_random_numbers_are_not_kept(source: Source) -> None:
    found = source.compute("test", _ROWS, {"a": uniform("a"), "b": 2 * pl.col("a"), "c": pl.col("b") + 1})
    assert found.columns == [OWNER, "a", "b", "c"]
    assert (found["c"] == 2 * found["a"] + 1).all()


def test_a_new_column_does_not_move_the_random_numbers_of_others(source: Source) -> None:
    alone = source.compute("test", _ROWS, {"a": uniform("a")})
    together = source.compute("test", _ROWS, {"new": normal("new"), "a": uniform("a")})
    assert (alone["a"] == together["a"]).all()
    assert (alone["a"] != source.compute("other", _ROWS, {"a": uniform("a")})["a"]).all()


def test_even_ranks_fill_every_step_once_in_the_order_of_the_values(source: Source) -> None:
    found = source.compute("test", _ROWS, {"rank": evenly(of_client("habit"), "rank")})
    assert found["rank"].arg_sort().to_list() == source.clients["habit"].arg_sort().to_list()
    assert (found["rank"].sort() * 1_000).floor().to_list() == list(range(1_000))


def test_even_ranks_within_groups_are_even_in_each(source: Source) -> None:
    columns = {"group": pl.col(OWNER) < 200, "rank": evenly(of_client("habit"), "rank").over("group")}
    found = source.compute("test", _ROWS, columns).filter("group")
    assert (found["rank"].sort() * 200).floor().to_list() == list(range(200))


def test_correlated_values_are_standard_normal_with_the_declared_correlation() -> None:
    clients = pl.DataFrame({"habit": np.random.default_rng(2).standard_normal(100_000)})
    rows = pl.DataFrame({OWNER: np.arange(100_000)})
    found = Source(chunks_of(100, seed=1)[0], clients).compute(
        "test", rows, {"x": correlated(of_client("habit"), 0.6, "x")}
    )["x"]
    assert np.corrcoef(found, clients["habit"])[0, 1] == pytest.approx(0.6, abs=0.01)
    assert found.mean() == pytest.approx(0, abs=0.02)
    assert found.std() == pytest.approx(1, abs=0.02)


def test_a_draw_has_the_published_shares_of_its_group_and_follows_the_order(source: Source) -> None:
    columns = {
        "group": pl.lit("Cash loans|Refused"),
        "fee": draw("previous_application", "FEE", ["group"], of_client("habit")),
        "text": draw("previous_application", "CODE_REJECT_REASON", ["group"]),
    }
    found = source.compute("test", _ROWS, columns)
    assert found["text"].dtype == pl.String
    assert found["text"].n_unique() > 3
    ordered = found.with_columns(source.clients["habit"]).drop_nulls("fee").sort("habit")
    assert 10 < ordered.height and ordered["fee"].is_sorted()


def test_a_group_with_too_few_real_rows_has_the_distribution_of_all(source: Source) -> None:
    columns = {
        "unknown": pl.lit("no such group"),
        "fee": draw("previous_application", "FEE", ["unknown"], of_client("habit")),
        "of all": draw("previous_application", "FEE", [], of_client("habit")),
    }
    found = source.compute("test", _ROWS, columns)
    assert found["fee"].equals(found["of all"])


def test_rows_are_repeated_with_the_columns_that_are_needed(source: Source) -> None:
    rows = pl.DataFrame({OWNER: [0, 1, 2], "SK_ID_PREV": [7, 8, 9], "count": [2, 0, 1], "unused": [1, 2, 3]})
    found = source.expand("test", rows, "count", "step", {"number": pl.col("step") + 1})
    assert found.columns == [OWNER, "SK_ID_PREV", "step", "number"]
    assert found["SK_ID_PREV"].to_list() == [7, 7, 9]
    assert found["number"].to_list() == [1, 2, 1]


def test_the_month_of_a_day_ends_at_the_application() -> None:
    days = pl.DataFrame({"day": [-1.0, -30.0, -31.0, -61.0]})
    assert days.select(month_of(pl.col("day"))).to_series().to_list() == [0, 0, -1, -2]
