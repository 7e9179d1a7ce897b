"""A full disk is called a full disk, whichever library meets it, and what was there stays."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from deltalake.exceptions import DeltaError

from credit_scoring.core import atomic_files
from credit_scoring.core.atomic_files import replacing_file, replacing_folder
from credit_scoring.core.errors import SourceError, StorageError
from credit_scoring.core.storage import Storage

NOISE = pl.DataFrame({"noise": np.random.default_rng(0).normal(size=200_000)})


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if os.getuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("a small disk needs the right to mount one")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("write", [NOISE.write_parquet, NOISE.write_csv], ids=["parquet", "csv"])
def test_a_file_on_a_disk_that_fills_up_is_not_written_and_an_older_one_stays(
    write: Callable[[Path], None], small_disk: Path
) -> None:
    file = small_disk / "out"
    file.write_text("older")
    with pytest.raises(StorageError, match="the disk is full"), replacing_file(file) as partial:
        write(partial)
    assert file.read_text() == "older" and list(small_disk.iterdir()) == [file]


def test_a_step_on_a_disk_that_fills_up_leaves_no_version(small_disk: Path) -> None:
    storage = Storage(small_disk, kept_versions=3)
    with pytest.raises(StorageError, match="the disk is full"), storage.writing("features") as folder:
        NOISE.write_parquet(folder / "bucket.parquet")
    assert storage.versions("features") == []


def test_a_limit_on_the_size_of_files_is_recognised_by_its_number_in_the_words_of_a_library(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="exceed the size limit"), replacing_file(tmp_path / "out"):
        raise pl.exceptions.ComputeError("parquet: underlying IO error: File too large (os error 27)")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (DeltaError("Generic LocalFileSystem error: No space left on device"), "the disk is full"),
        (OSError("os error 28"), "the disk is full"),
        (pl.exceptions.ComputeError("parquet: File too large (os error 27)"), "would exceed the size limit"),
    ],
)
def test_an_error_without_a_number_is_recognised_by_its_words(error: Exception, reason: str, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=reason), replacing_folder(tmp_path / "x", lambda _: True):
        raise error


def test_an_error_of_our_own_and_one_on_a_disk_with_space_stay_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(pl.exceptions.ComputeError), replacing_file(tmp_path / "out"):
        raise pl.exceptions.ComputeError("wrong type")
    monkeypatch.setattr(atomic_files, "_FULL_BELOW_BYTES", 2**62)
    with pytest.raises(SourceError), replacing_file(tmp_path / "out"):
        raise SourceError("It is cut short.", "Copy it again.")
    with pytest.raises(StorageError, match="the disk is full"), replacing_file(tmp_path / "out"):
        raise pl.exceptions.ComputeError("Invalid thrift: transport error")
