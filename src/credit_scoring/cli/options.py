"""Options that several commands share, and the settings they override."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import typer

from credit_scoring.core.logs import configure_logs
from credit_scoring.core.settings import Settings, load_settings

Force = Annotated[bool, typer.Option("--force", help="Compute again even if nothing changed.")]
Source = Annotated[
    Path, typer.Option(help="Folder or zip with the eight Home Credit CSV files, or `kaggle`.", show_default=False)
]
Output = Annotated[Path, typer.Option("--output", help="File to write.", show_default=False)]
Budget = Annotated[
    Literal["quick", "full"] | None,
    typer.Option(
        "--budget",
        help="Training time: quick (small models, few trials) or full (all rows, larger models, 50 trials).",
        show_default="CREDIT_TRAINING_BUDGET",
    ),
]


def start() -> Settings:
    """Settings of this run, with logging configured; SettingsError names an invalid variable."""
    settings = load_settings()
    configure_logs(settings)
    return settings


def with_overrides(settings: Settings, **groups: Mapping[str, object]) -> Settings:
    """The settings with the command line options that were given, by group; an option left out is None."""
    given = {
        group: {name: value for name, value in options.items() if value is not None}
        for group, options in groups.items()
    }
    return settings.with_values(**given)
