"""`credit-scoring <command>`: one module per command group, loaded when one of its commands runs.

docs/ARCHITECTURE.md lists the exit codes.
"""

import sys

import typer
from rich.console import Console

from credit_scoring.cli.lazy_group import LazyGroup
from credit_scoring.core.errors import CreditScoringError

app = typer.Typer(
    cls=LazyGroup,
    help="Credit scoring from raw tables to explained, recorded decisions. Start with `pipeline --source PATH`.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)


@app.callback()
def _root() -> None:
    """All commands are found by the group."""


def main() -> None:
    """Run a command; an expected error is printed as one clear line with an exit code, never as a traceback."""
    try:
        app()
    except CreditScoringError as error:
        console = Console(stderr=True, soft_wrap=True)
        console.print(f"Error: {error.message}", style="bold red", markup=False, highlight=False)
        console.print(error.next_step, markup=False, highlight=False)
        sys.exit(error.exit_code)
