"""Every command of docs/OPERATIONS.md works, in the order of the page, and prints output of the documented form."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import pytest

from tests.support.loaded_program import start_program
from tests.support.servers.postgresql import running_postgresql

PAGE = (Path(__file__).parents[2] / "docs" / "OPERATIONS.md").read_text()
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
DOCUMENTED_SERVICE, DOCUMENTED_DATABASE = "127.0.0.1:8000", "credit@127.0.0.1:5432/credit"
PROGRAM = "credit-scoring"
NEEDS_A_SHELL = re.compile(r"[$&|<>;]")
MAXIMUM_SECONDS = 120
VARIES = {
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::[\d.]+Z)?)?": "DATE",
    r"\d+(?:,\d{3})*\.\d+(?:e-\d+)?": "NUMBER",
    r"\b(?:v2-)?[0-9a-f]{12,}\b": "IDENTIFIER",
    r"\d+": "NUMBER",
    r"[━╇]+": "",
    r"\s+": " ",
}


@dataclass(frozen=True)
class Terminal:
    """A folder and an environment, to which `export` adds, in which commands run one after another."""

    folder: Path
    variables: dict[str, str]

    def output_of(self, command: str) -> str:
        """Standard output of a command that must succeed."""
        parts = [] if NEEDS_A_SHELL.search(command) else shlex.split(command)
        if parts[:1] == ["export"]:
            self.variables.update(dict(part.split("=", 1) for part in parts[1:]))
            return ""
        assignments = dict(part.split("=", 1) for part in takewhile(lambda part: "=" in part, parts))
        is_program = parts[len(assignments) : len(assignments) + 1] == [PROGRAM]
        output, errors = self.folder / "output", self.folder / "errors"
        if is_program:
            environment = os.environ | self.variables | assignments
            process = start_program(parts[len(assignments) :], self.folder, environment, output, errors)
            process.join(MAXIMUM_SECONDS)
            process.kill()
            exit_code = process.exitcode
        else:
            with output.open("w") as written, errors.open("w") as reported:
                exit_code = subprocess.run(
                    ["bash", "-c", command],
                    cwd=self.folder,
                    env=os.environ | self.variables,
                    stdout=written,
                    stderr=reported,
                    timeout=MAXIMUM_SECONDS,
                    check=False,
                ).returncode
        assert exit_code == 0, f"$ {command}\n{output.read_text()}{errors.read_text()}"
        return output.read_text()


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A terminal in an empty folder; a service that was started there is ended."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    yield Terminal(tmp_path, {"CREDIT_API_PORT": port, "PATH": path})
    with suppress(FileNotFoundError, ProcessLookupError):
        os.kill(int((tmp_path / "service.pid").read_text()), signal.SIGKILL)


def form_of(text: str) -> str:
    """A text without what differs from run to run."""
    for pattern, name in VARIES.items():
        text = re.sub(pattern, name, text)
    return text.strip()


def has_the_form(output: str, documented: str) -> bool:
    """Whether an output is the documented one, in which `...` stands for any text."""
    parts = [re.escape(form_of(part)) for part in documented.split("...")]
    return bool(re.fullmatch(r".*?".join(parts), form_of(output)))


def test_every_documented_command_works_and_prints_what_the_page_shows(terminal: Terminal) -> None:
    with running_postgresql(upgraded=False) as url:
        page = PAGE.replace(DOCUMENTED_SERVICE, f"127.0.0.1:{terminal.variables['CREDIT_API_PORT']}")
        page = page.replace(DOCUMENTED_DATABASE, url.partition("://")[2])
        commands = [found for block in BLOCK.findall(page) for found in COMMAND.findall(block)]
        assert len(commands) > 40
        for command, documented in commands:
            output = terminal.output_of(command)
            print(f"$ {command}\n{output}")
            assert has_the_form(output, documented), f"$ {command}\n{output}\nis not of the form\n{documented}"


@pytest.mark.parametrize(
    ("output", "is_of_the_form"),
    [
        ("Version 12 of 2026-01-02 03:04 costs 0.1234.\nDone.\n", True),
        ("Version 12 of 2026-01-02 03:04 costs 0.1234.\nA warning.\nDone.\n", True),
        ("Version 12 of 2026-01-02 03:04 costs nothing.\nDone.\n", False),
        ("Version 12 of 2026-01-02 03:04 costs 0.1234.\n", False),
    ],
)
def test_figures_may_differ_from_the_page_but_text_may_not(output: str, is_of_the_form: bool) -> None:
    documented = "Version 3 of 2025-11-12 13:14 costs 0.5.\n...\nDone.\n"
    assert has_the_form(output, documented) == is_of_the_form
