"""Clients are assigned to buckets the same way on every machine and in Polars."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_scoring.core.buckets import bucket_of, map_buckets


@pytest.mark.parametrize(
    ("client", "bucket"), [(1, 9), (2, 3), (100_001, 0), (100_002, 10), (456_255, 1), (2**31 - 1, 14)]
)
def test_a_client_never_changes_its_bucket(client: int, bucket: int) -> None:
    assert bucket_of(client, 16) == bucket


@given(client=st.integers(0, 2**31 - 1), bucket_count=st.integers(1, 4096))
def test_every_client_has_a_bucket(client: int, bucket_count: int) -> None:
    bucket = bucket_of(client, bucket_count)
    assert 0 <= bucket < bucket_count
    assert pl.select(bucket_of(pl.lit(client, pl.UInt64), bucket_count)).item() == bucket


def test_consecutive_clients_fill_the_buckets_evenly() -> None:
    counts = [0] * 16
    for client in range(100_001, 116_001):
        counts[bucket_of(client, 16)] += 1
    assert max(counts) - min(counts) <= 10


def test_results_come_in_the_order_of_the_buckets() -> None:
    assert list(map_buckets(lambda bucket: bucket * bucket, [3, 1, 2], "Squaring")) == [9, 1, 4]


def test_a_bucket_is_computed_only_when_its_result_is_needed() -> None:
    computed: list[int] = []
    results = map_buckets(computed.append, [0, 1], "Remembering")
    next(results)
    assert computed == [0]
