"""`credit-scoring <command>`: one module per command group, loaded when one of its commands runs.

docs/ARCHITECTURE.md lists the exit codes.
"""

import io
import re
import sys
from importlib.metadata import requires

import typer

from credit_scoring.cli.lazy_group import LazyGroup
from credit_scoring.core.errors import CreditScoringError, SettingsError, StorageError

_EXTRAS = ("etl", "training", "api", "catboost", "mlflow", "drift", "spark")
_OTHER_NAMES = {"sklearn": "scikit-learn", "imblearn": "imbalanced-learn", "flask": "mlflow"}
"""Distributions that are called otherwise than their module."""

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
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # What the terminal's encoding lacks is printed as an escape sequence.
            stream.reconfigure(errors="backslashreplace")
    try:
        try:
            app()
        except ModuleNotFoundError as error:
            raise _missing_extra(error) from error
        except OSError as error:
            where = "standard output" if error.filename is None else error.filename
            raise StorageError(
                f"Cannot read or write {where}: {error.strerror or error}.", "Check the path, its permissions and disk."
            ) from error
    except CreditScoringError as error:
        typer.secho(f"Error: {error.message}", fg="red", bold=True, err=True)
        typer.echo(error.next_step, err=True)
        sys.exit(error.exit_code)


def _missing_extra(error: ModuleNotFoundError) -> Exception:
    """The extra of this distribution that a missing module belongs to; the error itself for a module of our own."""
    module = (error.name or "").partition(".")[0]
    if module in ("", __package__.partition(".")[0]):
        return error
    distribution = _OTHER_NAMES.get(module, module).replace("_", "-")
    marked = (re.match(r"([\w-]+).*extra == '(\w+)'", line) for line in requires("credit-scoring") or ())
    extras = [found[2] for found in marked if found and found[1] == distribution]
    extra = next((name for name in _EXTRAS if name in extras), "etl,training,api,drift")
    return SettingsError(
        f"This command needs {module}, which is not installed.", f"Run `pip install 'credit-scoring[{extra}]'`."
    )
