"""Files that the user names."""

from pathlib import Path

import pytest

from credit_scoring.core.atomic_files import replacing_file
from credit_scoring.core.errors import StorageError


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    out = tmp_path / "new folder" / "out.csv"
    for text in ("old", "new"):
        with replacing_file(out) as aside:
            aside.write_text(text)
    assert out.read_text() == "new"
    assert list(out.parent.iterdir()) == [out]


def test_what_was_there_stays_when_writing_fails(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("old")
    with (
        pytest.raises(StorageError, match=r"out\.csv cannot be written: no space"),
        replacing_file(out) as aside,
    ):
        aside.write_text("half of the n")
        raise OSError(28, "no space")
    assert out.read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]
