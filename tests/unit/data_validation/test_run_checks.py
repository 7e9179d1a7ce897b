"""Which buckets are checked together."""

from hypothesis import given
from hypothesis import strategies as st

from credit_scoring.data_validation.run_checks import (
    MAX_CELLS_AT_ONCE,
    MAX_ROWS_AT_ONCE,
    bucket_groups,
    sampled_buckets,
)

BUCKETS = st.integers(1, 200)
ROWS = st.integers(0, 100_000_000)


@given(BUCKETS, ROWS, st.integers(1, 130))
def test_every_bucket_is_looked_at_once_and_in_order(bucket_count: int, rows: int, columns: int) -> None:
    parts = bucket_groups(bucket_count, rows, columns)
    assert [bucket for part in parts for bucket in part] == list(range(bucket_count))


@given(BUCKETS, ROWS, st.integers(1, 130))
def test_a_part_of_several_buckets_stays_within_the_memory(bucket_count: int, rows: int, columns: int) -> None:
    for part in bucket_groups(bucket_count, rows, columns):
        rows_of_part = rows * len(part) / bucket_count
        assert len(part) == 1 or (rows_of_part <= MAX_ROWS_AT_ONCE and rows_of_part * columns <= MAX_CELLS_AT_ONCE)


def test_small_tables_are_looked_at_in_one_go() -> None:
    assert bucket_groups(16, 10_000, 122) == [range(16)]


@given(BUCKETS, ROWS)
def test_a_sample_is_taken_from_the_last_buckets(bucket_count: int, rows: int) -> None:
    sampled = sampled_buckets(bucket_count, rows)
    assert len(sampled) >= 1
    assert sampled[-1] == bucket_count - 1
    assert sampled[0] >= 0
