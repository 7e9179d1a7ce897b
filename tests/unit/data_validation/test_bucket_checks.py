"""Duplicates across buckets."""

from collections.abc import Sequence

import polars as pl

from credit_scoring.data_validation.bucket_checks import (
    BucketFindings,
    FailingRows,
    duplicates_across_buckets,
    identity,
)
from credit_scoring.data_validation.checks import Check
from credit_scoring.data_validation.plan import Uniqueness

KEY = Uniqueness(
    Check(table="POS_CASH_balance", name="duplicate_key", columns=("LOAN", "MONTH"), severity="error", rule=""),
    columns=("LOAN", "MONTH"),
    identity=("LOAN",),
)


def bucket(client: int, *keys: tuple[int, int]) -> pl.DataFrame:
    loans, months = zip(*keys, strict=True) if keys else ((), ())
    schema = {"LOAN": pl.Int32, "MONTH": pl.Int8}
    return pl.DataFrame({"LOAN": loans, "MONTH": months}, schema=schema).with_columns(SK_ID_CURR=pl.lit(client))


def found_in(*buckets: pl.DataFrame) -> tuple[FailingRows, list[int]]:
    """What repeats, and which buckets were read again."""
    findings = [
        BucketFindings(frame.height, {}, {}, {KEY.check.key: identity(frame, KEY.identity).unique()})
        for frame in buckets
    ]
    read = []

    def reader(position: int, columns: Sequence[str]) -> pl.DataFrame:
        read.append(position)
        return buckets[position].select(columns)

    return duplicates_across_buckets(KEY, findings, reader), read


def test_a_key_in_two_buckets_is_found_in_both() -> None:
    found, _ = found_in(bucket(1, (10, -1), (11, -1)), bucket(2, (10, -1), (12, -1)))
    assert found.failing == 2
    assert found.rows.sort("SK_ID_CURR").rows() == [(1, 10, -1), (2, 10, -1)]


def test_other_months_of_a_loan_in_two_buckets_are_no_repetition() -> None:
    found, _ = found_in(bucket(1, (10, -1)), bucket(2, (10, -2)))
    assert found.failing == 0


def test_rows_that_repeat_within_their_bucket_are_not_counted_again() -> None:
    found, _ = found_in(bucket(1, (10, -1), (10, -1)), bucket(2, (10, -2)))
    assert found.failing == 0


def test_only_buckets_that_share_a_loan_are_read_again() -> None:
    found, read = found_in(bucket(1, (10, -1)), bucket(2, (20, -1)), bucket(3, (10, -1)), bucket(4))
    assert (found.failing, read) == (2, [0, 2])


def test_a_healthy_table_is_not_read_again() -> None:
    found, read = found_in(bucket(1, (10, -1)), bucket(2, (20, -1)))
    assert (found.failing, read) == (0, [])
