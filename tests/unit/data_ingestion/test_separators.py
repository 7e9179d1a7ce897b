"""The fast count of separators, against Python's own CSV reader."""

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit_scoring.data_ingestion import separators
from credit_scoring.data_ingestion.separators import count_separators

FIELDS = st.text(alphabet='ab,"\n\ré', max_size=8)
LINES = st.lists(st.lists(FIELDS, min_size=2, max_size=5), max_size=12)


@given(LINES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_only_commas_between_fields_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: list[list[str]]
) -> None:
    # Chunks of a few bytes, so that quotes open in one and close in another.
    monkeypatch.setattr(separators, "_CHUNK_BYTES", 7)
    path = tmp_path / "table.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(lines)
    assert count_separators(path) == sum(len(fields) - 1 for fields in lines)


def test_an_empty_file_has_none(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    assert count_separators(tmp_path / "empty.csv") == 0
