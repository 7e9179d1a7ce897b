"""Two processes publish at the same time: one succeeds, the other fails with a clear error, and nothing is lost."""

import multiprocessing
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from credit_scoring.core.errors import StorageError
from credit_scoring.feature_store import offline
from credit_scoring.feature_store.offline import FeatureVersion, content_hash, publish, read_version, versions


def write_bucket(path: Path, value: float) -> Path:
    rows = 5000
    pl.DataFrame(
        {
            "SK_ID_CURR": np.arange(rows, dtype=np.int32),
            "TARGET": np.zeros(rows, dtype=np.int8),
            "feature": np.full(rows, value, dtype=np.float32),
        }
    ).write_parquet(path)
    return path


def draft(bucket: Path, fingerprint: str) -> FeatureVersion:
    hashed, rows = content_hash([bucket])
    return FeatureVersion(
        fingerprint=fingerprint,
        source_fingerprint="raw",
        created_at=datetime(2026, 1, 2, tzinfo=UTC),
        rows=rows,
        features=1,
        content_hash=hashed,
        source="synthetic",
        code_version="0.1.0",
        population="{}",
    )


def publish_together(table: Path, bucket: Path, fingerprint: str, ready: Barrier, answer: Path) -> None:
    """Both processes have looked at the table before either writes: the moment in which they can collide."""
    batches = offline._batches

    def wait_then_read(buckets: list[Path], schema: object) -> object:
        ready.wait(timeout=60)
        return batches(buckets, schema)

    # It takes the same arguments, and does not name the type of a schema.
    offline._batches = wait_then_read  # type: ignore[assignment]
    try:
        published = publish(table, [bucket], draft(bucket, fingerprint))
        answer.write_text(f"published {published.number}")
    except StorageError as error:
        answer.write_text(f"refused: {error}")


@pytest.mark.parametrize("table_exists", [False, True])
def test_of_two_concurrent_publishers_one_succeeds_and_the_other_fails(table_exists: bool, tmp_path: Path) -> None:
    table = tmp_path / "offline"
    if table_exists:
        first = write_bucket(tmp_path / "first.parquet", 0.0)
        publish(table, [first], draft(first, "first"))
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(2)
    processes = [
        context.Process(
            target=publish_together,
            args=(table, write_bucket(tmp_path / f"{name}.parquet", value), name, ready, tmp_path / f"{name}.txt"),
        )
        for name, value in (("left", 1.0), ("right", 2.0))
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=120)
        assert process.exitcode == 0
    answers = {name: (tmp_path / f"{name}.txt").read_text() for name in ("left", "right")}
    winners = [name for name, answer in answers.items() if answer.startswith("published")]
    losers = [name for name, answer in answers.items() if "Another publisher committed" in answer]
    assert (len(winners), len(losers)) == (1, 1), answers

    known = versions(table)
    assert [version.fingerprint for version in known] == (["first"] if table_exists else []) + winners
    values = {"first": 0.0, "left": 1.0, "right": 2.0}
    for version in known:
        frame = read_version(table, version.number)
        assert frame.height == 5000
        assert frame["feature"].unique().to_list() == [values[version.fingerprint]]

    # The loser's next try goes through, after the winner's version.
    bucket = tmp_path / f"{losers[0]}.parquet"
    again = publish(table, [bucket], draft(bucket, losers[0]))
    assert again.number == known[-1].number + 1
