"""The list of commands imports none of them, and agrees with what they say themselves."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from credit_scoring.cli import app
from credit_scoring.cli.lazy_group import COMMANDS, load_command

HEAVY = ("credit_scoring.core.settings", "fastapi", "mlflow", "numpy", "polars", "pydantic", "sqlalchemy")


def test_the_list_of_commands_shows_each_with_its_summary() -> None:
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"}).output
    for name, (_, summary) in COMMANDS.items():
        assert name in shown
        assert summary in shown


def test_the_list_of_commands_is_printed_without_importing_them() -> None:
    program = (
        "import sys; from typer.testing import CliRunner; from credit_scoring.cli import app; "
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0; print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert not set(HEAVY) & set(loaded.stdout.split())


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_a_summary_is_the_first_sentence_of_the_help_of_its_command(name: str) -> None:
    first_line = load_command(name).help.splitlines()[0]
    assert first_line == COMMANDS[name][1]


def test_a_misspelt_command_is_answered_with_the_nearest_one() -> None:
    result = CliRunner().invoke(app, ["pipelin"])
    assert result.exit_code == 2
    assert "pipeline" in result.output
