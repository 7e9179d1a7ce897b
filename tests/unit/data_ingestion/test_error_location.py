"""The line that the error names, in files that are read in blocks."""

from pathlib import Path

import pytest

from credit_scoring.data_contracts import table_named
from credit_scoring.data_ingestion import error_location
from credit_scoring.data_ingestion.error_location import locate_error

TABLE = table_named("bureau_balance")
HEADER = "SK_ID_BUREAU,MONTHS_BALANCE,STATUS\n"


@pytest.fixture(params=[40, 100, 1 << 22], autouse=True)
def block_bytes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of two lines, of some, and of the whole file."""
    monkeypatch.setattr(error_location, "BLOCK_BYTES", request.param)


def message(tmp_path: Path, *lines: str) -> str:
    """What is said of a file with these lines, the first of which is line 2."""
    (tmp_path / "table.csv").write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    return locate_error(tmp_path / "table.csv", TABLE, "for a reason").message


GOOD = [f"{5_000_000 + number},-{number},C" for number in range(30)]


def test_a_wrong_value_late_in_the_file(tmp_path: Path) -> None:
    where = "table.csv, line 32, column MONTHS_BALANCE"
    assert message(tmp_path, *GOOD, "1,soon,C", *GOOD) == f"{where}: 'soon' is not a number."


def test_line_ends_inside_texts_count_as_lines(tmp_path: Path) -> None:
    found = message(tmp_path, '1,-1,"two\nlines"', '1,-2,"three\n\nlines"', *GOOD, '1,x,"two\nlines"')
    assert found == "table.csv, line 37, column MONTHS_BALANCE: 'x' is not a number."


def test_the_first_of_several_mistakes_is_named(tmp_path: Path) -> None:
    assert "line 33: 2 fields" in message(tmp_path, *GOOD, "1,-1,C", "1,-1", "1,x,C", "x,-1,C")
    assert "line 33, column MONTHS_BALANCE" in message(tmp_path, *GOOD, "1,-1,C", "1,x,C", "1,-1", "x,-1,C")


def test_a_quotation_mark_that_is_never_closed_is_named_where_it_opens(tmp_path: Path) -> None:
    assert message(tmp_path, *GOOD, '1,-1,"C', *GOOD).startswith("table.csv, line 32: ")


def test_a_mark_inside_a_text_without_quotes_is_named(tmp_path: Path) -> None:
    assert message(tmp_path, *GOOD, '1,-1,"C" or X', *GOOD).startswith("table.csv, line 32: ")


@pytest.mark.parametrize("line", ['1,-1,5" pipe', "1,-1 ,C", "1_0,-1,C"])
def test_what_only_the_fast_reader_refuses_is_named_too(tmp_path: Path, line: str) -> None:
    assert message(tmp_path, *GOOD, line, *GOOD).startswith("table.csv, line 32")


def test_bytes_that_are_not_utf_8_are_named_with_their_line(tmp_path: Path) -> None:
    content = (HEADER + "\n".join(GOOD)).encode() + b"\n1,-1,\xe9t\xe9\n"
    (tmp_path / "table.csv").write_bytes(content)
    found = locate_error(tmp_path / "table.csv", TABLE, "for a reason")
    assert found.message.startswith("table.csv, line 32: not UTF-8 text, near ")
    assert "été" in found.message


def test_a_file_without_a_mistake_is_blamed_with_the_readers_reason(tmp_path: Path) -> None:
    assert message(tmp_path, *GOOD) == "table.csv cannot be read: for a reason."
