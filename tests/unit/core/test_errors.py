"""Every error of the user's says what to do next and has an exit code of its own."""

import re
from pathlib import Path

import pytest

from credit_scoring.core import errors
from credit_scoring.core.errors import DRIFT_ALARM_EXIT_CODE, NOTHING_NEW_EXIT_CODE, CreditScoringError

FAMILY = [
    error
    for error in vars(errors).values()
    if isinstance(error, type) and issubclass(error, CreditScoringError) and error is not CreditScoringError
]


def test_exit_codes_are_unique() -> None:
    assert len(FAMILY) >= 7
    codes = [error.exit_code for error in FAMILY]
    assert len(set(codes)) == len(codes)


def test_the_command_line_documents_the_exit_codes() -> None:
    page = (Path(__file__).parents[3] / "docs" / "ARCHITECTURE.md").read_text()
    table = page.split("\n## Exit codes\n")[1].split("\n## ")[0]
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)}
    assert documented == {0, 1, 2, NOTHING_NEW_EXIT_CODE, DRIFT_ALARM_EXIT_CODE} | {error.exit_code for error in FAMILY}


@pytest.mark.parametrize("error", FAMILY)
def test_a_family_says_what_it_stands_for(error: type[CreditScoringError]) -> None:
    assert error.__doc__
    assert error.__doc__.endswith(".")


def test_an_error_reads_as_what_is_wrong_and_what_to_do() -> None:
    error = errors.SourceError("data.zip is cut short.", "Download it again.")
    assert str(error) == "data.zip is cut short. Download it again."
    assert (error.message, error.next_step) == ("data.zip is cut short.", "Download it again.")
