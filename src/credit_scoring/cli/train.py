"""`credit-scoring train` and `tune`: compare model families and register the champion."""

from typing import Annotated

import typer

from credit_scoring.cli.options import AsJson, Budget, Force, start
from credit_scoring.cli.output import print_result, print_summary
from credit_scoring.core.errors import NOTHING_NEW_EXIT_CODE
from credit_scoring.core.manifest import Manifest
from credit_scoring.core.settings import Settings
from credit_scoring.model_registry.aliases import PRODUCTION, STAGING
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.train import step
from credit_scoring.train.tuning import join

app = typer.Typer()


@app.command()
def train(
    force: Force = False,
    budget: Budget = None,
    families: Annotated[
        str | None, typer.Option(help="Model families to train, separated by commas.", show_default="all")
    ] = None,
    trials: Annotated[
        int | None, typer.Option(min=0, max=100_000, help="Number of tuning trials; 0: none.", show_default="50")
    ] = None,
    stage: Annotated[
        bool, typer.Option("--stage/--no-stage", help="Move the alias staging to the registered version.")
    ] = True,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Only check whether the ingested data was trained on: exit code 10 if it was, 0 if not."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Train and compare all model families, and register the champion."""
    settings = start(training={"budget": budget, "families": families}, tuning={"trials": trials})
    if check:
        is_untrained = step.has_untrained_data(settings)
        typer.echo(f"The data ingested last {'awaits a training' if is_untrained else 'was trained on'}.")
        raise typer.Exit(0 if is_untrained else NOTHING_NEW_EXIT_CODE)
    manifest = step.run(settings, force, stage)
    print_summary([manifest], settings.data_directory)
    if as_json:
        print_result(_registered(settings, manifest))


@app.command(name="cross-validate")
def cross_validate(
    family: Annotated[str, typer.Argument(help="Model family.", show_default=False)],
    budget: Budget = None,
    force: Force = False,
) -> None:
    """Cross-validate the candidates of one model family for a later training."""
    settings = start(training={"budget": budget})
    names = step.cross_validate_family(settings, family, force)
    typer.echo(f"Cross-validated: {', '.join(names)}. `credit-scoring train` compares them.")


@app.command()
def tune(
    family: Annotated[str, typer.Option(help="Model family to tune.")] = "lightgbm",
    budget: Budget = None,
    trials: Annotated[
        int | None, typer.Option(min=1, max=100_000, help="Number of trials in total.", show_default="50")
    ] = None,
) -> None:
    """Run tuning trials of one family, alongside other workers on the same database.

    The next training uses them if this family then leads; MLflow shows them in any case.
    """
    settings = start(training={"budget": budget}, tuning={"trials": trials})
    tuning = join(settings, family)
    cost = f"lowest cost per client {tuning.best_cost:.4f}"
    typer.echo(f"Tuning {tuning.name}: {len(tuning.trials)} trials, {cost} with")
    for name, value in (tuning.best or {}).items():
        typer.echo(f"  {name} {value}")


def _registered(settings: Settings, manifest: Manifest) -> dict[str, object]:
    """The version that a training registered, and which versions serve."""
    registry = ModelRegistry(settings)
    number = int(manifest.measures["model_version"])
    serving = {alias: version.number for version in registry.versions() for alias in version.aliases}
    return {
        "model": settings.registry.model_name,
        "model_version": number,
        "trained_at": registry.summary(str(number)).tags["trained_at"],
        "in_staging": serving.get(STAGING),
        "in_production": serving.get(PRODUCTION),
        "unchanged": manifest.reused,
        "measures": {name: value for name, value in manifest.measures.items() if name != "model_version"},
    }
