"""Options that several commands share, and the settings they override."""

import os
import pwd
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import typer

from credit_scoring.core.logs import configure_logs
from credit_scoring.core.settings import Settings, load_settings


def not_blank(value: str | list[str] | None) -> str | list[str] | None:
    """Callback of options and arguments whose text a person reads later: it may not be blank."""
    if any(not text.strip() for text in ([value] if isinstance(value, str) else value or ())):
        raise typer.BadParameter("must not be blank")
    return value


def current_user() -> str:
    """Login name of the user of this process, or the user id if it has no name."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"user {os.getuid()}"


By = Annotated[
    str,
    typer.Option(
        help="Who is responsible.", default_factory=current_user, show_default="your login name", callback=not_blank
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Compute again even if nothing changed.")]
AsJson = Annotated[bool, typer.Option("--json", help='Print the result as one line of JSON too: {"result": {...}}.')]
Source = Annotated[
    Path, typer.Option(help="Folder or zip with the eight Home Credit CSV files, or `kaggle`.", show_default=False)
]
Output = Annotated[Path, typer.Option("--output", help="File to write.", show_default=False)]
Budget = Annotated[
    Literal["quick", "full"] | None,
    typer.Option(
        "--budget",
        help="quick: small models, few treatments of the imbalance; full: larger models, all rows, all treatments.",
        show_default="CREDIT_TRAINING_BUDGET",
    ),
]


def start(**options: Mapping[str, object]) -> Settings:
    """Settings of this run, with logging configured; SettingsError names an invalid variable.

    Args:
        options: of the command line, by group of settings; None where an option was left out.
    """
    given = {
        group: {name: value for name, value in values.items() if value is not None} for group, values in options.items()
    }
    settings = load_settings().with_values(**given)
    configure_logs(settings)
    return settings
