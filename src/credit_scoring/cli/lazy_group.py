"""The list of commands, and a group that imports a command's module when the command runs."""

from importlib import import_module
from typing import Any, NamedTuple

from typer.core import TyperCommand, TyperGroup
from typer.main import get_group


class Entry(NamedTuple):
    """Where a command is.

    Attributes:
        module: module of this package; its ``app`` holds the command, or is the group itself.
        summary: first sentence of the command's own help, shown in the list of commands.
    """

    module: str
    summary: str
    is_group: bool = False


COMMANDS = {
    "pipeline": Entry("pipeline", "Run every step in order, from CSV files to scores and reports."),
    "reports": Entry("reports", "List the reports of the current results."),
    "ingest": Entry("data", "Read the raw CSV files into typed, compressed Parquet buckets."),
    "validate": Entry("data", "Check the ingested tables against their contracts and write the quality report."),
    "features": Entry("features", "Compute features and work with their published versions.", is_group=True),
    "train": Entry("train", "Train and compare all model families, and register the champion."),
    "tune": Entry("train", "Run tuning trials of one family, alongside other workers on the same database."),
    "model": Entry("models", "Registered models: list, promote, roll back.", is_group=True),
    "tracking": Entry("tracking", "Start the MLflow interface on the tracked runs and registered models."),
    "score": Entry("score", "Score all applications or those of a file, or decide on single clients."),
    "explain": Entry("explain", "Report which features drive the model, or explain one decision."),
    "audit": Entry(
        "audit", "Compare decisions by group, report the verdict to the registry, and write the model's documents."
    ),
    "drift": Entry("drift", "Compare new applications with those of the training data."),
    "serve": Entry("serve", "Start the prediction service."),
    "keys": Entry("keys", "Create, list and revoke the API keys of the prediction service.", is_group=True),
    "decisions": Entry("decisions", "Verify, show, replay, export and erase recorded decisions.", is_group=True),
    "synthesize": Entry(
        "synthesize",
        "Write synthetic tables: clients drawn from the published profile of the real ones.",
        is_group=True,
    ),
    "version": Entry("version", "Print the version of this program."),
}


class LazyGroup(TyperGroup):
    """A group that lists all commands without importing them, and imports the one that runs."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = {name: TyperCommand(name, help=entry.summary) for name, entry in COMMANDS.items()}

    def list_commands(self, ctx: Any) -> list[str]:
        """Names of all commands, in the order of declaration."""
        return list(COMMANDS)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Name, command and remaining arguments, with the command imported."""
        name, _, remaining = super().resolve_command(ctx, args)
        return name, load_command(name) if name else None, remaining


def load_command(name: str) -> Any:
    """Import a command or a group of commands."""
    entry = COMMANDS[name]
    group = get_group(import_module(f"credit_scoring.cli.{entry.module}").app)
    return group if entry.is_group else group.commands[name]
