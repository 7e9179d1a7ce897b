"""Offline versions: immutable, found again, and the same bytes however often they are read."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from credit_scoring.core.errors import MissingArtefactError
from credit_scoring.feature_store.offline import FeatureVersion, content_hash, publish, read_version, versions

FOUR_CLIENTS = range(1, 5)


def frame(first: float, clients: range = FOUR_CLIENTS) -> pl.DataFrame:
    debt = [None, *np.linspace(first, first + 1, len(clients) - 1).tolist()]
    return pl.DataFrame(
        {
            "SK_ID_CURR": pl.Series(clients, dtype=pl.Int32),
            "TARGET": pl.Series([None, *[1] * (len(clients) - 1)], dtype=pl.Int8),
            "debt": pl.Series(debt, dtype=pl.Float32),
        }
    )


def written(features: pl.DataFrame, folder: Path) -> list[Path]:
    """Two buckets, the clients of even number first."""
    folder.mkdir(parents=True)
    paths = [folder / "bucket=0000.parquet", folder / "bucket=0001.parquet"]
    for remainder, path in enumerate(paths):
        features.filter(pl.col("SK_ID_CURR") % 2 == remainder).write_parquet(path)
    return paths


def described(fingerprint: str, buckets: list[Path]) -> FeatureVersion:
    hashed, rows = content_hash(buckets)
    return FeatureVersion(
        fingerprint=fingerprint,
        source_fingerprint="raw",
        created_at=datetime(2026, 1, 2, tzinfo=UTC),
        rows=rows,
        features=1,
        content_hash=hashed,
        source="synthetic",
        code_version="0.1.0",
        population='{"median": 1.5}',
    )


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "offline"


def test_what_was_published_is_read_sorted_by_client(table: Path, tmp_path: Path) -> None:
    buckets = written(frame(1), tmp_path / "a")
    version = publish(table, buckets, described("a", buckets))
    assert version == described("a", buckets).model_copy(update={"number": 0})
    read = read_version(table, 0)
    assert read.equals(frame(1), null_equal=True)
    assert read.schema == frame(1).schema


def test_publishing_again_finds_what_is_there(table: Path, tmp_path: Path) -> None:
    buckets = written(frame(1), tmp_path / "a")
    first = publish(table, buckets, described("a", buckets))
    later = described("a", buckets).model_copy(update={"created_at": datetime(2026, 2, 3, tzinfo=UTC)})
    assert publish(table, buckets, later) == first
    assert versions(table) == [first]


def test_an_old_version_stays_readable_byte_for_byte(table: Path, tmp_path: Path) -> None:
    old = written(frame(1), tmp_path / "a")
    publish(table, old, described("a", old))
    before = read_version(table, 0)
    new = written(frame(7, range(1, 9)).with_columns(pl.lit(1.0, pl.Float32).alias("age")), tmp_path / "b")
    assert publish(table, new, described("b", new)).number == 1
    after = read_version(table, 0)
    assert after.equals(before, null_equal=True)
    assert after["debt"].to_numpy().tobytes() == before["debt"].to_numpy().tobytes()
    assert read_version(table, 1).columns == ["SK_ID_CURR", "TARGET", "debt", "age"]
    assert read_version(table, 1).height == 8


def test_versions_are_listed_with_what_they_say_of_themselves(table: Path, tmp_path: Path) -> None:
    assert versions(table) == []
    for fingerprint, first in (("a", 1), ("b", 7)):
        buckets = written(frame(first), tmp_path / fingerprint)
        publish(table, buckets, described(fingerprint, buckets))
    listed = versions(table)
    assert [(version.number, version.fingerprint) for version in listed] == [(0, "a"), (1, "b")]
    assert all(version.rows == 4 and version.population == '{"median": 1.5}' for version in listed)


def test_other_values_under_the_same_fingerprint_are_a_version_of_their_own(table: Path, tmp_path: Path) -> None:
    for folder, first in (("a", 1), ("b", 7)):
        buckets = written(frame(first), tmp_path / folder)
        publish(table, buckets, described("same", buckets))
    assert [version.number for version in versions(table)] == [0, 1]
    assert read_version(table, 1)["debt"].max() == 8


def test_an_unknown_version_is_named_with_the_known_ones(table: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingArtefactError, match=r"no feature version 0; known versions: \[\]"):
        read_version(table, 0)
    buckets = written(frame(1), tmp_path / "a")
    publish(table, buckets, described("a", buckets))
    with pytest.raises(MissingArtefactError, match=r"no feature version 5; known versions: \[0\]"):
        read_version(table, 5)


def test_the_content_hash_depends_on_values_and_names_only(tmp_path: Path) -> None:
    buckets = written(frame(1), tmp_path / "a")
    hashed, rows = content_hash(buckets)
    assert rows == 4
    for path in buckets:
        pl.read_parquet(path).write_parquet(path, compression="uncompressed", row_group_size=1)
    assert content_hash(buckets) == (hashed, 4)
    other = {hashed}
    for name, changed in {
        "value": frame(1).with_columns(pl.col("debt") + 1e-6),
        "null": frame(1).with_columns(pl.col("debt").fill_null(0.0)),
        "name": frame(1).rename({"debt": "credit"}),
        "client": frame(1, range(2, 6)),
    }.items():
        other.add(content_hash(written(changed, tmp_path / name))[0])
    assert len(other) == 5
