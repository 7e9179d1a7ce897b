"""Spooled decisions survive a crash in order, and a spool that cannot store them rejects them."""

import errno
import fcntl
import os
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from credit_scoring.core.errors import StorageError
from credit_scoring.decisions.decision_record import Entry
from credit_scoring.decisions.spool import Spool, abandoned_files, spooled_entries
from tests.support.decision_entries import entries

MEGABYTE = 1_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "spool"


@pytest.fixture
def spool(folder: Path) -> Iterator[Spool]:
    opened = Spool(folder, MEGABYTE)
    yield opened
    opened.close()


def ids(kept: list[Entry]) -> list[str]:
    return [one.record.decision_id for one in kept]


def left_behind(folder: Path, kept: list[Entry]) -> Path:
    """The spool file of a dead process."""
    spool = Spool(folder, MEGABYTE)
    spool.append(kept)
    spool.close()
    (path,) = folder.glob("*.spool")
    return path


def test_decisions_keep_their_order(spool: Spool) -> None:
    kept = entries(5)
    spool.append(kept[:2])
    spool.append(kept[2:])
    assert spool.depth == 5
    assert ids(spool.first(3)) == ids(kept[:3])
    spool.drop(3)
    assert ids(spool.first(10)) == ids(kept[3:])
    assert spool.first(1)[0].features.tobytes() == kept[3].features.tobytes()


def test_a_drained_spool_leaves_no_personal_data_and_no_file(spool: Spool, folder: Path) -> None:
    spool.append(entries(3))
    spool.drop(3)
    (path,) = folder.iterdir()
    assert path.stat().st_size == 0
    spool.close()
    assert not list(folder.iterdir())


def test_only_the_owner_may_read_the_file(spool: Spool, folder: Path) -> None:
    spool.append(entries(1))
    (path,) = folder.iterdir()
    assert path.stat().st_mode & 0o077 == 0


def test_another_process_finds_a_waiting_decision(spool: Spool, folder: Path) -> None:
    kept = entries(3)
    spool.append(kept)
    (found,) = spooled_entries(folder, kept[1].record.decision_id)
    assert found is not None
    assert found.record == kept[1].record
    assert list(spooled_entries(folder, "unknown")) == []
    assert ids(list(spooled_entries(folder))) == ids(kept)


def test_the_file_of_a_running_process_is_not_drained_by_others(spool: Spool, folder: Path) -> None:
    spool.append(entries(1))
    assert list(abandoned_files(folder)) == []


def test_a_file_is_never_visible_before_it_is_locked(
    spool: Spool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_lock = fcntl.flock

    def lock_after_others_looked(file: IO[bytes], how: int) -> None:
        if how == fcntl.LOCK_EX:
            # The drainer wakes up at the moment when the first decision is spooled.
            for left in abandoned_files(folder):
                left.finish()
        really_lock(file, how)

    monkeypatch.setattr("credit_scoring.decisions.spool.fcntl.flock", lock_after_others_looked)
    kept = entries(2)
    spool.append(kept)
    assert ids(list(spooled_entries(folder))) == ids(kept)


def test_a_file_that_could_not_be_created_is_created_the_next_time(
    spool: Spool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def disk_is_full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", disk_is_full)
        with pytest.raises(StorageError, match="the disk is full"):
            spool.append(entries(1))
    kept = entries(2)
    spool.append(kept)
    assert ids(list(spooled_entries(folder))) == ids(kept)


def test_the_file_of_a_dead_process_is_drained_once(folder: Path) -> None:
    kept = entries(3)
    path = left_behind(folder, kept)
    files = abandoned_files(folder)
    left = next(files)
    assert (ids(left.entries), left.damaged_at) == (ids(kept), None)
    assert list(abandoned_files(folder)) == [], "two drained it at once"
    left.finish()
    assert not path.exists()


def test_a_truncated_last_decision_was_never_answered_and_is_dropped(folder: Path) -> None:
    kept = entries(3)
    path = left_behind(folder, kept)
    os.truncate(path, path.stat().st_size - 1)
    (left,) = abandoned_files(folder)
    assert (ids(left.entries), left.damaged_at) == (ids(kept[:2]), None)


def test_space_that_was_reserved_and_never_written_is_not_a_decision(folder: Path) -> None:
    kept = entries(2)
    path = left_behind(folder, kept)
    os.truncate(path, path.stat().st_size + 4096)
    (left,) = abandoned_files(folder)
    assert (ids(left.entries), left.damaged_at) == (ids(kept), None)


def test_a_changed_byte_is_detected_and_the_file_is_set_aside(folder: Path) -> None:
    kept = entries(3)
    path = left_behind(folder, kept)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    (left,) = abandoned_files(folder)
    assert ids(left.entries) == ids(kept[:1])
    assert left.damaged_at == len(content) // 3
    left.finish()
    assert [one.suffix for one in folder.iterdir()] == [".damaged"]


def test_a_full_spool_reports_it_and_accepts_decisions_again_when_drained(folder: Path) -> None:
    one = len(entries(1)[0].whole()) + 8
    spool = Spool(folder, 2 * one + one // 2)
    kept = entries(2)
    spool.append(kept)
    assert spool.full_reason is None
    with pytest.raises(StorageError, match="full: 2 decisions wait for the ledger") as caught:
        spool.append(entries(1))
    assert "CREDIT_LEDGER_SPOOL_MEGABYTES" in caught.value.next_step
    assert spool.full_reason == str(caught.value)
    assert ids(spool.first(9)) == ids(kept)
    spool.drop(2)
    assert spool.full_reason is None
    spool.append(entries(1))
    spool.close()


def test_a_disk_error_in_the_middle_of_a_write_leaves_only_complete_decisions(spool: Spool, folder: Path) -> None:
    kept = entries(3)
    spool.append(kept[:1])
    (path,) = folder.iterdir()
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 100, hard))
    try:
        with pytest.raises(StorageError, match="exceed the size limit"):
            spool.append(kept[1:2])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    spool.append(kept[2:])
    spool.close()
    (left,) = abandoned_files(folder)
    assert (ids(left.entries), left.damaged_at) == (ids([kept[0], kept[2]]), None)


def test_a_folder_that_cannot_be_created_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    spool = Spool(tmp_path / "file" / "spool", MEGABYTE)
    with pytest.raises(StorageError, match="a file has the name of a folder"):
        spool.append(entries(1))
    spool.close()
