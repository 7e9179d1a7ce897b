"""Clients are spread over buckets the same way on every machine, for good."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_scoring.core.buckets import HASH_RANGE, bucket_of, hash_of_client, map_buckets


@pytest.mark.parametrize(
    ("client", "hashed", "bucket"),
    [
        (1, 2_654_435_761, 9),
        (2, 1_013_904_226, 3),
        (100_001, 71_773_777, 0),
        (100_002, 2_726_209_538, 10),
        (456_255, 415_041_679, 1),
        (2**31 - 1, 3_788_015_183, 14),
    ],
)
def test_a_client_stays_in_its_bucket_for_good(client: int, hashed: int, bucket: int) -> None:
    assert hash_of_client(client) == hashed
    assert bucket_of(client, 16) == bucket


@given(client=st.integers(0, 2**31 - 1), bucket_count=st.integers(1, 4096))
def test_every_client_has_a_bucket(client: int, bucket_count: int) -> None:
    assert 0 <= hash_of_client(client) < HASH_RANGE
    assert 0 <= bucket_of(client, bucket_count) < bucket_count


def test_consecutive_clients_fill_the_buckets_evenly() -> None:
    counts = [0] * 16
    for client in range(100_001, 116_001):
        counts[bucket_of(client, 16)] += 1
    assert max(counts) - min(counts) <= 10


def test_results_come_in_the_order_of_the_buckets() -> None:
    assert list(map_buckets(lambda bucket: bucket * bucket, [3, 1, 2], "Squaring")) == [9, 1, 4]


def test_a_bucket_is_computed_only_when_its_result_is_asked_for() -> None:
    computed: list[int] = []
    results = map_buckets(computed.append, [0, 1], "Remembering")
    next(results)
    assert computed == [0]
