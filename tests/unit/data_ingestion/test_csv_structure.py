"""The fast count of separators, against Python's own CSV reader."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit_scoring.data_ingestion import csv_structure
from credit_scoring.data_ingestion.csv_structure import count_separators, end_of_last_record

FIELDS = st.text(alphabet='ab,"\n\ré', max_size=8)
LINES = st.lists(st.lists(FIELDS, min_size=2, max_size=5), max_size=12)


@given(LINES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_only_commas_between_fields_count(monkeypatch: pytest.MonkeyPatch, lines: list[list[str]]) -> None:
    # Chunks of a few bytes, so that quotes open in one and close in another.
    monkeypatch.setattr(csv_structure, "_CHUNK_BYTES", 7)
    written = io.StringIO(newline="")
    csv.writer(written).writerows(lines)
    expected = sum(len(fields) - 1 for fields in lines)
    assert count_separators(io.BytesIO(written.getvalue().encode())) == expected


def test_an_empty_file_has_none() -> None:
    assert count_separators(io.BytesIO()) == 0


@given(LINES, LINES)
def test_the_last_record_ends_where_the_next_one_begins(lines: list[list[str]], cut_off: list[list[str]]) -> None:
    whole, rest = io.StringIO(newline=""), io.StringIO(newline="")
    csv.writer(whole).writerows(lines)
    csv.writer(rest, quoting=csv.QUOTE_ALL, lineterminator=" ").writerows(cut_off)
    content = whole.getvalue().encode()
    assert end_of_last_record(content + rest.getvalue().encode()) == len(content)
    assert end_of_last_record(content + b'"open\n') == len(content)
