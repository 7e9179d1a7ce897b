"""Published versions: found by number or tag, tagged permanently, and compared."""

from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from credit_scoring.core.errors import MissingArtefactError, StorageError
from credit_scoring.core.storage import Storage
from credit_scoring.feature_store.offline import FeatureVersion, bytes_of_version, content_hash, publish, read_version
from credit_scoring.feature_store.versions import compare_versions, difference, find_version, tag_version, tags

CLIENTS = 200


def features(**columns: np.ndarray) -> pl.DataFrame:
    known = {"SK_ID_CURR": np.arange(CLIENTS, dtype=np.int32), "TARGET": np.zeros(CLIENTS, dtype=np.int8)}
    return pl.DataFrame(known | {name: values.astype(np.float32) for name, values in columns.items()})


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    """Two published versions: in the second, one feature is new, one is gone and one has moved."""
    storage = Storage(tmp_path / "data", kept_versions=3)
    ramp = np.arange(CLIENTS)
    for number, frame in enumerate(
        (features(stays=ramp, moves=ramp, goes=ramp), features(stays=ramp, moves=ramp + 150, comes=ramp))
    ):
        bucket = tmp_path / f"bucket={number}.parquet"
        frame.write_parquet(bucket)
        hashed, rows = content_hash([bucket])
        version = FeatureVersion(
            fingerprint=str(number),
            source_fingerprint="raw",
            created_at=datetime(2026, 1, 2, tzinfo=UTC),
            rows=rows,
            features=frame.width - 2,
            content_hash=hashed,
            source="synthetic",
            code_version="0.1.0",
            population="{}",
        )
        publish(storage.offline_features(), [bucket], version)
    return storage


def test_a_version_is_found_by_number_and_by_tag(storage: Storage) -> None:
    first = find_version(storage, "0")
    tag_version(storage, first, "before-the-move")
    assert find_version(storage, "before-the-move") == first
    assert tags(storage) == {"before-the-move": 0}


def test_an_unknown_version_is_an_error_that_names_the_known_ones(storage: Storage) -> None:
    tag_version(storage, find_version(storage, "0"), "first")
    with pytest.raises(MissingArtefactError, match=r"'seventh' in .*; known versions: \[0, 1\], tags: \['first'\]"):
        find_version(storage, "seventh")


def test_a_tag_never_moves(storage: Storage) -> None:
    tag_version(storage, find_version(storage, "0"), "champion")
    with pytest.raises(StorageError, match="already belongs to version 0"):
        tag_version(storage, find_version(storage, "1"), "champion")
    assert find_version(storage, "champion").number == 0


@pytest.mark.parametrize("tag", ["0", "", " ", "-1", "a b", "x" * 61])
def test_an_invalid_tag_is_rejected(storage: Storage, tag: str) -> None:
    with pytest.raises(StorageError, match="Invalid tag"):
        tag_version(storage, find_version(storage, "1"), tag)
    assert tags(storage) == {}


def _tag_many(root: Path, prefix: str) -> None:
    own = Storage(root, kept_versions=3)
    for number in range(10):
        tag_version(own, find_version(own, "0"), f"{prefix}{number}")


@pytest.mark.slow
def test_processes_that_tag_at_once_lose_no_tag(storage: Storage) -> None:
    context = get_context("spawn")
    workers = [context.Process(target=_tag_many, args=(storage.root, prefix)) for prefix in "abc"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    assert len(tags(storage)) == 30


def test_a_comparison_names_what_appeared_vanished_and_moved(storage: Storage) -> None:
    found = compare_versions(storage.offline_features(), find_version(storage, "0"), find_version(storage, "1"))
    assert found.appeared == ("comes",)
    assert found.vanished == ("goes",)
    assert list(found.moved) == ["moves"]
    assert found.compared == 2


def test_equal_frames_do_not_differ() -> None:
    frame = features(some=np.where(np.arange(CLIENTS) % 3, np.nan, 1.0))
    found = difference(frame, frame)
    assert (found.appeared, found.vanished, found.moved) == ((), (), {})


def test_some_columns_of_a_version_can_be_read_alone(storage: Storage) -> None:
    frame = read_version(storage.offline_features(), 0, ["SK_ID_CURR", "moves"])
    assert frame.columns == ["SK_ID_CURR", "moves"]
    assert frame.height == CLIENTS


def test_the_size_of_a_version_is_that_of_its_files(storage: Storage) -> None:
    files = sum(path.stat().st_size for path in storage.offline_features().glob("*.parquet"))
    sizes = [bytes_of_version(storage.offline_features(), number) for number in (0, 1)]
    assert min(sizes) > 0
    assert sum(sizes) == files
