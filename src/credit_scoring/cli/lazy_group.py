"""The list of commands, and a group that imports a command's module when the command runs."""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

COMMANDS = {  # module of this package, and first sentence of the command's own help
    "bootstrap": ("bootstrap", "Make sure that there is a model to serve: train one if there is none."),
    "pipeline": ("pipeline", "Run every step in order, from CSV files to scores and reports."),
    "reports": ("reports", "List the reports, tables and pictures of the current results."),
    "ingest": ("data", "Read the raw CSV files into typed, compressed Parquet buckets."),
    "validate": ("data", "Check the ingested tables against their contracts and write the quality report."),
    "features": ("features", "Compute features and work with their published versions."),
    "train": ("train", "Train and compare all model families, and register the champion."),
    "cross-validate": (
        "train",
        "Cross-validate the candidates of one model family for a later training.",
    ),
    "tune": ("train", "Run tuning trials of one family, alongside other workers on the same database."),
    "model": ("models", "Registered models: list, stage, promote, roll back."),
    "tracking": ("tracking", "Start the MLflow interface on the tracked runs and registered models."),
    "score": ("score", "Score all applications or those of a file, or decide on single clients."),
    "explain": ("explain", "Report which features drive the model, or explain one decision."),
    "audit": (
        "audit",
        "Compare decisions by group, report the verdict to the registry, and write the model's documents.",
    ),
    "drift": (
        "drift",
        "Compare current applications with those that the model was trained on, and estimate its performance.",
    ),
    "performance": ("drift", "Compare the model's performance in the last comparison with that of its training."),
    "serve": ("serve", "Start the prediction service."),
    "smoke": ("smoke", "Check a running platform: one line for each check, exit code 5 if one fails."),
    "keys": ("keys", "Create, list and revoke the API keys of the prediction service."),
    "database": ("database", "Upgrade and check the schemas of the program's databases."),
    "decisions": ("decisions", "Verify, show, replay, export and erase recorded decisions."),
    "outcomes": ("outcomes", "Import what became of decided applications."),
    "synthesize": ("synthesize", "Write synthetic tables: clients drawn from the published profile of the real ones."),
    "version": ("version", "Print the version of this program."),
}


class LazyGroup(TyperGroup):
    """A group that lists all commands without importing them, and imports the one that runs."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = {name: TyperCommand(name, help=summary) for name, (_, summary) in COMMANDS.items()}

    def list_commands(self, ctx: Any) -> list[str]:
        """Names of all commands, in the order of declaration."""
        return list(COMMANDS)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Name, command and remaining arguments, with the command imported."""
        try:
            " ".join(args).encode()
        except UnicodeEncodeError as error:
            raise typer.BadParameter(f"not UTF-8: {error.object[: error.end][-40:]!r}", ctx) from error
        name, _, remaining = super().resolve_command(ctx, args)
        return name, load_command(name) if name else None, remaining


def load_command(name: str) -> Any:
    """Import a command, or the group of commands that a module's ``app`` is."""
    # Before a library that a command needs is imported.
    import_module("credit_scoring.core.settings").prepare_environment()
    module, _ = COMMANDS[name]
    group = get_group(import_module(f"credit_scoring.cli.{module}").app)
    return group.commands.get(name, group)
