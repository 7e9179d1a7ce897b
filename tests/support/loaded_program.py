"""Runs the program in a fork of a process that has imported it: imports would take most of the time of a command."""

import os
import sys
from collections.abc import Mapping
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from credit_scoring import cli
from credit_scoring.cli.lazy_group import COMMANDS

_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload([f"credit_scoring.cli.{module}" for module, _ in COMMANDS.values()])
# Before the process to fork starts: the program itself sets it too late, after the import.
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"


def start_program(
    arguments: list[str], folder: Path, environment: Mapping[str, str], output: Path, errors: Path
) -> ForkServerProcess:
    """Start the program as a shell would, in a working folder.

    Args:
        arguments: the name of the program comes first.
        environment: all variables.
        output, errors: files, or named pipes, of the standard streams.
    """
    process = _CONTEXT.Process(target=_run, args=(arguments, folder, dict(environment), output, errors))
    process.start()
    return process


def _run(arguments: list[str], folder: Path, environment: dict[str, str], output: Path, errors: Path) -> None:
    for number, path in enumerate((output, errors), start=1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    # New objects: those of the process before know whether its streams could be rewound.
    sys.stdout, sys.stderr = (open(number, "w", closefd=False) for number in (1, 2))
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = arguments
    cli.main()
