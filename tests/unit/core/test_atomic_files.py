"""Files appear whole or not at all, and a refusal of the operating system is explained."""

import errno
from pathlib import Path

import pytest

from credit_scoring.core.atomic_files import clear_write_errors, replacing_file, replacing_folder, write_atomically
from credit_scoring.core.errors import StorageError


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    output = tmp_path / "new folder" / "out.csv"
    write_atomically(output, b"old")
    with replacing_file(output) as partial:
        partial.write_text("new")
    assert output.read_text() == "new"
    assert list(output.parent.iterdir()) == [output]


def test_an_existing_file_stays_when_writing_fails(tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    output.write_text("old")
    with (
        pytest.raises(StorageError, match=r"Cannot write .*out\.csv: the disk is full"),
        replacing_file(output) as partial,
    ):
        partial.write_text("half of the n")
        raise OSError(errno.ENOSPC, "no space")
    assert output.read_text() == "old"
    assert list(tmp_path.iterdir()) == [output]


def test_a_folder_in_the_way_of_a_file_stays_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "file"
    (target / "in the way").mkdir(parents=True)
    with pytest.raises(StorageError, match="a folder has the name of a file"):
        write_atomically(target, b"new")
    assert [path.name for path in tmp_path.rglob("*")] == ["file", "in the way"]


def test_a_folder_that_may_not_be_replaced_stays(tmp_path: Path) -> None:
    output = tmp_path / "mine"
    (output / "notes").mkdir(parents=True)
    with pytest.raises(StorageError, match="left as it is"), replacing_folder(output, lambda _: False):
        raise AssertionError("the block must not run")
    assert (output / "notes").is_dir()


def test_a_folder_is_replaced_as_a_whole(tmp_path: Path) -> None:
    output = tmp_path / "tables"
    (output / "old").mkdir(parents=True)
    (tmp_path / ".tables.partial-999999999-dead").mkdir()
    with replacing_folder(output, lambda _: True) as partial:
        (partial / "new").mkdir()
    assert [path.name for path in output.iterdir()] == ["new"]
    assert list(tmp_path.iterdir()) == [output]


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EFBIG, "the file would exceed the size limit"),
        (errno.EROFS, "the file system is read-only"),
        (errno.EACCES, "permission is denied"),
        (errno.ENOTDIR, "a file has the name of a folder"),
    ],
)
def test_a_refusal_of_the_operating_system_is_explained(tmp_path: Path, number: int, reason: str) -> None:
    with pytest.raises(StorageError) as raised, clear_write_errors(tmp_path):
        raise OSError(number, "as the system says it")
    assert raised.value.message == f"Cannot write {tmp_path}: {reason}."
    assert raised.value.next_step


def test_other_errors_of_the_operating_system_pass(tmp_path: Path) -> None:
    with pytest.raises(BlockingIOError), clear_write_errors(tmp_path):
        raise BlockingIOError(errno.EAGAIN, "later")
