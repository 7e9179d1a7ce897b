"""Cached fingerprints equal new ones, and are used only while the file is unchanged."""

import json
import time
from pathlib import Path

import pytest

from credit_scoring.core.manifest import fingerprint_of_file
from credit_scoring.data_ingestion import fingerprints
from credit_scoring.data_ingestion.fingerprints import FingerprintCache


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files whose content was read, in order; every file counts as old enough to be trusted."""
    read: list[Path] = []

    def hash_and_note(path: Path) -> str:
        read.append(path)
        return fingerprint_of_file(path)

    monkeypatch.setattr(fingerprints, "fingerprint_of_file", hash_and_note)
    monkeypatch.setattr(fingerprints, "_MIN_AGE_SECONDS", -1.0)
    return read


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "bureau.csv"
    path.write_text("A\n1\n")
    return path


def test_an_unchanged_file_is_read_once(tmp_path: Path, table: Path, hashed: list[Path]) -> None:
    first = FingerprintCache(tmp_path / "known.json").fingerprints_of([table])
    second = FingerprintCache(tmp_path / "known.json").fingerprints_of([table])
    assert first == second == {table: fingerprint_of_file(table)}
    assert hashed == [table]


def test_a_change_that_keeps_the_size_is_seen(tmp_path: Path, table: Path, hashed: list[Path]) -> None:
    known = FingerprintCache(tmp_path / "known.json")
    before = known.fingerprints_of([table])
    time.sleep(0.01)
    table.write_text("A\n2\n")
    assert known.fingerprints_of([table]) == {table: fingerprint_of_file(table)} != before


def test_a_file_of_this_moment_is_not_trusted(tmp_path: Path, table: Path) -> None:
    FingerprintCache(tmp_path / "known.json").fingerprints_of([table])
    assert not (tmp_path / "known.json").exists()


@pytest.mark.parametrize("content", ["", "[]", "{", '{"path": 1}', '{"path": [1, 2]}', '{"path": ["a", 2, "b"]}'])
def test_a_damaged_memory_is_forgotten(tmp_path: Path, table: Path, hashed: list[Path], content: str) -> None:
    (tmp_path / "known.json").write_text(content)
    known = FingerprintCache(tmp_path / "known.json")
    assert known.fingerprints_of([table]) == {table: fingerprint_of_file(table)}
    assert list(json.loads((tmp_path / "known.json").read_text())) == [str(table.resolve())]


def test_a_memory_that_cannot_be_written_does_not_matter(tmp_path: Path, table: Path, hashed: list[Path]) -> None:
    (tmp_path / "file").touch()
    known = FingerprintCache(tmp_path / "file" / "known.json")
    assert known.fingerprints_of([table]) == {table: fingerprint_of_file(table)}
