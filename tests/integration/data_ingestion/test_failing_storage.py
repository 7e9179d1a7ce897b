"""Failing disks, killed processes, damaged files: the last version stays usable."""

import multiprocessing
import os
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from credit_scoring.core.errors import StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts import ALL_TABLES, table_named
from credit_scoring.data_contracts.bucket_files import bucket_path, read_bucket
from credit_scoring.data_ingestion import step
from tests.support.factories import raw_tables, write_source

TINY_DISK_BYTES = 600_000


def versions(settings: Settings) -> dict[str, bytes]:
    """Every stored Parquet file and the pointer to the version in use."""
    folder = settings.data_directory / "ingest"
    files = [*folder.rglob("*.parquet"), *folder.glob("current")]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def leftovers(settings: Settings) -> list[Path]:
    return list((settings.data_directory / "ingest").glob(".partial-*"))


def change(source: Path) -> Path:
    """Make the next ingestion write a version of its own."""
    with (source / "bureau_balance.csv").open("a") as stream:
        stream.write("1000010,-9,0\n")
    return source


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, only a little larger than one ingested version."""
    disk = tmp_path / "disk"
    disk.mkdir()
    options = ["mount", "-t", "tmpfs", "-o", f"size={TINY_DISK_BYTES}", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(options, capture_output=True).returncode != 0:
        pytest.skip("this user may not mount a disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk(settings: Settings, tiny_source: Path, mounted: Path) -> None:
    full = settings.with_values(data_directory=mounted)
    step.run(full, tiny_source)
    before = versions(full)
    with pytest.raises(StorageError, match="the disk is full"):
        for _ in range(5):
            step.run(full, change(tiny_source))
            before = versions(full)
    assert versions(full) == before
    assert not leftovers(full)


def test_a_disk_that_became_read_only(settings: Settings, tiny_source: Path, mounted: Path) -> None:
    read_only = settings.with_values(data_directory=mounted)
    step.run(read_only, tiny_source)
    before = versions(read_only)
    subprocess.run(["mount", "-o", "remount,ro", str(mounted)], check=True)
    with pytest.raises(StorageError, match="the file system is read-only"):
        step.run(read_only, change(tiny_source))
    assert versions(read_only) == before
    assert step.has_new_data(read_only, tiny_source)


def test_a_file_instead_of_the_data_directory(settings: Settings, tiny_source: Path) -> None:
    settings.data_directory.write_text("not a folder")
    with pytest.raises(StorageError, match="a file has the name of a folder") as raised:
        step.run(settings, tiny_source)
    assert "CREDIT_DATA_DIRECTORY" in raised.value.next_step


def _run_with_small_files(settings: Settings, source: Path, largest_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest_bytes, largest_bytes))
    try:
        step.run(settings, source)
    except StorageError as error:
        os._exit(error.exit_code if "exceed the size limit" in error.message else 1)
    os._exit(0)


@pytest.mark.parametrize("largest_bytes", [3_000, 30_000])
def test_a_limit_on_the_size_of_files(settings: Settings, tiny_source: Path, largest_bytes: int) -> None:
    step.run(settings, tiny_source)
    before = versions(settings)
    process = _started(_run_with_small_files, settings, change(tiny_source), largest_bytes)
    process.join()
    assert process.exitcode == StorageError.exit_code
    assert versions(settings) == before
    assert not leftovers(settings)


def _started(target: Callable[..., None], *arguments: object) -> BaseProcess:
    # A forked copy of this process would inherit locks that threads of Polars hold.
    process = multiprocessing.get_context("spawn").Process(target=target, args=arguments)
    process.start()
    return process


def _run(settings: Settings, source: Path) -> None:
    step.run(settings, source)


@pytest.fixture
def larger_source(tmp_path: Path) -> Path:
    """A source that takes long enough to be killed while it is converted."""
    tables = raw_tables()
    row = tables["installments_payments"][0]
    tables["installments_payments"] += [
        row | {"SK_ID_PREV": str(number), "AMT_PAYMENT": f"{number}.5"} for number in range(1, 200_000)
    ]
    return write_source(tmp_path / "larger", tables)


MOMENTS = {
    "when the folder is made": "ingest/.partial-*",
    "when the first table is split": "ingest/.partial-*/split-application_train/*",
    "when the first table is written": "ingest/.partial-*/application_train/bucket=0000.parquet",
    "when the last table is split": "ingest/.partial-*/split-installments_payments/*",
    "when the last table is written": "ingest/.partial-*/installments_payments/bucket=*.parquet",
    "when all is written": "ingest/*/manifest.json",
}


@pytest.mark.parametrize("appears", MOMENTS.values(), ids=MOMENTS.keys())
def test_after_a_killed_run_the_next_one_gives_the_same_result(
    settings: Settings, tiny_source: Path, larger_source: Path, tmp_path: Path, appears: str
) -> None:
    undisturbed = settings.with_values(data_directory=tmp_path / "undisturbed")
    step.run(undisturbed, larger_source)
    step.run(settings, tiny_source)
    last_good = read_all(settings)
    seen = set(settings.data_directory.glob(appears))

    process = _started(_run, settings, larger_source)
    while set(settings.data_directory.glob(appears)) <= seen and process.is_alive():
        time.sleep(0.001)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()

    assert read_all(settings) in (last_good, read_all(undisturbed))
    step.run(settings, larger_source)
    assert read_all(settings) == read_all(undisturbed)
    assert not leftovers(settings)


def read_all(settings: Settings) -> dict[str, bytes]:
    """Content of every bucket file of the version in use."""
    folder = Storage.of(settings).current("ingest")
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.parquet")}


@pytest.fixture
def bucket_file(settings: Settings, tiny_source: Path) -> Path:
    """A bucket file of a version in use."""
    step.run(settings, tiny_source)
    return bucket_path(Storage.of(settings).current("ingest"), table_named("bureau"), 1)


def read_damaged(settings: Settings) -> StorageError:
    with pytest.raises(StorageError) as raised:
        read_bucket(Storage.of(settings).current("ingest"), table_named("bureau"), 1)
    return raised.value


def test_a_deleted_bucket_file_is_named_and_written_again(
    settings: Settings, tiny_source: Path, bucket_file: Path
) -> None:
    content = bucket_file.read_bytes()
    bucket_file.unlink()
    error = read_damaged(settings)
    assert str(bucket_file) in error.message
    assert "credit-scoring ingest" in error.next_step
    assert not step.run(settings, tiny_source).reused
    assert read_all(settings)["bureau/bucket=0001.parquet"] == content


def test_a_bucket_file_cut_short_is_named_and_written_again(
    settings: Settings, tiny_source: Path, bucket_file: Path
) -> None:
    content = bucket_file.read_bytes()
    bucket_file.write_bytes(content[:-10])
    assert str(bucket_file) in read_damaged(settings).message
    assert not step.run(settings, tiny_source).reused
    assert read_all(settings)["bureau/bucket=0001.parquet"] == content


def test_a_bit_that_flips_anywhere_in_a_bucket_file_is_found(settings: Settings, bucket_file: Path) -> None:
    content = bucket_file.read_bytes()
    for index in range(len(content)):
        damaged = bytearray(content)
        damaged[index] ^= 0x04
        bucket_file.write_bytes(damaged)
        assert f"{bucket_file} cannot be read" in read_damaged(settings).message


def test_an_ingestion_with_force_repairs_damage_that_sizes_do_not_show(
    settings: Settings, tiny_source: Path, bucket_file: Path
) -> None:
    content = bucket_file.read_bytes()
    bucket_file.write_bytes(content[:50] + b"\x00" * 10 + content[60:])
    assert "ingest --force" in read_damaged(settings).next_step
    step.run(settings, tiny_source, force=True)
    assert read_all(settings)["bureau/bucket=0001.parquet"] == content


def test_two_ingestions_at_once_do_not_mix(settings: Settings, tiny_source: Path) -> None:
    with Storage.of(settings).writing("ingest"), pytest.raises(StorageError, match="Another process is writing"):
        step.run(settings, tiny_source)
    step.run(settings, tiny_source)
    assert len(read_all(settings)) == len(ALL_TABLES) * settings.bucket_count
