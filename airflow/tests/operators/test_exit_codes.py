"""The table of exit codes covers every error of the program."""

import ast
from pathlib import Path

import pytest
from credit_airflow.exit_codes import DRIFT_ALARM, EXIT_CODES, NOTHING_NEW, Action, meaning_of

ERRORS = Path(__file__).parents[3] / "src" / "credit_scoring" / "core" / "errors.py"
MODULE = ast.parse(ERRORS.read_text())
# The program is not installed here, so its file is read.
DECLARED = {
    node.name: next(int(ast.literal_eval(each.value)) for each in node.keywords if each.arg == "exit_code")
    for node in MODULE.body
    if isinstance(node, ast.ClassDef) and node.keywords
}
CONSTANTS = {
    node.targets[0].id: ast.literal_eval(node.value)
    for node in MODULE.body
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
}


@pytest.mark.parametrize(("error", "exit_code"), DECLARED.items())
def test_every_error_of_the_program_has_an_entry_of_its_own(error: str, exit_code: int) -> None:
    assert exit_code in EXIT_CODES, f"{error} ends with {exit_code}: say in exit_codes.py what a task does about it"


def test_the_table_names_no_code_that_the_program_does_not_have() -> None:
    assert {"SettingsError", "PromotionRefusedError"} <= set(DECLARED), "the declarations are found"
    assert set(EXIT_CODES) == set(DECLARED.values()) | set(CONSTANTS.values()) | {0, 1, 2}


def test_the_two_codes_that_are_no_errors_are_those_of_the_program() -> None:
    assert CONSTANTS == {"NOTHING_NEW_EXIT_CODE": NOTHING_NEW, "DRIFT_ALARM_EXIT_CODE": DRIFT_ALARM}


def test_only_what_may_pass_by_itself_is_tried_again() -> None:
    retried = {code for code, meaning in EXIT_CODES.items() if meaning.action is Action.RETRY}
    assert retried == {DECLARED["SourceError"], DECLARED["StorageError"]}


@pytest.mark.parametrize("exit_code", [-9, 137, -15, 143])
def test_a_killed_program_is_tried_again(exit_code: int) -> None:
    assert meaning_of(exit_code).action is Action.RETRY


@pytest.mark.parametrize("exit_code", [-11, 139, 77, 200])
def test_a_crash_and_an_unknown_code_fail_at_once(exit_code: int) -> None:
    assert meaning_of(exit_code).action is Action.FAIL
