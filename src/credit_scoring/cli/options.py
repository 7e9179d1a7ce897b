"""What all commands share: settings and logs at the start, a summary at the end."""

from collections.abc import Iterable, Mapping
from typing import Annotated

import typer

from credit_scoring.cli.output import print_summary
from credit_scoring.core.logs import configure_logs
from credit_scoring.core.manifest import Manifest
from credit_scoring.core.settings import Settings, load_settings

Force = Annotated[bool, typer.Option("--force", help="Compute again even if nothing changed.")]


def start() -> Settings:
    """Settings of this run, with logs set up; SettingsError names a wrong variable."""
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


def show(settings: Settings, manifests: Iterable[Manifest]) -> None:
    """Run the steps behind an iterable and print the closing summary."""
    print_summary(manifests, settings.data_directory)
